"""Delete pipenv's cache in the layer that filled it.

## What it does
Appends `rm -rf ~/.cache/pipenv ~/.cache/pip` to a RUN that calls `pipenv install`, `pipenv sync` and the like.

## Why it saves
pipenv lets pip keep each package below `~/.cache/pipenv` (older versions: below `~/.cache/pip`). `pipenv install
--clear` is no cure: it empties the cache first and fills it after that.

## When it is safe
Always: neither directory holds the environment, which lies in `~/.local/share/virtualenvs`, in the project or in
the system.

## What it leaves alone
Stages that do not ship; a cache that is a mount; `PIP_NO_CACHE_DIR`; a RUN that deletes it itself; a cache that
`PIPENV_CACHE_DIR`, `PIP_CACHE_DIR`, `XDG_CACHE_HOME` or `HOME` moves.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pipenv"})
def pipenv_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("pipenv"))
