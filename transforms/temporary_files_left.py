"""Delete what a RUN put below /tmp and left there.

## What it does
Deletes files that a RUN downloaded or wrote below `/tmp` or `/var/tmp` right after their last use, and source trees
that it cloned or unpacked there, built and installed, at its end.

## Why it saves
Nothing empties `/tmp` in an image: what a RUN leaves there ships.

## When it is safe
When the RUN itself used the file and no later instruction names it. That a program looks for it in `/tmp` at run time
cannot be excluded: REVIEW.

## What it leaves alone
Stages that do not ship; files that nothing in the RUN uses; files that it wrote itself where a program that is not seen
runs later; trees whose build may not have put its result elsewhere;
links, editable installs and search paths into a tree; names that are only known at build time.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model.file import File
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW)
def temporary_files_left(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "/tmp" not in file.source:
        return
    from rewriter.model import temporary  # most files put nothing there, and need not wait for it

    unshipped = Unshipped()
    for run in file.runs:
        for item in (*temporary.files(file, run), *temporary.trees(file, run)):
            if run.stage.ships:
                yield item
            else:
                yield from unshipped.once(run.stage, item.at)
