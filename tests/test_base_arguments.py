"""Arguments in FROM: what they name, where the tag is written, and who may give them another value."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot.forge.protocol import FILE, Entry
from dslim.bot.tree import TreeContext
from dslim.context import Context
from rewriter.engine import run
from rewriter.knowledge.unknown import Unknown
from rewriter.model import from_image
from rewriter.model.file import File
from rewriter.rule import Ask
from rewriter.syntax.dockerfile import read
from rewriter.text import apply
from transforms import loaded

END = 'COPY app.py /\nCMD ["python", "/app.py"]\n'


def retagged(text: str, tag: str) -> str | None:
    file = File(read(text))
    image = from_image.named(file, file.stages[-1])
    assert not isinstance(image, Unknown)
    edit = from_image.retagged(file, file.stages[-1], image, tag)
    return None if isinstance(edit, Unknown) else apply(text, [edit])


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("ARG V=1\nFROM a:$V\n", "1-slim", "ARG V=1\nFROM a:$V-slim\n"),
        ("ARG V=1\nARG D=x\nFROM a:${V}-$D\n", "1-slim-x", "ARG V=1\nARG D=x\nFROM a:${V}-slim-$D\n"),
        ("ARG V=1\nARG D=x\nFROM a:${V}-$D\n", "1-x-slim", "ARG V=1\nARG D=x\nFROM a:${V}-$D-slim\n"),
        ("ARG V=1-x\nFROM a:$V\n", "1-slim-x", "ARG V=1-slim-x\nFROM a:$V\n"),
        ("ARG V=1-x\nFROM a:$V\n", "1-x-slim", "ARG V=1-x-slim\nFROM a:$V\n"),
        ("ARG MY_TAG=1\nFROM a:$MY_TAG\n", "1-slim", "ARG MY_TAG=1-slim\nFROM a:$MY_TAG\n"),
        ("ARG B=a\nFROM $B\n", "slim", "ARG B=a:slim\nFROM $B\n"),
        ("ARG R=r/\nFROM ${R}a\n", "slim", "ARG R=r/\nFROM ${R}a:slim\n"),
        ("ARG R=r:5/b\nFROM $R/a:1\n", "1-slim", "ARG R=r:5/b\nFROM $R/a:1-slim\n"),
        ("ARG V=1\nFROM a:${V}-slim\n", "1-alpine", "ARG V=1\nFROM a:${V}-alpine\n"),
        ("ARG V=latest\nFROM a:$V\n", "stable-slim", "ARG V=stable-slim\nFROM a:$V\n"),
        ("FROM a:${V:-1}\n", "1-slim", "FROM a:${V:-1}-slim\n"),
        ("FROM a:${V:-1-x}\n", "1-slim-x", "FROM a:${V:-1-slim-x}\n"),
        ("ARG V=\nFROM a:${V:-1}\n", "1-slim", "ARG V=\nFROM a:${V:-1}-slim\n"),
        ("ARG X=1 V='2' Y=3\nFROM a:$V\n", "2-slim", "ARG X=1 V='2' Y=3\nFROM a:$V-slim\n"),
        ("ARG V=1-x\nFROM a:$V\nARG V\n", "1-slim-x", None),
        ("ARG V=1-x\nFROM a:$V AS b\nFROM a:$V\n", "1-slim-x", None),
        ("ARG V=1-x\nFROM a:$V\n", "2", "ARG V=2\nFROM a:$V\n"),
        ("ARG V=1\nARG D=x\nFROM a:$V-$D\n", "2-y", None),
    ],
)
def test_the_place_that_says_the_tag(text: str, tag: str, expected: str | None) -> None:
    assert retagged(text, tag) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ARG V\nFROM a:$V\n",
        "FROM a:$V\n",
        "ARG V=$W\nFROM a:$V\n",
        "FROM a:${V:+1}\n",
        "FROM a:${V%x}\n",
        'ARG V="1\nFROM a:$V\n',
        "ARG V=$(date)\nFROM a:${V:-1}\n",
        "ARG TARGETARCH\nFROM $TARGETARCH/a:1\n",
        "ARG V=\\$x\nFROM a:$V\n",
    ],
)
def test_what_an_argument_is_may_not_be_known(text: str) -> None:
    file = File(read(text))
    assert isinstance(from_image.named(file, file.stages[-1]), Unknown)


def levels(text: str, context: Context | TreeContext) -> set[str]:
    ask = Ask(context=context, files=context.files, beside=context.beside, building=context.building)
    chosen = tuple(one for one in loaded() if one.name == "base-heavier-than-slim")
    return {each.safety.name for each in run(chosen, text, ask).findings}


NAMED = {
    "compose.yml": "services:\n  a:\n    build:\n      args:\n        - V\n",
    "docker-bake.hcl": 'args = { V = "3.13" }\n',
    ".gitlab-ci.yml": "build:\n  script: docker build --build-arg V=3.8 .\n",
    ".github/workflows/ci.yaml": "        build-args: V=3.8\n",
    "ci/build.sh": 'docker build --build-arg "V=$1" .\n',
    "deploy/image.sh": "docker build --build-arg V=$V .\n",
    "Makefile": "V ?= 3.8\n",
    "Jenkinsfile": "sh 'docker build --build-arg V=3.8 .'\n",
    "README.md": "Build it for another Python with `--build-arg V=3.8`.\n",
    "package.json": '{"scripts": {"image": "docker build --build-arg V=3.8 ."}}\n',
    "skaffold.yaml": "buildArgs:\n  V: '3.8'\n",
    ".env": "V=3.8\n",
    "azure-pipelines.yml": "arguments: --build-arg V=3.8\n",
    "tasks.py": "c.run('docker build --build-arg V=3.8 .')\n",
}
TEXT = f"ARG V=3.12\nFROM python:${{V}}\n{END}"


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("below", ["", "service/app/"])
@pytest.mark.parametrize("ignored", ["", "*.*\n.*\n!app.py\n"])
def test_a_file_that_builds_the_image_may_give_another_value(
    name: str, below: str, ignored: str, tmp_path: Path
) -> None:
    put(tmp_path, {".git/HEAD": "", f"{below}app.py": "print(1)\n", f"{below}.dockerignore": ignored})
    dockerfile = f"{below}Dockerfile"
    assert levels(TEXT, Context(str(tmp_path / below))) == {"REVIEW"}
    put(tmp_path, {name: NAMED[name], dockerfile: TEXT})
    assert levels(TEXT, Context(str(tmp_path / below), str(tmp_path / dockerfile))) == {"SHOW"}
    texts: dict[str, bytes | None] = {
        str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    entries = {path: Entry(path, FILE, "", len(data or b"")) for path, data in texts.items()}
    assert levels(TEXT, TreeContext(dockerfile, entries, texts)) == {"SHOW"}


def test_what_builds_the_image_may_not_be_seen(tmp_path: Path) -> None:
    put(tmp_path, {"app.py": "print(1)\n"})
    assert levels(TEXT, Context(str(tmp_path))) == {"SHOW"}, "no repository"
    put(tmp_path, {".git/HEAD": ""})
    assert levels(TEXT, Context(str(tmp_path))) == {"REVIEW"}
    (tmp_path / "Makefile").symlink_to("/dev/null")
    assert levels(TEXT, Context(str(tmp_path))) == {"SHOW"}, "a link"


def test_what_builds_other_images_is_not_looked_at(tmp_path: Path) -> None:
    put(tmp_path, {".git/HEAD": "", "a/app.py": "print(1)\n", "b/Makefile": "V ?= 3.8\n"})
    assert levels(TEXT, Context(str(tmp_path / "a"))) == {"REVIEW"}
    texts: dict[str, bytes | None] = {name: (tmp_path / name).read_bytes() for name in ("a/app.py", "b/Makefile")}
    entries = {path: Entry(path, FILE, "", len(data or b"")) for path, data in texts.items()}
    assert levels(TEXT, TreeContext("a/Dockerfile", entries, texts)) == {"REVIEW"}
    many = {f"a/{number}.yml": Entry(f"a/{number}.yml", FILE, "", 1) for number in range(300)}
    assert levels(TEXT, TreeContext("a/Dockerfile", {**entries, **many}, texts)) == {"SHOW"}, "too many to fetch"


def test_a_lock_file_builds_nothing(tmp_path: Path) -> None:
    put(tmp_path, {".git/HEAD": "", "app.py": "print(1)\n", "package-lock.json": '{"V": 1}\n'})
    assert levels(TEXT, Context(str(tmp_path))) == {"REVIEW"}
