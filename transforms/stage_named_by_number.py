"""Call a stage by a name, not by its number.

## What it does
`FROM golang:1.12` and `COPY --from=0 /go/bin/app /app` become `FROM golang:1.12 AS build` and `COPY --from=build`. Every COPY
and every mount that names the stage is written anew at once. A stage that has a name already is called by it. One that
builds is `builder`; where several need a name, or a stage only brings an image along, it has that of its image.

## Why it saves
It saves no byte. A number counts the FROMs above it: whoever puts a stage in front, or takes one out, has COPY take from
another stage, which often builds all the same. In a mount BuildKit takes a number for an image, and knows a name alone.

## When it is safe
The same stages are copied from, and names of stages are in no image. Which name is right is for a person to say (SHOW).
`docker build --target 0` goes on meaning the stage.

## What it leaves alone
Numbers of the stage itself, or of later ones, which do not build; `ONBUILD COPY --from=0`, which means a stage of another file;
stages for which no name is left that tells more than their number, as two on the same image. A name is never that of an image
which the file uses, nor of a default of a global ARG: it would mean the stage then.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import stage_links, stage_names
from rewriter.model.file import File, Stage
from rewriter.model.stage_links import Link
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, Stages, transform
from rewriter.text import Edit


@transform(phase=Phase.STAGES, touches={"FROM", "COPY", "RUN"}, safety=Safety.SHOW, only_shows=True)
def stage_named_by_number(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if len(file.stages) < 2 or "from=" not in file.source:
        return
    called: dict[int, list[Link]] = {}
    for stage in file.stages:
        for link in (one for step in stage.steps for one in stage_links.links(step) if one.by_number):
            number = int(link.written)
            if number < stage.index and link.place.of(file.source) == link.written:
                called.setdefault(number, []).append(link)
            else:
                yield Decline(
                    link.step.span, f"no stage in front of it has the number {link.written}: it does not build"
                )
    nameless = [file.stages[number] for number in called if not file.stages[number].name]
    for number, links in called.items():
        stage = file.stages[number]
        name = stage_names.as_written(stage) or stage_names.choose(file, stage, nameless)
        if name and (stage.name or len(stage.steps[0].instruction.body.text.split()) == 1):
            yield _named(file, stage, name, links)
        else:
            yield Decline(links[0].step.span, f"no name is left for stage {number} that tells more than its number")


def _named(file: File, stage: Stage, name: str, links: list[Link]) -> Finding:
    first = stage.steps[0].instruction
    edits = [Edit.replace(link.place, name) for link in links]
    told = Stages()
    if not stage.name:
        end = first.body.source(len(first.body.text) - 1) + 1
        edits.append(Edit.insert(end, f" {stage_names.keyword(file, stage)} {name}"))
        told = Stages(names=((stage.index, name),))
    because = (
        f"{stage.index} is the stage of line {file.line(stage.steps[0].span.start)}, until another one is put in front",
        "no byte of an image differs: names of stages are in none",
        f"to confirm: does {name} say what the stage is for?",
    )
    title = f"Call the stage {name}, not {stage.index}"
    return Finding(links[0].step.span, title, Change(tuple(edits), stages=told), Safety.SHOW, because)
