"""Delete poetry's download cache in the layer that filled it.

## What it does
Appends `rm -rf ~/.cache/pypoetry/cache ~/.cache/pypoetry/artifacts` to a RUN that calls `poetry install` and the
like.

## Why it saves
poetry keeps the archive of each package that it installs (`artifacts`) and the answers of the index (`cache`).

## When it is safe
Always, since only these two directories go. Their neighbour `virtualenvs` holds the environment itself, unless it
was told to be elsewhere; so the whole of `~/.cache/pypoetry` is never deleted. `--no-cache` would do the same, but
only since poetry 1.2, and a Dockerfile seldom says which version it gets.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that deletes it itself; a cache that `POETRY_CACHE_DIR`,
`XDG_CACHE_HOME` or `HOME` moves.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"poetry"})
def poetry_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("poetry"))
