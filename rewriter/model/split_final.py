"""The edits of a split: the FROM gets a name, and a second stage follows that has what the image was for.

Nothing of the builder changes. What describes the image (LABEL, EXPOSE, CMD ...) moves from there to the final stage, with
its comments; what else the final stage needs is written anew.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter.model.file import Step
from rewriter.model.split_stage import Shipped
from rewriter.model.style import words_of
from rewriter.rule import Change, Split
from rewriter.text import Edit, Span, newline_of

#: what describes the image and builds nothing
_MOVED: Final = frozenset("LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL".split())


class Refused(Exception):
    """There is no final stage for a reason, which is the text."""


class FinalStage(NamedTuple):
    """What is written: ``image`` is the base of the final stage, ``lines`` are its own instructions, of which ``commands`` are
    those of RUNs; ``before`` are instructions that are written into the builder in front of a step, ``last`` end it."""

    builder: str
    image: str
    lines: list[str]
    commands: list[str]
    before: tuple[tuple[Step, str], ...] = ()
    last: tuple[str, ...] | list[str] = ()


def moved(stage: Shipped, at: int) -> list[Step]:
    """What goes to the final stage from in front of step ``at``, its first one that the author wrote."""
    return [step for step in stage.steps[:at] if step.name in _MOVED]


def change(stage: Shipped, at: int, final: FinalStage) -> Change:
    """The edits. ``at`` is the index, among the steps, of the first one of the final stage."""
    file = stage.file
    newline = newline_of(file.source)
    first = stage.stage.steps[0].instruction
    lower = first.keyword.of(file.source).islower()
    flags = "".join(f"{flag.span.of(file.source)} " for flag in first.flags)
    name = first.body.text.split()[-1] if stage.stage.name else ""
    origin = f"FROM {flags}{final.image} AS {name}" if name else f"FROM {flags}{final.image}"
    edits = [_named(stage, final.builder)]
    for step, line in final.before:
        edits.append(Edit.insert(_with_comments(stage, step).start, _keyword(line, lower) + newline))
    texts = []
    for step in moved(stage, at):
        span = _with_comments(stage, step)
        text = span.of(file.source)
        texts.append(text if text.endswith("\n") else text + newline)
        edits.append(Edit.delete(_with_blank(file.source, span)))
    body = [_keyword(line, lower) + newline for line in (origin, *final.lines)]
    where = _where(stage, at)
    before = file.source[:where]
    lead = "" if before.endswith("\n") else newline
    lead += "".join(_keyword(line, lower) + newline for line in final.last)
    lead += "" if (before + lead).endswith(newline * 2) else newline
    text = lead + "".join(body) + "".join(texts)
    if where == len(file.source) and not file.source.endswith("\n"):
        text = text.removesuffix(newline)
    edits.append(Edit.insert(where, text))
    split = Split(final.builder, final.image, name)
    commands = final.commands
    return Change(tuple(edits), adds=words_of(" && ".join(commands)) if commands else (), split=split)


def builder(stage: Shipped, names: tuple[str, ...]) -> str:
    """A name for the builder, the first of ``names`` that is free. That of the stage goes to the final stage: whoever builds it
    by name wants what runs.

    Raises:
        Refused: none is free.
    """
    taken = {other.name for other in stage.file.stages}
    source = stage.file.source.lower()
    name = next((one for one in names if one not in taken and f"from={one}" not in source), "")
    if not name:
        raise Refused("there is no name left for the builder")
    return name


def _named(stage: Shipped, builder: str) -> Edit:
    """The edit that names the builder."""
    body = stage.stage.steps[0].instruction.body
    end = body.source(len(body.text) - 1) + 1
    if not stage.stage.name:
        return Edit.insert(end, f" AS {builder}")
    return Edit.replace(Span(end - len(stage.stage.name), end), builder)


def _keyword(line: str, lower: bool) -> str:
    name, blank, rest = line.partition(" ")
    return (name.lower() if lower else name) + blank + rest


def _with_comments(stage: Shipped, step: Step) -> Span:
    above = stage.file.comments_above(step.instruction)
    return Span(above[0].span.start if above else step.span.start, step.span.end)


def _with_blank(source: str, span: Span) -> Span:
    """The span, with the blank line after it where another one stands in front, or a FROM."""
    end = source.find("\n", span.end) + 1
    before = source[: span.start].replace("\r", "")
    alone = before.endswith("\n\n") or before.rstrip().rpartition("\n")[2].upper().startswith("FROM ")
    return Span(span.start, end) if alone and end and not source[span.end : end].strip() else span


def _where(stage: Shipped, at: int) -> int:
    """The offset at which the final stage begins."""
    if at < len(stage.steps):
        return _with_comments(stage, stage.steps[at]).start
    return len(stage.file.source)
