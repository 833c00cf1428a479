"""``go run`` in CMD or ENTRYPOINT: what it compiles, and the same program compiled when the image is built."""

from __future__ import annotations

import json
import re
from typing import Final

from rewriter import posixpath
from rewriter.model import compose, go_carried, paths, split_callers
from rewriter.model.command import Command
from rewriter.model.file import File, Step
from rewriter.model.go_sources import Sources
from rewriter.model.go_stage import go_stage
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import first_command, starting
from rewriter.model.style import words_of
from rewriter.rule import Ask, Change, Decline, Finding, Safety
from rewriter.text import Edit, Span, newline_of

_PLAIN: Final = re.compile(r"[\w./@%+=:,-]+", re.ASCII)
#: what may stand behind CMD: nothing that is there when it compiles
_LATER: Final = frozenset("LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL".split())
#: where the program goes: a folder in PATH that every image has
_FOLDER: Final = "/usr/local/bin"


def compiled(file: File, ask: Ask) -> Finding | Decline | None:
    """The program built in advance; why not; None where nothing is run so."""
    stage = go_stage(file)
    if not isinstance(stage, Shipped):
        return None
    step = starting(stage)
    command = first_command(step, stage) if step is not None else ""
    if step is None or isinstance(command, str) or command.tool != "go" or command.subcommand != "run":
        return None
    words = [
        word.value if word.value is not None else paths.symbolic(word, stage.end) for word in command.arguments[1:]
    ]
    packages = _packages([word or "" for word in words])
    if command.wrappers or command.simple.redirects or command.simple.assignments or not packages:
        return Decline(step.span, "go run has options that are not modelled")
    late = next((one.name for one in stage.steps if one.index > step.index and one.name not in _LATER), "")
    if late or not stage.end.root:
        why = f"{late} follows" if late else "a user who may not write to /usr/local/bin runs it"
        return Decline(step.span, f"where it would be compiled is not known: {why}")
    workdir = stage.end.workdir or "/"
    folder = posixpath.normpath(posixpath.join(workdir, packages[0]))
    folder = posixpath.dirname(folder) if packages[0].endswith(".go") else folder
    name = (
        posixpath.basename(packages[0]).removesuffix(".go")
        if packages[0].endswith(".go")
        else posixpath.basename(folder)
    )
    program = posixpath.join(_FOLDER, name)
    if not all(_PLAIN.fullmatch(one) for one in (*packages, program)) or name in ("", "go"):
        return Decline(step.span, "what go run compiles is not known")
    build = f"go build -o {program} {' '.join(packages)}"
    started = _started(step, command, program, len(packages), file)
    if started is None:
        return Decline(step.span, "how the program is started cannot be written anew")
    keyword = "run" if step.instruction.keyword.of(file.source).islower() else "RUN"
    above = file.comments_above(step.instruction)
    at = above[0].span.start if above else step.span.start
    edits = (Edit.insert(at, f"{keyword} {build}{newline_of(file.source)}"), started)
    question = _question(stage, ask, folder)
    because = (
        f"line {file.line(step.span.start)} compiles {' '.join(packages)} each time the image starts",
        "the program ends with its own exit code, where go run makes 1 of it",
        *((f"to confirm: {question}",) if question else ()),
    )
    title = f"Compile {' '.join(packages)} when the image is built"
    return Finding(
        step.span, title, Change(edits, adds=words_of(build)), Safety.SHOW if question else Safety.REVIEW, because
    )


def _packages(words: list[str]) -> list[str]:
    """The files, or the package, that go run compiles; none where that is not plain."""
    files: list[str] = []
    for word in words:
        if not word.endswith(".go") or word.startswith("-"):
            break
        files.append(word)
    if files:
        return files
    return words[:1] if words and words[0].startswith((".", "/")) and "..." not in words[0] else []


def _started(step: Step, command: Command, program: str, count: int, file: File) -> Edit | None:
    """The edit of the words ``go run main.go``."""
    source, body = file.source, step.instruction.body
    arguments = step.instruction.args
    if arguments is not None:
        if arguments[:2] != ("go", "run"):
            return None
        rest = ", ".join(json.dumps(one, ensure_ascii=False) for one in (program, *arguments[2 + count :]))
        return Edit(Span(body.source(0), body.source(len(body.text) - 1) + 1), f"[{rest}]")
    first, last = command.simple.words[command.head], command.arguments[count]
    text = body.text[first.start : last.end]
    start, end = body.source(first.start), body.source(last.end - 1) + 1
    return Edit(Span(start, end), program) if source[start:end] == text else None


def _question(stage: Shipped, ask: Ask, folder: str) -> str:
    """What a person must confirm, or ""."""
    seen = ask.files()
    question = "are the sources in the image those that run, and not mounted over at run time?"
    if seen is None:
        return question
    brought = go_carried.brought(stage, list(stage.steps), ask, seen)
    if brought.why or not Sources(brought.files, ask).is_main(folder):
        return question
    around = split_callers.around(seen, ask)
    mounting = next((path for path, text in around if compose.composed(path) and "volumes" in text), "")
    return f"does {mounting} mount the sources at run time?" if mounting else ""
