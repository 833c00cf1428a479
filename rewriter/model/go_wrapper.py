"""go-wrapper, a script of golang's images before Go 1.10: it calls ``go get -v -d``, ``go install -v``, or the program.

Where the package in the working directory has an import comment, or a file ``.godir`` lies there, it works on the package that
these name, and starts the program of that name; else on the package itself, whose program has the name of the folder.

Source: https://github.com/docker-library/golang/pull/205, and the script as images had it from 1.4 on.
"""

from __future__ import annotations

import json
import re
from typing import Final

from rewriter import posixpath
from rewriter.model import go_carried, go_stage
from rewriter.model.command import Command, command_of
from rewriter.model.file import File
from rewriter.model.go_sources import Sources
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import first_command, starting
from rewriter.rule import Ask, Change, Decline, Finding, Safety
from rewriter.syntax.script import Simple, Word
from rewriter.text import Edit, Span

_PLAIN: Final = re.compile(r"[\w.-]+", re.ASCII)
_COMMENT: Final = re.compile(r"^package\s+\w+\s*(?://|/\*)\s*import\s+\"", re.MULTILINE)


def missing(version: tuple[int, ...] | None) -> str:
    """Why an image of this version has no go-wrapper, or ""."""
    if version is not None and len(version) > 1 and version < (1, 10):
        return ""
    return "golang's images have no go-wrapper since Go 1.10: it does not build any more"


def called(command: Command) -> Command | None:
    """The call of go behind ``go-wrapper download`` and ``go-wrapper install``; None for another one."""
    verbs = {"download": ("get", "-d"), "install": ("install",)}
    given = command.arguments[0].value if command.arguments else None
    if given not in verbs or command.wrappers:
        return None
    head = tuple(Word(0, 0, text, text) for text in ("go", *verbs[given]))
    simple = command.simple
    words = Simple(simple.start, simple.end, simple.assignments, head + command.arguments[1:], simple.redirects)
    return command_of(words, command.place, command.cwd, False)


def another_name(folder: str, sources: Sources) -> str:
    """What gives the package in ``folder`` another name than that of the folder, or ""."""
    if sources.text(posixpath.join(folder, ".godir")) is not None:
        return ".godir"
    texts = (
        sources.text(posixpath.join(folder, name)) or "" for name in sources.beside(folder) if name.endswith(".go")
    )
    return "an import comment" if any(_COMMENT.search(text) for text in texts) else ""


def unwrapped(file: File, ask: Ask) -> Finding | Decline | None:
    """The program in the place of ``go-wrapper run``; why not; None where an image does not start through it."""
    stage = go_stage.go_stage(file)
    step = starting(stage) if isinstance(stage, Shipped) and stage.toolchain is None else None
    if not isinstance(stage, Shipped) or step is None or any(one.name == "ONBUILD" for one in stage.steps):
        return None  # with triggers another build makes the program
    arguments = step.instruction.args or ()
    command = first_command(step, stage)
    if isinstance(command, str) or command.tool != "go-wrapper":
        return None
    name = posixpath.basename(stage.end.workdir or "")
    if arguments[:2] != ("go-wrapper", "run") or not _PLAIN.fullmatch(name):
        return Decline(step.span, "how go-wrapper is called is not modelled")
    why = missing(go_stage.version(stage))
    question = f"has the package in {stage.end.workdir} an import comment or a .godir? Then the program has their name"
    seen = ask.files()
    if seen is not None and not why:
        brought = go_carried.brought(stage, list(stage.steps), ask, seen)
        sources = Sources(brought.files, ask)
        if not brought.why and sources.is_main(stage.end.workdir or "/"):
            other = another_name(stage.end.workdir or "/", sources)
            why, question = f"{other} gives the program another name" if other else "", ""
    if why:
        return Decline(step.span, why)
    rest = ", ".join(json.dumps(one, ensure_ascii=False) for one in (name, *arguments[2:]))
    body = step.instruction.body
    edit = Edit(Span(body.source(0), body.source(body.text.index("]")) + 1), f"[{rest}]")
    because = (
        f"line {file.line(step.span.start)} starts go-wrapper, which asks go for the program's name and starts {name}",
        *((f"to confirm: {question}",) if question else ()),
    )
    level = Safety.SHOW if question else Safety.REVIEW
    return Finding(step.span, f"Start {name} itself, not through go-wrapper", Change((edit,)), level, because)
