"""Following a RUN, command by command: what each leaves that the program may need."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model import effects, go_called, go_make, go_packages, go_users, go_written, paths
from rewriter.model.command import Command, command_of
from rewriter.model.effect import Effect
from rewriter.model.go_build import Built
from rewriter.model.go_sources import Sources
from rewriter.model.go_traces import Traces
from rewriter.model.run import Run


class Refused(NamedTuple):
    """Why a RUN cannot be judged; completes "left alone, because ..."."""

    why: str


def follow(run: Run, traces: Traces, sources: Sources | None) -> Refused | None:
    """Add what the RUN leaves to ``traces``."""
    if run.script is None and run.form != "exec":
        return Refused("its script cannot be read")
    each = {id(effect.command.simple): effect for effect in effects.of(run).each}
    lists = go_written.of_lists(run, traces)
    if lists:
        return Refused(lists)
    for command in run.commands:
        effect = each.get(id(command.simple))
        why = go_written.redirects(run, command, traces) or go_called.variables(run, command, sources)
        there, moved = (run, command) if command.tool == "make" else _there(run, command, effect)
        why = why or _command(there, moved, traces, sources, effect)
        if why:
            return Refused(why)
    return None


def _there(run: Run, command: Command, effect: Effect | None) -> tuple[Run, Command]:
    """The RUN and the command with the variables and the folder that the script has set up to there."""
    if effect is None or (effect.state == run.state and command.cwd is not None):
        return run, command
    cwd = effect.cwd if effect.cwd is not None and effect.cwd.startswith("/") and "$" not in effect.cwd else command.cwd
    moved = command_of(command.simple, command.place, cwd, command.editable)
    if effect.state == run.state:
        return run, moved
    return Run(run.instruction, run.index, effect.state, run.stage, run.file), moved


def _command(run: Run, command: Command, traces: Traces, sources: Sources | None, effect: Effect | None) -> str:
    tool = command.tool
    if not tool and command.simple.words:
        tool = _named(run, command)
    if not tool:
        return "" if command.simple.assignments and not command.simple.words else "a command is only known when it runs"
    if tool == "go":
        return go_called.go(run, command, traces, sources)
    if tool == "go-wrapper":
        return go_called.wrapper(run, command, traces, sources)
    if tool == "godep" and [word.value for word in command.arguments[:1]] == ["go"]:
        return go_called.go(run, go_called.without(command, 1), traces, sources)
    if tool in golang.names("commands", "builders"):
        return ""
    if tool in golang.names("commands", "generators"):
        traces.generated = True
        return ""
    if tool == "git":
        traces.cloned = traces.cloned or command.subcommand not in golang.names("commands", "git")
        return ""
    if tool in ("curl", "wget", "sh", "bash") and _installer(run, command):
        return ""
    if tool in ("apt-get", "apt", "apk"):
        return go_packages.installed(run, command, traces)
    if tool == "make":
        return _make(run, command, traces, sources)
    if tool == "mkdir":
        for word in command.operands:
            traces.wrote(paths.literal(word, command, run.state) or "")
        return traces.folders.mkdir(run, command)
    if tool in go_users.TOOLS:
        return traces.users.add(command)
    names = {posixpath.basename(one.path) for one in traces.programs}
    if traces.blind and (tool in names or ("*" in names and tool == traces.starts)):
        traces.asks.append(f"does it read files that {tool} leaves when it runs in the build?")
        return ""
    if tool in ("chown", "chgrp", "chmod"):
        return traces.folders.give(run, command)
    if tool == "rm":
        return go_written.deletes(run, command, traces)
    if tool in ("cp", "mv") and go_written.moved(run, command, traces):
        return ""
    return go_written.files(tool, command, traces, effect)


def _named(run: Run, command: Command) -> str:
    """The tool whose path has variables of known value, or ""."""
    name = (
        paths.symbolic(command.simple.words[command.head], run.state)
        if command.head < len(command.simple.words)
        else None
    )
    return posixpath.basename(name) if name and "$" not in name else ""


def _make(run: Run, command: Command, traces: Traces, sources: Sources | None) -> str:
    """What a simple Makefile of the context does."""
    if sources is None:
        cgo = run.state.environment.get("CGO_ENABLED") or ""
        traces.unseen = Built("", "", run, command, cgo)
        return ""
    if command.cwd is None or command.options or command.environment:
        return "it runs make, and what its Makefile does is not seen"
    text = next(
        (one for name in ("GNUmakefile", "makefile", "Makefile") if (one := sources.text(f"{command.cwd}/{name}"))), ""
    )
    words = [word.value for word in command.arguments]
    if not text or None in words:
        return "it runs make, and what its Makefile does is not seen"
    given = dict(word.split("=", 1) for word in words if word and "=" in word)
    targets = [word for word in words if word and "=" not in word]
    found = go_make.commands(text, targets, given, sources.beside(command.cwd), command.cwd, run.state.environment)
    if isinstance(found, str):
        return f"it runs make: {found}"
    steps = (go_written.redirects(run, one, traces) or _command(run, one, traces, sources, None) for one in found)
    return next((why for why in steps if why), "")


def _installer(run: Run, command: Command) -> bool:
    """True for fetching a tool that a build uses, and for the shell that runs its installer."""
    if command.tool in ("sh", "bash"):
        fetched = [one for one in run.commands if one.tool in ("curl", "wget")]
        alone = not [word for word in command.arguments if word.raw not in ("-", "-s", "--")]
        return alone and command.place.piped and bool(fetched) and all(_installer(run, one) for one in fetched)
    text = " ".join(word.raw for word in command.arguments)
    target = command.option("-o", "-O", "--output", "--output-document")
    path = target if isinstance(target, str) or target is None else target.value
    known = any(one in text for one in golang.listed("commands", "installers"))
    return known and (path is None or posixpath.basename(path) in golang.names("commands", "builders") or path == "-")
