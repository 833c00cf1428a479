"""Following a RUN, command by command: what each leaves that a program may need, whatever is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rewriter import posixpath
from rewriter.model import effects, paths, split_packages, split_users, split_written
from rewriter.model.command import Command, command_of
from rewriter.model.effect import Effect
from rewriter.model.run import Run, nested_script
from rewriter.model.split_traces import Traces
from rewriter.model.walk import parts
from rewriter.syntax.script import Function, Simple

#: What the commands of a language leave: given the RUN and the command with the variables and the folder in force there, and the
#: tool. None for a command of another, "" for one that is followed, else why it cannot be.
Own = Callable[[Run, Command, str, Effect | None], str | None]


class Refused(NamedTuple):
    """Why a RUN cannot be judged; completes "left alone, because ..."."""

    why: str


def follow(run: Run, traces: Traces, before: Callable[[Command], str], own: Own) -> Refused | None:
    """Add what the RUN leaves to ``traces``. ``before`` says what stands against a command whatever it does, or ""; ``own``
    follows those of the language."""
    if run.script is None and run.form != "exec":
        return Refused("its script cannot be read")
    each = {id(effect.command.simple): effect for effect in effects.of(run).each}
    lists = split_written.of_lists(run, traces)
    if lists:
        return Refused(lists)
    listed = {id(command.simple) for command in run.commands}
    for command in run.commands:
        effect = each.get(id(command.simple))
        why = split_written.redirects(run, command, traces) or before(command)
        inside = _script(command, listed)
        if inside == "" and not why:
            continue
        there, moved = (run, command) if command.tool == "make" else _there(run, command, effect)
        why = why or inside or leaves(there, moved, traces, effect, own)
        if why:
            return Refused(why)
    return None


def _script(command: Command, listed: set[int]) -> str | None:
    """Why the script of a ``bash -c "..."`` cannot be followed; "" where its commands are ``listed`` with the others, None for
    another command."""
    script = nested_script(command) if command.tool != "su" else None
    if script is None:
        return None
    for node, _ in parts(script.body):
        if not isinstance(node, (Simple, Function)) and node.redirects:
            return "it writes a file, which the program may read"
        if isinstance(node, Simple) and id(node) not in listed:
            return f"the script that {command.tool} runs is not followed so deep"
    return ""


def _there(run: Run, command: Command, effect: Effect | None) -> tuple[Run, Command]:
    """The RUN and the command with the variables and the folder that the script has set up to there."""
    if effect is None or (effect.state == run.state and command.cwd is not None):
        return run, command
    cwd = effect.cwd if effect.cwd is not None and effect.cwd.startswith("/") and "$" not in effect.cwd else command.cwd
    moved = command_of(command.simple, command.place, cwd, command.editable)
    if effect.state == run.state:
        return run, moved
    return Run(run.instruction, run.index, effect.state, run.stage, run.file), moved


def leaves(run: Run, command: Command, traces: Traces, effect: Effect | None, own: Own) -> str:
    """What one command leaves; why that is not known, or ""."""
    tool = command.tool
    if not tool and command.simple.words:
        tool = _named(run, command)
    if not tool:
        return "" if command.simple.assignments and not command.simple.words else "a command is only known when it runs"
    why = own(run, command, tool, effect)
    if why is not None:
        return why
    if tool in split_packages.MANAGERS:
        return split_packages.installed(run, command, traces)
    if tool == "mkdir":
        for word in command.operands:
            traces.wrote(paths.literal(word, command, run.state) or "")
        return traces.folders.mkdir(run, command)
    if tool in split_users.TOOLS:
        return traces.users.add(command, run.state)
    if tool in ("chown", "chgrp", "chmod"):
        return traces.folders.give(run, command)
    if tool == "apt-key":
        traces.written.append(("/etc/apt/trusted.gpg", tool))
        return ""
    if tool == "rm":
        return split_written.deletes(run, command, traces)
    return split_written.files(tool, command, traces, effect)


def _named(run: Run, command: Command) -> str:
    """The tool whose path has variables of known value, or ""."""
    name = (
        paths.symbolic(command.simple.words[command.head], run.state)
        if command.head < len(command.simple.words)
        else None
    )
    return posixpath.basename(name) if name and "$" not in name else ""
