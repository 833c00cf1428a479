"""Delete Go's module cache in the layer that filled it.

## What it does
Appends `rm -rf /go/pkg/mod` to a RUN of an official golang image that downloads modules and builds from them.

## Why it saves
Go keeps the archive and the unpacked source of each module. The built program needs none of them.

## When it is safe
When nothing later calls go, neither a RUN nor the image itself; then it is REVIEW.

## What it leaves alone
A later go, or a watcher that calls it; images without a program of their own; modules that a layer below holds
already, as after `go mod download` in a RUN of its own; Go before 1.11; `-mod=vendor`; another GOPATH, user or base
image; mounts; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import golang
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"go"})
def go_module_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if not golang.official(file) or golang.older(file, (1, 11)) or not golang.has_modules(file):
        return iter(())
    return kept(file, cache_of("go-modules"), fills=golang.downloads, against=golang.not_root)
