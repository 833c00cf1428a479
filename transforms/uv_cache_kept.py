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
the cache itself; `uv run` and `uvx`, whose environments may lie in the cache; a later `--offline`; environments of
symbolic links (`UV_LINK_MODE=symlink`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses
from rewriter.model.cache_filled import variable
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform
from rewriter.syntax.script import Word


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"uv"})
def uv_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("uv"), against=lambda run: uses.offline(file, run, "uv") or _linked(run))


def _linked(run: Run) -> str:
    """Why the environments need the cache, or ""."""
    for command in run.uses("uv"):
        mode = command.option("--link-mode")
        word = mode.value if isinstance(mode, Word) else mode
        if "symlink" in (word, variable(run, command, "UV_LINK_MODE")):
            return "uv is told to fill its environments with symbolic links into the cache"
    return ""
