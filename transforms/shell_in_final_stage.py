"""Start the last stage from distroless or scratch where it only holds a static program of Go, if that is asked for.

## What it does
With `final = "distroless"` or `--final distroless` writes `gcr.io/distroless/static-debian12` in the last FROM, and takes out the
RUN that installs certificates and time zones, which that image has. With `scratch` it writes `scratch`. Without either it says
nothing: a shell and a package manager stay.

## Why it saves
An Alpine image is some 8 MB, `debian:trixie-slim` 79 MB (knowledge/variants.toml); distroless' static image has about 2 MB, of
certificates and time zones, and scratch has nothing.

## When it is safe
A person decides (SHOW), and has asked for it. The program is built in a stage of the file with `CGO_ENABLED=0`, it is started in
exec form, the last stage runs no command, and users are numbers. That the program starts no other one, and that nobody enters the
container, are printed as questions.

## What it leaves alone
Other languages; programs with cgo, or of which that is not seen; last stages with commands, a HEALTHCHECK that calls one, named
users; with `scratch` also what installs certificates or time zones, which it has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model.file import File
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Edit

_DISTROLESS: Final = "gcr.io/distroless/static-debian12"
_QUESTIONS: Final = (
    "to confirm: the program starts no other one and reads no file that the old image has",
    "to confirm: nobody needs a shell in the running container, and nothing outside of the file calls a command there",
)


@transform(phase=Phase.BASE, touches={"FROM", "RUN"}, safety=Safety.SHOW, tools={"go"})
def shell_in_final_stage(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    wanted = ask.settings.final
    if wanted == "keep" or len(file.stages) < 2:
        return
    stage = file.stages[-1]
    if stage.image.lower() == "scratch" or "distroless" in stage.image:
        return
    from rewriter.model import base_swap, last_stage, style  # here: few people ask for it
    from rewriter.model.apk_translation import said
    from rewriter.model.needs import shortly

    found = last_stage.shape(file)
    at = base_swap.from_of(file)
    against = list(found.against)
    if wanted == "scratch" and found.packages:
        against.append(f"{min(found.packages)} is installed, which scratch has not and distroless has")
    place = stage.steps[0].instruction.body.span(0, len(stage.image))
    if place.of(file.source) != stage.image:
        against.append("an image that is broken over lines is not edited")
    if against:
        yield Decline(at, shortly(against))
        return
    image = _DISTROLESS if wanted == "distroless" else "scratch"
    change = Change((Edit.replace(place, image),))
    for run in found.data:
        words = tuple(word for command in run.commands for word in said(command, run))
        change += Change((style.whole(run.file, run.instruction),), drops=words)
    lacking = "" if wanted == "distroless" else "; certificates, time zones, /tmp and /etc/passwd are not there"
    yield Finding(
        place,
        f"Start the last stage from {image}",
        change,
        Safety.SHOW,
        (
            "the program is built with CGO_ENABLED=0 and needs no library of the system",
            f"no longer there: a shell and a package manager{lacking}",
            *_QUESTIONS,
        ),
    )
