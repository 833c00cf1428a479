"""What must hold when stages get names, or go: each stage that stays has its instructions, and takes from the same stages."""

from __future__ import annotations

from collections.abc import Sequence

from rewriter import splits
from rewriter.model import stage_links
from rewriter.model.file import File, Stage
from rewriter.rule import Stages
from rewriter.syntax.nodes import Flag


def places(old: File, told: Sequence[Stages]) -> list[int]:
    """The old numbers of the stages that stay."""
    gone = {at for one in told for at in one.gone}
    return [stage.index for stage in old.stages if stage.index not in gone]


def difference(old: File, new: File, told: Sequence[Stages]) -> str:
    """Why ``new`` is not ``old`` with the names given and the stages gone as declared, or ""."""
    names = {at: name.lower() for one in told for at, name in one.names}
    kept = places(old, told)
    renamed = next((old.stages[at].name for at in names if old.stages[at].name), "")
    if renamed:
        return f"the stage {renamed} would lose its name"
    wanted = [(old.stages[at].image, names.get(at, old.stages[at].name)) for at in kept]
    if wanted != [(stage.image, stage.name) for stage in new.stages]:
        return "the stages would not be those that are declared"
    if [one.body.text for one in old.preamble] != [one.body.text for one in new.preamble]:
        return "a global ARG would differ"
    for at, stage in zip(kept, new.stages, strict=True):
        if _lines(old, old.stages[at]) != _lines(new, stage):
            return f"an instruction of stage {at} would differ"
        if _sources(old, old.stages[at]) != [kept[one] for one in _sources(new, stage)]:
            return f"stage {at} would take from another stage"
    return ""


def _sources(file: File, stage: Stage) -> list[int]:
    return [one.index for one in stage_links.taken(file, stage)]


def _lines(file: File, stage: Stage) -> list[splits.Line]:
    """The instructions of a stage: the flags of its FROM, and all others but for the stages that their flags name."""
    named = {
        link.flag: link for step in stage.steps for link in stage_links.links(step) if stage_links.meant(file, link)
    }

    def unnamed(flag: Flag) -> str:
        text, link = splits.written(flag), named.get(flag)
        return text if link is None else text.replace(f"from={link.written}", "from=", 1)

    first = tuple(map(splits.written, stage.steps[0].instruction.flags))
    return [first, *splits.lines(file, stage.steps[1:], unnamed)]
