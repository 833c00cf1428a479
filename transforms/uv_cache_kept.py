"""Keep uv's cache out of the layer.

## What it does
Adds `--no-cache` to `uv pip install`, `uv pip sync`, `uv sync`, `uv add` and `uv tool install`.

## Why it saves
uv unpacks every package below `~/.cache/uv` and links the environment to it. Links within one layer are stored
once, so what is saved is the rest: the index, archives that were built, and everything twice where uv had to copy
(`UV_LINK_MODE=copy`, another file system). With `--no-cache` it works in a temporary directory and deletes that.

## When it is safe
Always: the environment gets the same files; where they cannot be linked they are copied.

## What it leaves alone
Stages that do not ship; a cache that is a mount; `UV_NO_CACHE`, `--no-cache` and `--cache-dir`; a RUN that cleans
the cache itself; `uv run` and `uvx`, whose environments may lie in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"uv"})
def uv_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("uv"))
