"""What the engine asks of stages that get names, or go; and what no fixture can say of the three transforms about stages."""

from __future__ import annotations

import pytest

from rewriter import checks
from rewriter.engine import run
from rewriter.model.file import File
from rewriter.rule import Ask, Change, Safety, Settings, Stages
from rewriter.syntax.dockerfile import read
from transforms import loaded

BEFORE = """ARG BASE=alpine:3.20
FROM debian:12
FROM golang:1.22
WORKDIR /src
RUN go build -o /server .
FROM node:20 AS web
RUN npm run build
FROM $BASE
COPY --from=1 /server /
COPY --from=web --chown=1 /dist /dist
RUN --mount=type=bind,from=1,source=/src,target=/src cp /src/zones /
"""
TOUCHES = frozenset("FROM COPY RUN ARG WORKDIR".split())


def difference(after: str, told: Stages | None, before: str = BEFORE) -> str:
    """What the engine says of the step; every kind of instruction may be touched, so that only these checks speak."""
    return checks.difference(File(read(before)), File(read(after)), TOUCHES, [Change(stages=told)])


NAMES = Stages(names=((1, "build"),))
NAMED = BEFORE.replace("golang:1.22", "golang:1.22 AS build").replace("from=1", "from=build")


def test_a_name_that_is_declared_is_allowed() -> None:
    assert not difference(NAMED, NAMES)
    assert not difference(NAMED.replace("AS build", "AS Build"), Stages(names=((1, "Build"),)))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("AS build", "AS other", "the stages would not be those that are declared"),
        ("FROM golang:1.22 AS build", "FROM golang:1.23 AS build", "the stages would not be those"),
        ("FROM debian:12", "FROM debian:12 AS first", "the stages would not be those"),
        ("FROM debian:12\n", "", "the stages would not be those"),
        ("FROM node:20 AS web", "FROM --platform=linux/arm64 node:20 AS web", "an instruction of stage 2 would differ"),
        ("from=build /server", "from=web /server", "stage 3 would take from another stage"),
        ("from=build /server", "from=0 /server", "stage 3 would take from another stage"),
        ("from=build /server", "from=nginx /server", "an instruction of stage 3 would differ"),
        ("from=build,source=/src", "from=web,source=/src", "stage 3 would take from another stage"),
        ("from=build,source=/src", "from=build,source=/", "an instruction of stage 3 would differ"),
        ("--chown=1 ", "--chown=2 ", "an instruction of stage 3 would differ"),
        ("/server /\n", "/server /srv/\n", "an instruction of stage 3 would differ"),
        ("WORKDIR /src\n", "", "an instruction of stage 1 would differ"),
        ("ARG BASE=alpine:3.20", "ARG BASE=alpine:3.21", "a global ARG would differ"),
    ],
)
def test_what_a_name_must_not_do(old: str, new: str, why: str) -> None:
    assert old in NAMED
    assert why in difference(NAMED.replace(old, new), NAMES)


def test_a_stage_keeps_the_name_that_it_has() -> None:
    after = BEFORE.replace("AS web", "AS pages").replace("from=web", "from=pages")
    assert difference(after, Stages(names=((2, "pages"),))) == "the stage web would lose its name"


def test_a_name_must_not_be_that_of_an_image() -> None:
    before = "FROM golang:1.22\nRUN go build -o /server .\nFROM build\nCOPY --from=0 /server /\n"
    after = "FROM golang:1.22 AS build\nRUN go build -o /server .\nFROM build\nCOPY --from=build /server /\n"
    assert "stage 1 would take from another stage" in difference(after, Stages(names=((0, "build"),)), before)


GONE = Stages(gone=(0,))
LEFT = BEFORE.replace("FROM debian:12\n", "").replace("from=1", "from=0")


def test_a_stage_that_is_declared_to_go_may_go() -> None:
    assert not difference(LEFT, GONE)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("from=0 /server", "from=1 /server", "stage 3 would take from another stage"),
        ("from=0,source", "from=1,source", "stage 3 would take from another stage"),
        ("go build -o /server .", "go build -o /other .", "an instruction of stage 1 would differ"),
        ("FROM node:20 AS web\nRUN npm run build\n", "", "the stages would not be those"),
    ],
)
def test_what_must_stay_when_a_stage_goes(old: str, new: str, why: str) -> None:
    assert old in LEFT
    assert why in difference(LEFT.replace(old, new), GONE)


def test_a_stage_that_is_used_does_not_go() -> None:
    after = BEFORE.replace("FROM node:20 AS web\nRUN npm run build\n", "")
    assert "an instruction of stage 3 would differ" in difference(after, Stages(gone=(2,)))


def test_words_of_a_stage_that_goes_are_lost() -> None:
    before = "FROM debian:12\nRUN make check\nFROM alpine:3.20\nRUN make\n"
    assert "the shell word 'check' would be lost" in difference("FROM alpine:3.20\nRUN make\n", GONE, before)


def test_without_a_declaration_no_stage_gets_a_name_or_goes() -> None:
    kinds = TOUCHES - {"FROM"}
    for after in (NAMED, LEFT):
        assert checks.difference(File(read(BEFORE)), File(read(after)), kinds, [Change()]) == "the stages would differ"


def facts(name: str, text: str, files: dict[str, str] | None = None) -> list[str]:
    """What one transform says of its only proposal."""
    ask = Ask(Settings(Safety.SHOW))
    if files is not None:
        ask = ask._replace(context=files.get, files=lambda: tuple(sorted(files)), building=lambda: tuple(files.items()))
    report = run(tuple(one for one in loaded() if one.name == name), text, ask)
    assert not report.crashed
    (found,) = report.findings
    return list(found.because)


TREE = """FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN go build -o server .
FROM alpine:3.20
COPY --from=build /src /app
CMD ["/app/server"]
"""
SOURCES = {"main.go": 'package main\n\nfunc main() { println("on") }\n', "go.mod": "module example.com/server\n"}
STARTER = {"main.go": 'package main\n\nimport "os/exec"\n\nfunc main() { exec.Command("./page").Run() }\n', "page": ""}
READER = {
    "main.go": 'package main\n\nimport "os"\n\nfunc main() { os.ReadFile(os.Args[1]) }\n',
    "go.mod": SOURCES["go.mod"],
}


@pytest.mark.parametrize(
    ("files", "asked"),
    [(None, 1), (SOURCES, 0), ({**SOURCES, "page.html": ""}, 0), (READER, 0), ({**READER, "README.md": ""}, 1)],
)
def test_a_tree_is_asked_about_where_something_may_be_read(files: dict[str, str] | None, asked: int) -> None:
    assert sum(one.startswith("to confirm") for one in facts("whole-tree-copied", TREE, files)) == asked


def test_a_number_that_no_machine_holds_is_no_stage() -> None:
    text = f"FROM a\nRUN b\nFROM c\nCOPY --from={'9' * 5000} /d /\nCOPY --from=0 /e /\n"
    assert facts("stage-named-by-number", text)


def test_who_builds_by_a_target_is_asked_where_a_file_cannot_be_read() -> None:
    text = "FROM debian:12 AS fetch\nFROM alpine:3.20\nRUN a\n"
    assert sum("--target" in one for one in facts("stage-without-use", text)) == 1
    assert not any("--target" in one for one in facts("stage-without-use", text, {"Makefile": "all:\n\ttrue\n"}))


def test_what_a_program_starts_lies_in_the_tree() -> None:
    ask = Ask(Settings(Safety.SHOW), STARTER.get, lambda: tuple(sorted(STARTER)))
    report = run(tuple(one for one in loaded() if one.name == "whole-tree-copied"), TREE, ask)
    assert [one.why for one in report.declined] == [
        "it copies the whole of /src: /src/page lies among the sources, which it may read (os/exec)"
    ]


def test_a_command_that_is_not_known_may_leave_files() -> None:
    text = TREE.replace("RUN go", "RUN assets --all && go")
    assert any("to confirm" in one for one in facts("whole-tree-copied", text, SOURCES))
