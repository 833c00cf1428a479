"""Install a virtual package in the RUN that deletes it.

## What it does
Moves `apk add --virtual NAME ...` down into the RUN that calls `apk del NAME`, where only COPY, ADD, WORKDIR and
ENV stand between them; what the same RUN installs to stay, stays where it is. (RUNs that follow each other directly
are joined by `consecutive-runs`.)

## Why it saves
A layer keeps what was installed in it. `apk del` in a later layer only hides the compilers, it does not take them
out.

## When it is safe
The same commands run in the same order, but for the copies, which need no package. The price is build cache: the
packages are fetched again whenever the copied files change. So this is REVIEW.

## What it leaves alone
Stages that do not ship; other RUNs in between, which need the packages; another user or shell, or variables that
apk reads; a RUN that does more than call apk, or that ignores failures; a group that is deleted under a condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.package_managers import virtual
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.syntax.script import Script
from rewriter.text import Edit

#: instructions that need no package of the image
_COPIES: Final = frozenset({"COPY", "ADD", "WORKDIR", "LABEL", "EXPOSE", "MAINTAINER", "ENV", "ARG"})
#: variables that mean something to apk or to the scripts of packages
_READ: Final = frozenset({"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD", "SHELL", "IFS"})


@transform(phase=Phase.LAYERS, touches={"RUN"}, tools={"apk"}, safety=Safety.REVIEW)
def apk_virtual_deleted_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    added: dict[tuple[int, str], tuple[Run, Command]] = {}
    for run in file.runs:
        if not run.stage.ships:
            continue
        for command in run.uses("apk"):
            name = virtual(command)
            if command.subcommand == "add" and name:
                added[run.stage.index, name] = (run, command)
            if command.subcommand != "del":
                continue
            for operand in command.operands:
                first, add = added.pop((run.stage.index, operand.value or ""), (run, command))
                if first is run:
                    continue
                here, there = (file.line(span_of(*one).start) for one in ((first, add), (run, command)))
                lines = f"line {here} adds {operand.value} and line {there} deletes it"
                why = _obstacle(file, first, run, command)
                if why:
                    yield Decline(span_of(first, add), f"{lines} in another layer, which takes nothing out: {why}")
                    continue
                because = (
                    lines,
                    "what stands between needs no package",
                    "the packages are fetched again when it changes",
                )
                title = f"Install {operand.value} in the RUN that deletes it"
                yield Finding(first.span, title, _moved(file, first, add, run), Safety.REVIEW, because)


def _obstacle(file: File, first: Run, last: Run, delete: Command) -> str:
    """Why the first RUN cannot become the beginning of the last, or ""."""
    between = [step for step in last.stage.steps if first.index < step.index < last.index]
    worker = next((step for step in between if step.name not in _COPIES), None)
    if worker is not None:
        return f"the {worker.name} in line {file.line(worker.span.start)} stands between; both belong into one RUN"
    changed = {
        name for name in last.state.environment if first.state.environment.get(name, "") != last.state.environment[name]
    }
    used = {name for command in first.commands for word in command.arguments for name in word.parameters}
    if any(name in _READ | used or name.lower().endswith("_proxy") for name in changed):
        return "a variable that it reads is set in between"
    if first.instruction.flags or last.instruction.flags or first.form != "shell" or last.form != "shell":
        return "one of them has flags, a here-document or the exec form"
    if any(command.tool != "apk" for command in first.commands) or not _plain(first.script):
        return "the RUN that adds it does more than that, and both belong into one RUN"
    if not delete.place.certain or not delete.editable:
        return "the deletion may not happen"
    if not _plain(last.script):
        return "the RUN that deletes it goes on after a failure, or is no plain list of commands"
    return ""


def _plain(script: Script | None) -> bool:
    """True for one list of commands in which every failure counts."""
    if script is None or len(script.body.statements) != 1 or script.body.statements[0].ended_by:
        return False
    list_ = script.body.statements[0].list
    return all(operator == "&&" for operator, _ in list_.operators) and "#" not in script.text[list_.end :]


def _moved(file: File, first: Run, add: Command, last: Run) -> Change:
    """The group in front of the commands of the last RUN: alone, where what else the first one installs can stay."""
    source = file.source
    begin = last.visible.source(0)
    others = [command for command in first.commands if not virtual(command)]
    if others and all(command.subcommand == "add" for command in others):
        taken_out = style.remove(first, add)
        if not isinstance(taken_out, style.Refusal):
            text = source[first.visible.source(add.start) : style.last_character(first, add.end)]
            return Change((*taken_out.edits, Edit.insert(begin, text + style.line_break(last, "&&"))))
    comments = file.comments_above(first.instruction)
    above = "".join(comment.span.of(source) for comment in comments)
    edits = [style.whole(file, first.instruction, comments[0].span.start if comments else None)]
    if above:
        edits.append(Edit.insert(last.span.start, above))
    text = source[first.visible.source(0) : first.instruction.end].rstrip() + style.line_break(last, "&&")
    edits.append(Edit.insert(begin, text))
    return Change(tuple(edits))
