"""Delete LuaRocks' download cache in the layer that filled it.

## What it does
Appends `rm -rf ~/.cache/luarocks` to a RUN that calls `luarocks install`, `build` or `make`.

## Why it saves
LuaRocks keeps the manifest of each server, several megabytes, and the archives that it fetched.

## When it is safe
LuaRocks reads the cache only to save downloads.

## What it leaves alone
Stages that do not ship; a cache on a mount; a RUN that deletes it itself; another user's home that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform

TOOLS: Final = {"luarocks", "luarocks-5.1", "luarocks-5.2", "luarocks-5.3", "luarocks-5.4"}


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools=TOOLS)
def luarocks_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("luarocks"))
