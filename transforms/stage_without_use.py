"""Delete a stage that the last one neither starts from nor copies from.

## What it does
Takes the FROM out, with the instructions behind it up to the next FROM; `COPY --from=2` becomes `COPY --from=1` where stages
moved up.

## Why it saves
It saves no byte of the image. Who writes `FROM ubuntu` above `FROM node` often thinks that both add up: nothing of the first one
is in the image. BuildKit does not look at such a stage; the classic builder and kaniko fetch its image, at each build.

## When it is safe
A person decides (SHOW). The stage runs nothing, starts nothing, no comment speaks of it, and no file that builds images names
it as a target. Whether its image was meant to be used after all is a question that comes first: a COPY --from may be missing.

## What it leaves alone
What may be built by itself: a stage with CMD or ENTRYPOINT, one from scratch that has files, one named `test`, `dev`, `lint`,
`base`, `release` and their like, one that a file of the context names beside the word target, one that `FROM ${BASE}` may mean.
Stages with a RUN: tests often stand in one, and the classic builder fails with them. Stages of which a comment speaks. A stage
that only another one without use takes from is spoken of when that one is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import stage_links
from rewriter.model.file import File, Stage
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, Stages, transform
from rewriter.text import BOM, Edit, Span

#: what such a stage may have, and COPY, whose numbers change
_IN_IT: Final = frozenset("FROM COPY ADD ARG ENV LABEL MAINTAINER EXPOSE VOLUME WORKDIR USER SHELL STOPSIGNAL".split())


@transform(phase=Phase.STAGES, touches=_IN_IT, safety=Safety.SHOW, only_shows=True)
def stage_without_use(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if len(file.stages) < 2:
        return
    unused = stage_links.unreached(file)
    if not unused:
        return
    from rewriter.model import stage_unused  # here: few files have one

    wanted = {one.index for stage in unused for one in stage_links.taken(file, stage)}
    for stage in unused:
        if stage.index in wanted:
            continue
        at = stage.steps[0].span
        why = stage_unused.against(file, stage, ask)
        if why:
            yield Decline(at, f"nothing takes from this stage: {why}")
            continue
        end = file.gap(stage.steps[-1].span.end)[1]
        start = at.start + file.source.startswith(BOM, at.start)
        edits = (Edit.delete(Span(start, end)), *_moved_up(file, stage))
        because = (
            f"no later stage starts from it or copies from it ({stage.image})",
            "no byte of the image differs: BuildKit skips it, the classic builder and kaniko build it for nothing",
            *(f"to confirm: {question}" for question in stage_unused.questions(stage, ask)),
        )
        title = f"Delete the stage on {stage.image}, which nothing uses"
        yield Finding(at, title, Change(edits, stages=Stages(gone=(stage.index,))), Safety.SHOW, because)


def _moved_up(file: File, gone: Stage) -> Iterator[Edit]:
    """The numbers of the stages behind it, one less."""
    for stage in file.stages[gone.index + 1 :]:
        for link in (one for step in stage.steps for one in stage_links.links(step) if one.by_number):
            if gone.index < int(link.written) < len(file.stages):
                yield Edit.replace(link.place, str(int(link.written) - 1))
