"""Install a virtual package in the RUN that deletes it.

## What it does
Moves `apk add --virtual NAME ...` down into the RUN that calls `apk del NAME`, where only COPY, ADD and WORKDIR
stand between them. (RUNs that follow each other directly are joined by `consecutive-runs`.)

## Why it saves
A layer keeps what was installed in it. `apk del` in a later layer only hides the compilers, it does not take them
out.

## When it is safe
The same commands run in the same order, but for the copies, which need no package. The price is build cache: the
packages are fetched again whenever the copied files change. So this is REVIEW.

## What it leaves alone
Stages that do not ship; other RUNs in between, which need the packages; another user, shell or environment; a RUN
that does more than this `apk add`, or that ignores failures; a group that is deleted under a condition.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Edit, Span

#: instructions that need no package of the image
_COPIES = frozenset({"COPY", "ADD", "WORKDIR", "LABEL", "EXPOSE", "MAINTAINER"})


@transform(phase=Phase.LAYERS, touches={"RUN"}, tools={"apk"}, safety=Safety.REVIEW)
def apk_virtual_deleted_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    added: dict[tuple[int, str], tuple[Run, Command]] = {}
    for run in file.runs:
        if not run.stage.ships:
            continue
        for command in run.uses("apk"):
            name = _virtual(command)
            if command.subcommand == "add" and name:
                added[run.stage.index, name] = (run, command)
            if command.subcommand != "del":
                continue
            for operand in command.operands:
                first, add = added.pop((run.stage.index, operand.value or ""), (run, command))
                if first is run:
                    continue
                here, there = file.line(first.span.start), file.line(run.span.start)
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
                yield Finding(first.span, title, _moved(file, first, run), Safety.REVIEW, because)


def _virtual(command: Command) -> str:
    found = command.option("-t", "--virtual")
    return (found if isinstance(found, str) else found.value or "") if found is not None else ""


def _obstacle(file: File, first: Run, last: Run, delete: Command) -> str:
    """Why the first RUN cannot become the beginning of the last, or ""."""
    between = [step for step in last.stage.steps if first.index < step.index < last.index]
    worker = next((step for step in between if step.name not in _COPIES), None)
    if worker is not None:
        return f"the {worker.name} in line {file.line(worker.span.start)} stands between; both belong into one RUN"
    if first.instruction.flags or last.instruction.flags or first.form != "shell" or last.form != "shell":
        return "one of them has flags, a here-document or the exec form"
    if len(first.commands) != 1 or not delete.place.certain or not delete.editable or first.script is None:
        return "the RUN that adds it does more than that, or the deletion may not happen"
    if last.script is None or len(last.script.body.statements) != 1 or last.script.body.statements[0].ended_by:
        return "the RUN that deletes it is no plain list of commands"
    if any(operator != "&&" for operator, _ in last.script.body.statements[0].list.operators):
        return "the RUN that deletes it goes on after a failure"
    if first.script.body.statements[0].ended_by or "#" in first.script.text:
        return "the RUN that adds it has something behind its command"
    return ""


def _moved(file: File, first: Run, last: Run) -> Change:
    """The first RUN, and the comments above it, in front of the commands of the last."""
    source = file.source
    begin = first.visible.source(0)
    comments = file.comments_above(first.instruction)
    above = "".join(comment.span.of(source) for comment in comments)
    gone = Span(comments[0].span.start if comments else first.span.start, first.span.end)
    edits = [Edit.delete(gone)]
    if above:
        edits.append(Edit.insert(last.span.start, above))
    text = source[begin : first.instruction.end].rstrip() + style.line_break(last, "&&")
    edits.append(Edit.insert(last.visible.source(0), text))
    return Change(tuple(edits))
