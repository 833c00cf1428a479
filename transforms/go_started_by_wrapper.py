"""Start the program itself, not through go-wrapper.

## What it does
Replaces `CMD ["go-wrapper", "run"]` by the program that go-wrapper starts: that of the working directory's package.

## Why it saves
By itself it saves nothing but a call of go at each start. Then the image can do without the toolchain:
go-toolchain-shipped splits it.

## When it is safe
REVIEW where the build context shows the main package, without an import comment and without a `.godir`, which would give the
program another name. Else a person must know that: SHOW.

## What it leaves alone
Images that have no go-wrapper (Go 1.10 and later); packages with another name; calls in a shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import bases
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches={"CMD", "ENTRYPOINT"}, safety=Safety.REVIEW, images={"golang"})
def go_started_by_wrapper(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if bases.shipped_base(file)[0] != "golang" or "go-wrapper" not in file.source:
        return
    from rewriter.model import go_wrapper  # modules that no other file needs

    found = go_wrapper.unwrapped(file, ask)
    if found is not None:
        yield found
