"""Empty Bower's package cache in the layer that filled it.

## What it does
Runs `bower cache clean --allow-root` right behind `bower install` and `bower update`.

## Why it saves
Bower keeps each package that it fetched below `~/.cache/bower`, beside the copy in `bower_components`.

## When it is safe
Bower reads the cache only to save downloads. `--allow-root` permits root and changes nothing for other users.

## What it leaves alone
Stages that do not ship; a cache on a mount or moved; a RUN that cleans by itself; bower inside `sh -c "..."`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"bower"})
def bower_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("bower"))
