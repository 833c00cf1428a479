"""Write out what the triggers of golang's onbuild image do.

## What it does
Starts from the image of the same version without `onbuild`, and writes WORKDIR, COPY, the two RUNs and the CMD that the
onbuild image stood for.

## Why it saves
By itself it saves nothing. What is built, and where it lies, is in the Dockerfile then, and go-toolchain-shipped splits it.

## When it is safe
SHOW: the instructions are those of the image, but a person must know that the project builds with its last version. The
official library has no onbuild image of golang since Go 1.9.

## What it leaves alone
Tags whose version is not known, or later than 1.8; onbuild images of others.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import bases
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches={"FROM", "WORKDIR", "COPY", "RUN", "CMD"}, safety=Safety.SHOW, images={"golang"})
def go_onbuild_image(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "onbuild" not in bases.shipped_base(file)[1]:
        return
    from rewriter.model import go_onbuild  # modules that no other file needs

    found = go_onbuild.written_out(file, ask)
    if found is not None:
        yield found
