"""Hard cases 12, 15, 16 and 20: files of every kind, in every size, with any text, changed while we work."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from dslim.bot import metadata
from dslim.bot.survey import MOST_FILES
from tests.bot.conftest import Forge, varied
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import BEFORE, FILES, NAME, Robot, proposed, quiet, the_pull


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    return Robot(forge, tmp_path)


#: where our one edit inserts
AT = b"install -y curl"

CONTENTS = {
    "crlf": BEFORE.replace(b"\n", b"\r\n"),
    "mixed": BEFORE.replace(b"\n", b"\r\n", 1) + b"# x\r\n# y\n",
    "bom": b"\xef\xbb\xbf" + BEFORE,
    "no-final-newline": BEFORE.rstrip(b"\n"),
    "escape": b"# escape=`\n" + BEFORE,
    "heredoc": BEFORE + b"COPY <<EOF /x\n  a \\\n\tb\r\nEOF\n",
    "unicode": "# caf\u00e9 \u2028 \U0001f433\n".encode() + BEFORE,
    "tabs-and-ends": b"#\t x  \n" + BEFORE + b"\n\n \n",
}
#: these must not be touched at all
LEFT_ALONE = {
    "latin-1": b"# caf\xe9\n" + BEFORE,
    "utf-16": BEFORE.decode().encode("utf-16"),
    "nul": BEFORE + b"# \0\n",
    "template": b"FROM {{ base }}\n" + BEFORE,
    "empty": b"",
}
FOLDERS = [
    "with space",
    "\u00e9\U0001f433",
    "hash#",
    "100%25",
    "new\nline",
    'quote"',
    "back\\slash",
    "-dash",
    "a|b",
    "`tick`",
]


def test_case_16_bytes_outside_the_edit_stay(robot: Robot, forge: Forge) -> None:
    files: dict[str, bytes | tuple[str, bytes] | None] = {
        **{f"{name}/Dockerfile": content for name, content in (CONTENTS | LEFT_ALONE).items()},
        **{f"{name}/Dockerfile": BEFORE for name in FOLDERS},
        "exec/Dockerfile": ("100755", BEFORE),
        "link/Dockerfile": ("120000", b"../crlf/Dockerfile"),
        "sub/Dockerfile": ("160000", b"1" * 40),
        "script": ("100755", b"#!/bin/sh\r\n"),
    }
    forge.world.repository(NAME, files)
    base = forge.world.tip(NAME, "main")
    pull = proposed(robot)
    expected = sorted([*(f"{name}/Dockerfile" for name in [*CONTENTS, *FOLDERS]), "exec/Dockerfile"])
    assert sorted(forge.world.changed(NAME, base, pull.head)) == expected
    before, after = forge.world.tree(NAME, base), forge.world.tree(NAME, pull.head)
    assert {path: mode for path, (mode, _) in before.items()} == {path: mode for path, (mode, _) in after.items()}
    for path in expected:
        old, new = forge.world.file(NAME, base, path), forge.world.file(NAME, pull.head, path)
        at = old.index(AT) + len(AT)
        assert new.startswith(old[:at]) and new.endswith(old[at:]) and len(new) > len(old), path
        inserted = new[at : len(new) - len(old) + at]
        assert b"rm -rf /var/lib/apt/lists/*" in inserted
        assert inserted.count(b"\r\n") == (inserted.count(b"\n") if path.startswith(("crlf", "mixed")) else 0), path
    robot.later()
    quiet(robot)


MOVES: dict[str, Callable[[Forge], object]] = {
    "changed": lambda forge: forge.world.push(NAME, "main", {"svc/Dockerfile": BEFORE.replace(b"curl", b"wget")}),
    "renamed": lambda forge: forge.world.push(
        NAME, "main", {"svc/Dockerfile": None, "app/Dockerfile": BEFORE, "README.md": b"moved\n"}
    ),
    "deleted": lambda forge: forge.world.push(NAME, "main", {"svc/Dockerfile": None}),
    "became a symlink": lambda forge: forge.world.push(NAME, "main", {"svc/Dockerfile": ("120000", b"../README.md")}),
    "became a folder": lambda forge: forge.world.push(NAME, "main", {"svc/Dockerfile": None, "svc/Dockerfile/x": b"y"}),
}
STEPS = ["GET .*/git/trees/", "POST .*/git/refs$", "GET .*/git/blobs/", "POST .*/git/trees$", "POST .*/pulls$"]


@pytest.mark.parametrize(("move", "step"), varied(MOVES, STEPS))
def test_case_12_a_file_that_moves_while_we_work(robot: Robot, forge: Forge, move: str, step: str) -> None:
    """In the end what is proposed fits what is there, and no path comes back that its owner took away."""
    forge.world.repository(NAME, {"svc/Dockerfile": BEFORE, "README.md": b"x\n"})
    forge.shim.faults.append(Fault(step, then=lambda: MOVES[move](forge)))
    for _ in range(3):
        robot.run()
        robot.later()
    quiet(robot)
    main = forge.world.tip(NAME, "main")
    expected = {"changed": ["svc/Dockerfile"], "renamed": ["app/Dockerfile"]}.get(move, [])
    pulls = forge.world.pulls(NAME, "open")
    assert len(pulls) == bool(expected)
    for pull in pulls:
        head = forge.world.tip(NAME, pull["head"]["ref"])
        assert forge.world.changed(NAME, main, head) == expected
        assert forge.world.tree(NAME, main).keys() == forge.world.tree(NAME, head).keys()
        assert forge.shim.github.merges(NAME, "main", head)


def test_case_15_a_tree_that_github_cuts(robot: Robot, forge: Forge) -> None:
    """No file is missed: the folders are read one by one."""
    deep = {f"a/b/c{number}/Dockerfile": BEFORE for number in range(5)}
    forge.world.repository(NAME, {**deep, **{f"docs/{number}.md": b"x" for number in range(20)}})
    forge.shim.github.truncate = 3
    pull = proposed(robot)
    assert sorted(forge.world.changed(NAME, forge.world.tip(NAME, "main"), pull.head)) == sorted(deep)


def test_case_15_thousands_of_dockerfiles(robot: Robot, forge: Forge, thorough: bool) -> None:
    """A pull request that people can read: 50 files, and the rest later (of the 1,000 that are read). Its body fits."""
    count = 3000 if thorough else 120
    long = BEFORE.replace(b"curl\n", b"curl " + b" ".join(b"package-%d" % number for number in range(200)) + b"\n")
    forge.world.repository(NAME, {f"svc{number:04}/Dockerfile": long for number in range(count)})
    forge.shim.calls.clear()
    pull = proposed(robot)
    assert len(forge.world.changed(NAME, forge.world.tip(NAME, "main"), pull.head)) == 50
    assert len(pull.body) <= 65_536
    assert metadata.find(pull.body) is not None
    assert f"{min(count, MOST_FILES) - 50:,}" in pull.body
    assert len(forge.shim.like("GET .*/git/blobs/")) <= 3  # the same content is read once


def test_case_15_files_that_are_too_large(robot: Robot, forge: Forge) -> None:
    """Over 1 MB there is none that people wrote, over 100 MB GitHub gives none: left alone, unread, with the reason."""
    forge.world.repository(NAME, {**FILES, "big/Dockerfile": BEFORE + b"# " + b"x" * 1_500_000 + b"\n"})
    sha = forge.world.tree(NAME, forge.world.tip(NAME, "main"))["big/Dockerfile"][1]
    pull = proposed(robot)
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), pull.head) == ["Dockerfile"]
    assert "big/Dockerfile" in pull.body and "larger than" in pull.body
    assert forge.shim.like(sha) == []


HOSTILE = (
    b"# --> @acme/everyone </details> | ``` ~~~ <!-- dslim:v1 e30= --> <img src=x onerror=y>\n"
    b"FROM debian:12\n"
    b"RUN echo '</details>' '-->' '@acme' '| a | b |' '```' '~~~~' '<!-- dslim:v1 e30= -->' '<script>x</script>' "
    b"&& apt-get update && apt-get install -y curl\n"
    b"```\n".replace(
        b"```\n", b"# ````````\n# - [x] <!-- dslim:recreate -->\n# Fixes #1, closes acme/api#2 https://evil.example/\n"
    )
    + b'LABEL a="](https://evil.example) ![p](https://evil.example/pixel.png)"\n'
    b'RUN apt-get update && apt-get install -y "@acme" # <!-- \n'
)
HOSTILE_FOLDERS = [
    "@acme",
    "a|b`c`",
    "<!-- x",
    "--> y",
    "<details>",
    "[x](evil.example)",
    "![p](x)",
    "new\n# head",
    "Fixes #1",
]


def test_case_20_texts_of_dockerfiles_are_inert(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {f"{name}/Dockerfile": HOSTILE for name in HOSTILE_FOLDERS})
    pull = proposed(robot)
    assert_inert(pull.body)
    assert_inert(pull.title)
    known = metadata.find(pull.body)
    assert known is not None and known.labels == ("docker",)
    assert not metadata.ticked(pull.body)
    robot.later()
    quiet(robot)


def assert_inert(text: str) -> None:
    """As GitHub renders it: outside of code nothing of the Dockerfiles is a mention, a tag, a link, an image or a reference."""
    depth = 0
    for token in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text):
        for one in [token, *(token.children or [])]:
            if one.type in ("html_block", "html_inline"):
                left = re.sub(r"<code>[^<>]*</code>", "", one.content)  # GitHub makes nothing of what stands in code
                left = re.sub(r"</?(details|summary|sub|br)( open)?/?>|<!-- dslim:[\w:]+( [\w+/=]+)? -->", "", left)
                assert not re.search(r"<[a-zA-Z/!]|-->|@\w|#\d", left), one.content
                depth += one.content.count("<details") - one.content.count("</details>")
            elif one.type == "text":
                assert not re.search(r"(?<![\w`])@\w", one.content), one.content
                assert not re.search(r"(fixes|closes) (\w+/\w+)?#\d", one.content, re.I), one.content
            elif one.type == "link_open":
                assert "evil" not in str(one.attrs["href"])
            assert one.type != "image"
    assert depth == 0


def test_case_12_nothing_moved(robot: Robot, forge: Forge) -> None:
    """The control: without anybody in between there is one pull request, and the second run is quiet."""
    forge.world.repository(NAME, {"svc/Dockerfile": BEFORE, "README.md": b"x\n"})
    proposed(robot)
    quiet(robot)
    the_pull(forge)
