"""Delete Go's build cache in the layer that filled it.

## What it does
Appends `rm -rf ~/.cache/go-build` to a RUN that calls `go build`, `go install`, `go get` or `go test`.

## Why it saves
Since Go 1.10 the compiler keeps the object file of each package that it compiled, those of the standard library
included.

## When it is safe
The cache only saves compile time. `rm` is used and not `go clean -cache`, which Go before 1.10 does not know.

## What it leaves alone
Images that call go themselves (`CMD ["go", "run", ...]`, a watcher) or are there to build with: they would compile
all of it again; Go before 1.10, which has no such cache; `GOCACHE`; a cache on a mount; stages that do not ship; a
RUN that cleans by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge import images
from rewriter.knowledge.caches import cache_of
from rewriter.model import apt, golang, uses
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform

#: sources of packages that bring a newer Go to an old release
_OTHER_SOURCES: Final = ("/golang", "ppa:gophers", "lxd-stable", "backports")


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"go"})
def go_build_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if golang.older(file, (1, 10)) or _old_distribution(file):
        return iter(())  # Go has a build cache since 1.10, which came with Ubuntu 18.04 and Debian 10

    def against(run: Run) -> str:
        user = uses.at_run_time(file, run, cache_of("go-modules").needed_by) or uses.workbench(file, run)
        return f"{user}; without the cache it would compile everything again" if user else ""

    return kept(file, cache_of("go-build"), fills=golang.compiles, against=against)


def _old_distribution(file: File) -> bool:
    """True when Go is a package of a release that has an older one than 1.10, and no other source of packages is named."""
    asked = {
        name for run in file.runs for one in run.commands if apt.is_apt(one, "install") for name in apt.asked_for(one)
    }
    if asked.isdisjoint(("golang", "golang-go")) or any(sign in file.source for sign in _OTHER_SOURCES):
        return False
    return images.older(file.stages[-1].lineage[-1].image, "bionic")
