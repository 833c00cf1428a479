"""Compile a Go program when the image is built, not each time it starts.

## What it does
Builds what ``go run`` in CMD or ENTRYPOINT compiles, in a RUN in front of it, and starts the program that comes out, with the
same arguments.

## Why it saves
By itself it costs the bytes of the program and saves the compiling at each start. Then the image can do without the toolchain:
go-toolchain-shipped splits it.

## When it is safe
REVIEW where the build context shows the main package and no compose file mounts anything: the program, its arguments and its
working directory are the same. What it ends with is its own exit code; ``go run`` makes 1 of every other than 0. Else a
person must know that the sources are not put there at run time: SHOW.

## What it leaves alone
Options of ``go run`` that do more than name packages; packages of other modules; shell scripts of several commands; other
images than the official one.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import bases
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches={"RUN", "CMD", "ENTRYPOINT"}, safety=Safety.REVIEW, images={"golang"})
def go_run_at_start(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if bases.shipped_base(file)[0] != "golang" or "run" not in file.source:
        return
    from rewriter.model import go_run  # modules that no other file needs

    found = go_run.compiled(file, ask)
    if found is not None:
        yield found
