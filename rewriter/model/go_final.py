"""The final stage of a Go build, written out."""

from __future__ import annotations

from typing import Final

from rewriter.model import go_image, split_final
from rewriter.model.file import Step
from rewriter.model.go_plan import Plan
from rewriter.model.split_final import FinalStage, Refused
from rewriter.rule import Change
from rewriter.text import newline_of

#: names for the builder
_BUILDERS: Final = ("builder", "go-builder", "go-build-stage")


def change(plan: Plan) -> Change | str:
    """The edits, or why there are none."""
    try:
        return _change(plan)
    except Refused as reason:
        return str(reason)


def _change(plan: Plan) -> Change:
    stage = plan.stage
    builder = split_final.builder(stage, _BUILDERS)
    shipped = [*split_final.moved(stage, plan.at), *stage.steps[plan.at :]]
    lines, commands = go_image.lines(plan, builder, shipped, newline_of(stage.file.source))
    static = ((_first_go(plan), "ENV CGO_ENABLED=0"),) if plan.needs.static else ()
    return split_final.change(stage, plan.at, FinalStage(builder, plan.needs.image, lines, commands, static))


def _first_go(plan: Plan) -> Step:
    """The first RUN that calls go to build."""
    return next(
        step
        for step in plan.stage.steps
        if step.name == "RUN" and any(one.tool in ("go", "make") for one in plan.stage.runs[step.index].commands)
    )
