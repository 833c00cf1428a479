"""The edits of a split: the FROM gets a name, and a second stage follows that has what the image was for.

Nothing of the builder changes. What describes the image (LABEL, EXPOSE, CMD ...) moves from there to the final stage, with
its comments; ENV, the working directory and the user are repeated.
"""

from __future__ import annotations

from rewriter.model import go_image
from rewriter.model.file import Step
from rewriter.model.go_plan import Plan, Refused
from rewriter.model.go_stage import GoStage
from rewriter.model.style import words_of
from rewriter.rule import Change, Split
from rewriter.text import Edit, Span, newline_of

#: what describes the image and builds nothing
_MOVED = frozenset("LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL".split())
#: names for the builder, the first one that is free
_BUILDERS = ("builder", "go-builder", "go-build-stage")


def change(plan: Plan) -> Change | str:
    """The edits, or why there are none."""
    try:
        return _change(plan)
    except Refused as reason:
        return str(reason)


def _change(plan: Plan) -> Change:
    stage, file = plan.stage, plan.stage.file
    newline = newline_of(file.source)
    first = stage.stage.steps[0].instruction
    lower = first.keyword.of(file.source).islower()
    builder = _builder(plan)
    moved = [step for step in stage.steps[: plan.at] if step.name in _MOVED]
    written, commands = go_image.lines(plan, builder, [*moved, *stage.steps[plan.at :]], newline)
    flags = "".join(f"{flag.span.of(file.source)} " for flag in first.flags)
    name = first.body.text.split()[-1] if stage.stage.name else ""
    origin = f"FROM {flags}{plan.needs.image} AS {name}" if name else f"FROM {flags}{plan.needs.image}"
    edits = [_named(plan, builder)]
    if plan.needs.static:
        edits.append(Edit.insert(_first_go(plan), _keyword("ENV CGO_ENABLED=0", lower) + newline))
    texts = []
    for step in moved:
        span = _with_comments(stage, step)
        text = span.of(file.source)
        texts.append(text if text.endswith("\n") else text + newline)
        edits.append(Edit.delete(_with_blank(file.source, span)))
    body = [_keyword(line, lower) + newline for line in (origin, *written)]
    where = _where(plan)
    before = file.source[:where]
    lead = "" if before.endswith("\n") else newline
    lead += "" if (before + lead).endswith(newline * 2) else newline
    text = lead + "".join(body) + "".join(texts)
    if where == len(file.source) and not file.source.endswith("\n"):
        text = text.removesuffix(newline)
    edits.append(Edit.insert(where, text))
    split = Split(builder, plan.needs.image, name)
    return Change(tuple(edits), adds=words_of(" && ".join(commands)) if commands else (), split=split)


def _builder(plan: Plan) -> str:
    """A name for the builder. That of the stage goes to the final stage: whoever builds it by name wants what runs."""
    taken = {other.name for other in plan.stage.file.stages}
    source = plan.stage.file.source.lower()
    name = next((one for one in _BUILDERS if one not in taken and f"from={one}" not in source), "")
    if not name:
        raise Refused("there is no name left for the builder")
    return name


def _named(plan: Plan, builder: str) -> Edit:
    """The edit that names the builder."""
    stage = plan.stage.stage
    body = stage.steps[0].instruction.body
    end = body.source(len(body.text) - 1) + 1
    if not stage.name:
        return Edit.insert(end, f" AS {builder}")
    return Edit.replace(Span(end - len(stage.name), end), builder)


def _keyword(line: str, lower: bool) -> str:
    name, blank, rest = line.partition(" ")
    return (name.lower() if lower else name) + blank + rest


def _first_go(plan: Plan) -> int:
    """The offset of the first RUN that calls go to build, its comments included."""
    step = next(
        step
        for step in plan.stage.steps
        if step.name == "RUN" and any(one.tool in ("go", "make") for one in plan.stage.runs[step.index].commands)
    )
    return _with_comments(plan.stage, step).start


def _with_comments(stage: GoStage, step: Step) -> Span:
    above = stage.file.comments_above(step.instruction)
    return Span(above[0].span.start if above else step.span.start, step.span.end)


def _with_blank(source: str, span: Span) -> Span:
    """The span, with the blank line after it where another one stands in front, or a FROM."""
    end = source.find("\n", span.end) + 1
    before = source[: span.start].replace("\r", "")
    alone = before.endswith("\n\n") or before.rstrip().rpartition("\n")[2].upper().startswith("FROM ")
    return Span(span.start, end) if alone and end and not source[span.end : end].strip() else span


def _where(plan: Plan) -> int:
    """The offset at which the final stage begins."""
    stage = plan.stage
    if plan.at < len(stage.steps):
        return _with_comments(stage, stage.steps[plan.at]).start
    return len(stage.file.source)
