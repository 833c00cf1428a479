"""What an image with Go in it is for: one to develop, test or build with keeps Go, whatever it weighs.

It is one when it starts no program of its own; a shell, or something that only keeps it alive; or the toolchain: go itself,
make, a dependency manager, a watcher, a test runner. ``go run`` is none of these: see go-run-at-start. An image whose program
is not Go's, and no script that may start one, has Go as one tool of several.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import golang, languages
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.file import Step
from rewriter.model.go_text import last_part
from rewriter.model.run import Run
from rewriter.model.split_purpose import KEPT
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import first_command, starting
from rewriter.syntax.script import Word

#: the beginning of what is said about an image whose program is not Go's
OTHER: Final = "Go is one tool of several"
_SHELLS: Final = frozenset("sh bash ash dash zsh".split())


class Purpose(NamedTuple):
    """Why an image keeps Go, and the step that says so."""

    step: Step
    why: str


def purpose(stage: Shipped) -> Purpose | None:
    """Why the image keeps Go; None when it may be one that runs a program of Go's."""
    step = starting(stage)
    if step is None:
        return Purpose(stage.stage.steps[0], f"{KEPT}: it has no CMD or ENTRYPOINT")
    command = first_command(step, stage)
    if isinstance(command, str):
        return None
    tool, words = command.tool, [word.raw for word in command.arguments]
    if tool in _SHELLS and all(word in ("-l", "-i", "-li", "-il", "--login") for word in words):
        return Purpose(step, f"{KEPT}: it starts {tool}")
    if tool in languages.names("every", "idle"):
        return Purpose(step, f"{KEPT}: it starts {tool}, and no program")
    if tool == "go" and command.subcommand != "run":
        return Purpose(step, f"{KEPT}: it starts {f'go {command.subcommand}'.strip()}")
    if tool in golang.names("commands", "toolchain") - {"go"}:
        return Purpose(step, f"{KEPT}: it starts {tool}, which calls the toolchain")
    handed = _handed(step, stage)
    if handed:
        return Purpose(step, f"{KEPT}: it hands {handed} to what it starts")
    names = {name for run in stage.runs.values() for name in _names(run)}
    if not names and any(flag.name == "from" for one in stage.steps for flag in one.instruction.flags):
        return Purpose(step, f"{OTHER}: another stage builds what it starts, and a base without Go may do")
    if not names:
        return Purpose(step, f"{OTHER}: no RUN builds a program with it")
    if tool in ("go-wrapper", "") or tool in _SHELLS or "*" in names or tool in names or _script(tool, stage):
        return None
    return Purpose(step, f"{OTHER}: it starts {tool}, which no RUN builds with it")


def _script(tool: str, stage: Shipped) -> bool:
    """True for what may be a script of the author's: by its name, or since a COPY or a RUN names it."""
    words = (
        word for one in stage.steps if one.name in ("COPY", "ADD", "RUN") for word in one.instruction.body.text.split()
    )
    return bool(tool) and (
        tool.endswith(".sh") or any(posixpath.basename(word.strip("\"',[];")) == tool for word in words)
    )


def _names(run: Run) -> Iterator[str]:
    """The names of what a RUN may build; ``*`` where it cannot be read."""
    if run.script is None and run.form != "exec":
        yield "*"
    for command in run.commands:
        yield from _made(command, run)


def _made(command: Command, run: Run) -> Iterator[str]:
    """The names of the programs that a command may build or put elsewhere, ``*`` for one whose name is not known."""
    head = command.simple.words[command.head].raw if command.head < len(command.simple.words) else ""
    if command.tool in golang.names("commands", "driving") or command.tool.endswith(".sh") or "/" in head:
        yield "*"  # it may build anything
    if command.tool in ("cp", "mv", "ln", "install"):
        yield from (posixpath.basename(paths.symbolic(word, run.state) or "") for word in command.operands)
    if command.tool != "go" or command.subcommand not in ("build", "install", "get"):
        return
    if any(word.value == "-d" for word in command.arguments):
        return
    output = command.option("-o")
    if output is not None and not isinstance(output, str):
        name = paths.symbolic(output, run.state)
        yield (
            "*" if name is None or "$" in name else posixpath.basename(name)
        )  # or a folder, with the package's name in it
    packages = [paths.symbolic(word, run.state) or "..." for word in _packages(command)]
    if not packages:
        yield "*"
    for one in packages:
        yield (
            "*" if one.startswith(".") or one.endswith("...") else last_part(one.partition("@")[0]).removesuffix(".go")
        )


def _handed(entry: Step, stage: Shipped) -> str:
    """The tool of the toolchain that CMD hands to an ENTRYPOINT, or that stands behind ``--``, which starts it; or ""."""
    command = next((step for step in reversed(stage.steps) if step.name == "CMD"), None)
    words = command.instruction.args if command is not None and entry.name == "ENTRYPOINT" else None
    handed = list(words or ())[:1]
    for step in (entry, command):
        words = (step.instruction.args if step is not None else None) or ()
        handed += [after for mark, after in itertools.pairwise(words) if mark == "--"]
    return next((one for one in handed if one in golang.names("commands", "toolchain")), "")


def _packages(command: Command) -> Iterator[Word]:
    """The words behind the subcommand that are neither options nor their values."""
    words = iter(command.arguments[1:])
    for word in words:
        if not word.raw.startswith("-"):
            yield word
        elif word.value in golang.names("commands", "values"):
            next(words, None)
