"""What of a copied tree a program may read when it runs, beside itself: by the builds of the stage, and by the final stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import effects, go_carried, go_reading, paths, split_callers, split_folders
from rewriter.model.command import Command
from rewriter.model.copied import Copied, copied
from rewriter.model.go_carried import Brought
from rewriter.model.go_sources import Sources
from rewriter.model.run import Run
from rewriter.model.split_stage import Shipped
from rewriter.model.tree_built import Build, Fact
from rewriter.rule import Ask

#: what may stand in a RUN behind the copy: it reads nothing of the tree but what its words name
_QUIET: Final = frozenset(
    "chmod chown chgrp mkdir ln echo apk apt-get apt yum dnf microdnf adduser addgroup useradd groupadd usermod set cd true "
    "export update-ca-certificates rm touch test [ :".split()
)
_WORDS: Final = re.compile(r"[\s=,:;\"'\[\]]+")
_FILE: Final = re.compile(r"\.[A-Za-z]\w{0,9}$", re.ASCII)


class Brings(NamedTuple):
    """What COPY and ADD bring to the stage that builds; ``sources`` are those of Go, None while they are not seen."""

    ask: Ask
    brought: Brought
    sources: Sources | None


def brings(origin: Shipped, build: Build, ask: Ask) -> Brings:
    """What the stage gets from the build context, for a build with Go."""
    if build.language != "go":
        return Brings(ask, Brought({}, [], []), None)
    seen = ask.files()
    brought = go_carried.brought(origin, list(origin.steps), ask, seen)
    known = seen is not None and not brought.why
    return Brings(ask, brought, Sources(brought.files, ask, go_reading.outside(origin)) if known else None)


def among_sources(origin: Shipped, folder: str, program: str, fact: Fact, brings: Brings) -> str | None:
    """What lies in the folder beside sources, and may be read, as the reason of a decline; "" where nothing does; None where that
    is not known."""
    line = origin.file.line
    for step in origin.steps:
        if step.name in ("COPY", "ADD"):
            copy = copied(origin.file, step, brings.ask)
            if copy.flag("from") is not None and copy.target and paths.inside(copy.target, folder):
                return (
                    f"line {line(step.span.start)} brings files of another stage among the sources, which it may read"
                )
    for run in origin.runs.values():
        for one in effects.of(run).makes:
            wanted = one.kind == "directory" and (paths.inside(folder, one.path) or paths.inside(program, one.path))
            if not wanted and one.path != program and paths.inside(one.path, folder):
                return f"line {line(run.span.start)} puts {one.path} among the sources, which it may read or write to"
    brought, sources = brings.brought, brings.sources
    if sources is None:
        named = next((one for one in brought.named if paths.inside(one, folder)), "")
        return f"{named} is brought among the sources, which it may read" if named else None
    own = {path: source for path, source in brought.files.items() if paths.inside(path, folder)}
    asked = "it is not seen what it opens"
    if fact.program is not None and fact.program.folder:
        compiled = sources.program([fact.program.folder], origin.end.environment.get("GOPATH") or "")
        starts = "os/exec" if "os/exec" in compiled.imports else ""
        asked = compiled.access.unnamed or min(compiled.access.files, default="") or starts
    followed = all(run.readable and run.commands for run in origin.runs.values()) and all(
        command.tool in _QUIET or command.tool == "go" for run in origin.runs.values() for command in run.commands
    )
    if followed and (not asked or all(path.endswith((".go", "/go.mod", "/go.sum")) for path in own)):
        return ""
    data = min((path for path, source in own.items() if not golang.only_for_the_build(source)), default="")
    return f"{data} lies among the sources, which it may read ({asked})" if data else None


def elsewhere(last: Shipped, copy: Copied, program: str) -> str:
    """What the final stage does with the tree that ``copy`` brings beside starting the program, or ""."""
    line, target, behind = last.file.line, copy.target, copy.step.index
    for step in last.steps:
        where = f"line {line(step.span.start)}"
        if step.name == "ONBUILD":
            return f"{where}: what a build that starts from the image needs of it is not known"
        if step.name in ("COPY", "ADD"):
            other = copied(last.file, step, copy.ask).target
            if step.index > behind and (not other or "$" in other or paths.inside(program, other)):
                return f"{where} may bring {program} itself: is anything else of it needed?"
        elif step.name == "RUN" and step.index > behind:
            why = _by_run(last.runs[step.index], target, program)
            if why:
                return f"{where} {why}"
        elif step.name in ("ENV", "VOLUME", "WORKDIR", "HEALTHCHECK"):
            text, workdir = step.instruction.body.text, step.state.workdir or "/"
            text = posixpath.join(workdir, text) if step.name == "WORKDIR" else text
            named = next((one for one in _named(text, workdir, target) if one not in (target, program)), "")
            if named:
                return f"{where} names {named}"
    return ""


def _named(text: str, workdir: str, target: str) -> Iterator[str]:
    """The paths of a text that lie in the tree."""
    for word in _WORDS.split(text):
        path = posixpath.normpath(posixpath.join(workdir, word)) if word.startswith(("./", "/")) else ""
        if path and paths.inside(path, target) and not split_folders.system(path):
            yield path


def _by_run(run: Run, target: str, program: str) -> str:
    if not run.readable:
        return "cannot be read"
    for command in run.commands:
        for path in _paths(command, run):
            inside = paths.inside(path, target) and path not in (target, program) and not split_folders.system(path)
            if inside and command.tool != "mkdir":
                return f"names {path}"
        there = target != "/" and paths.inside(command.cwd or run.state.workdir or "/", target)
        if command.tool not in _QUIET and there:
            return f"runs {command.tool or 'a command'} in {target}"
    return ""


def _paths(command: Command, run: Run) -> Iterator[str]:
    """The paths that a command names, itself among them."""
    named = [word for word in command.simple.words if "/" in (word.value or word.raw)]
    if command.tool in ("chmod", "chown", "chgrp"):
        named += command.operands[1:]  # behind a mode or an owner
    elif command.tool in ("ln", "rm", "touch"):
        named += command.operands
    for word in named:
        path = paths.literal(word, command, run.state)
        if path is not None:
            yield path.rstrip("/") or "/"


def handed(words: list[str], target: str) -> str:
    """The first of the words behind the program that may name a file of the tree, or ""."""
    for word in (part for one in words for part in _WORDS.split(one)):
        inside = paths.inside(word, target) and not split_folders.system(word) if word.startswith("/") else "/" in word
        if inside or ("$" not in word and _FILE.search(word)):
            return word
    return ""


def around(ask: Ask, target: str, program: str) -> list[str]:
    """What a person must confirm of files that start containers: one of them names another file of the tree."""
    seen = ask.files()
    for path, text in () if seen is None or target == "/" else split_callers.around(seen, ask):
        if posixpath.basename(path) == "Dockerfile":
            continue
        named = next((one for one in _named(text, "/", target) if one not in (target, program)), "")
        if named:
            return [f"does {path} mean {named} in a container of this image? It is not there then"]
    return []
