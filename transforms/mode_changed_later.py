"""Set the mode in the COPY itself instead of in a later layer.

## What it does
Turns `COPY --from=build /out/server /usr/bin/` and a later `RUN chmod 755 /usr/bin/server` into `COPY --chmod=755`,
and takes the chmod out. For a directory (`chmod -R 755 /app`) a chmod of the directory itself, without `-R`, stays.
ADD of a URL gives mode 600, so there `chmod +x` is known to mean 711.

## Why it saves
A layer stores whole files. A chmod in a later layer changes no byte of them, and stores each a second time.

## When it is safe
When the mode is given in digits, and all that the chmod covers came from COPYs. `--chmod` needs BuildKit, which is
what Docker uses since 23.0; the old builder refuses it, which is why this is REVIEW.

## What it leaves alone
Symbolic modes (`+x`, `g=u`) of files whose own mode is not known; single small files, like an entry point script:
nothing is gained; setuid and sticky bits; a directory with other files in it; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model.changed_later import changed_later
from rewriter.model.file import File
from rewriter.model.ownership import MODES
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.MOVES, touches={"COPY", "ADD", "RUN"}, safety=Safety.REVIEW, tools={"chmod"})
def mode_changed_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return changed_later(file, ask, MODES)
