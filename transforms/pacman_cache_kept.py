"""Delete pacman's package cache in the layer that filled it.

## What it does
Appends `rm -rf /var/cache/pacman/pkg/*` to a RUN that installs with pacman.

## Why it saves
pacman keeps the archive of each package that it installs. `pacman -Sc` deletes only those of packages that are not
installed, and `pacman -Scc --noconfirm` deletes nothing: the default answer to its question is No.

## When it is safe
Always: the archives are needed to install the same version again without the network, and for nothing else.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that deletes it itself, `yes | pacman -Scc` included; `-Sy`
alone, which fetches the databases only; `--root` and `--cachedir`, whose cache is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pacman"})
def pacman_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return (
        item
        for item in kept(file, cache_of("pacman"), fills=_installs)
        if not any(_emptied(run) for run in file.runs if run.span.start <= item.at.start < run.span.end)
    )


def _installs(command: Command) -> bool:
    """``-S name``, ``-Su``: archives are downloaded. ``-U file`` takes one that is there."""
    named = any(not word.raw.startswith("-") for word in command.arguments)
    return command.has("-S", "--sync") and (named or command.has("-u", "--sysupgrade"))


def _emptied(run: Run) -> bool:
    """``yes | pacman -Scc`` after all installations."""
    last = list(run.uses("pacman"))[-1]
    return last.place.piped and any(word.raw.startswith("-Scc") for word in last.arguments)
