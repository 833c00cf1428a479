"""Set the owner in the COPY itself instead of in a later layer.

## What it does
Turns `COPY . /app` and a later `RUN chown -R app:app /app` into `COPY --chown=app:app . /app`, and takes the chown
out. Where the directory itself was there before (WORKDIR, mkdir), a chown of it without `-R` stays. ADD, chgrp,
several COPYs into one directory and a chown inside a longer RUN are treated alike; so is a chown to root of what is
root's already.

## Why it saves
A layer stores whole files. A chown in a later layer changes no byte of them, and stores each a second time.

## When it is safe
When all that the chown covers came from COPYs: the base image is known to have nothing there, and no RUN made files
there, before or in between. The owner must be known when the COPY runs: by number, or because nothing in between
makes users, or because an earlier RUN made it. `chown user` leaves the group with root, so it becomes `user:0`. Links
change their owner in both forms. What differs: a chown clears setuid bits and file capabilities, which is why this is
REVIEW.

## What it leaves alone
What a RUN in a layer below cloned or unpacked: it says that both belong into one RUN. A directory in which `npm install`
and its like have run; a part of what one COPY brings; archives that ADD unpacks;
volumes; a base image that is not known; owners and paths that only the build knows; single small files; stages that
do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model.changed_later import changed_later
from rewriter.model.file import File
from rewriter.model.ownership import OWNERS
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.MOVES, touches={"COPY", "ADD", "RUN"}, safety=Safety.REVIEW, tools={"chown", "chgrp"})
def ownership_changed_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return changed_later(file, ask, OWNERS)
