"""Delete Stack's package index in the layer that fetched it.

## What it does
Appends `rm -rf ~/.stack/pantry ~/.stack/indices` to a RUN that calls `stack build`, `install`, `setup` or `test`.

## Why it saves
Stack keeps the index of Hackage and a database made of it: more than a gigabyte, needed to build and never to run.

## When it is safe
When nothing later calls stack, neither a RUN nor the image itself; then it is REVIEW. The compiler
(`~/.stack/programs`) and the built packages (`~/.stack/snapshots`) stay: a program may load data files from there.

## What it leaves alone
A later `stack`, `cabal` or `runhaskell`; images without a program of their own; an index that a layer below holds
already; stages that do not ship; mounts; `STACK_ROOT`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"stack"})
def stack_index_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("stack"))
