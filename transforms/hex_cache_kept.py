"""Delete the package archives that Hex keeps in the layer that fetched them.

## What it does
Appends `rm -rf ~/.hex/packages` to a RUN that calls `mix deps.get` or `mix deps.update`.

## Why it saves
Hex keeps the archive of each package that it unpacked into `deps`.

## When it is safe
The sources that Mix compiles are in `deps`; the archives are read only to save downloads. The rest of `~/.hex` stays.

## What it leaves alone
Stages that do not ship; a cache on a mount, or moved by `HEX_HOME`; a RUN that deletes it itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"mix"})
def hex_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("hex"))
