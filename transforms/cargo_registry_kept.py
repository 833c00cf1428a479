"""Delete Cargo's registry in the layer that filled it.

## What it does
Appends `rm -rf` of the registry to a RUN that calls `cargo build` or `cargo install`: `/usr/local/cargo/registry` in
the official rust images, `~/.cargo/registry` elsewhere.

## Why it saves
Cargo keeps the index, the archive and the unpacked source of each crate. The built program needs none of them.

## When it is safe
When nothing later calls cargo, neither a RUN nor the image itself; then it is REVIEW.

## What it leaves alone
A later cargo; images without a program of their own, which may be there to build with; a registry that a layer below
holds already (its bytes stay whatever is deleted here); stages that do not ship; mounts; a `CARGO_HOME` of the file's
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model.bases import shipped_base
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

OFFICIAL: Final = "/usr/local/cargo/registry"


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"cargo"})
def cargo_registry_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    cache = cache_of("cargo")
    if shipped_base(file)[0] == "rust":
        cache = cache._replace(clean=f"rm -rf {OFFICIAL}", directories=(OFFICIAL,))
    return kept(file, cache)
