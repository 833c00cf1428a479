"""Delete Cabal's package index and archives in the layer that fetched them.

## What it does
Appends `rm -rf ~/.cabal/packages` to a RUN that calls `cabal update`, `cabal install` or `cabal build`.

## Why it saves
The index of Hackage alone is several hundred megabytes, and is needed to install and never to run. What was built
stays in `~/.cabal/bin`, `~/.cabal/lib` and the store.

## When it is safe
When nothing later calls cabal, neither a RUN nor the image itself; then it is REVIEW.

## What it leaves alone
A later `cabal`, `stack` or `runhaskell`; images without a program of their own, which may be there to build with; an
index that a layer below holds already; stages that do not ship; mounts; `CABAL_DIR`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"cabal"})
def cabal_packages_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("cabal"))
