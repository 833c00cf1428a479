"""Clean yum's and dnf's cache in the layer that filled it.

## What it does
Appends `yum clean all && rm -rf /var/cache/yum` to a RUN that installs with yum, `dnf clean all` for dnf, and the
like for microdnf and tdnf, in the author's own style.

## Why it saves
Each call fetches the metadata of every repository, tens of megabytes. `keepcache=0` keeps packages out of the
cache, not metadata. `yum clean all` passes over repositories that are not enabled at that moment, so its directory
goes as well.

## When it is safe
When nothing later in the image works from the cache alone (`-C`, `--cacheonly`). Where yum runs only under a
condition, or its repositories are taken away in the same RUN, `yum clean all` might fail; there the directory alone
goes.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that cleans it itself, in any spelling; `--installroot`,
whose cache is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model.cache_filled import does
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform

TOOLS: Final = ("yum", "dnf", "microdnf", "tdnf")
REPOSITORIES: Final = "/etc/yum.repos.d"


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={*TOOLS, "dnf5", "dnf-3"}, hadolint={"DL3032", "DL3040"})
def yum_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        for later in file.later_runs(run):
            if any(command.has("-C", "--cacheonly") for command in later.uses(*TOOLS)):
                return f"line {file.line(later.span.start)} works from this cache alone"
        return ""

    for tool in TOOLS:
        yield from kept(file, cache_of(tool), against=against, plain=_without_repositories)


def _without_repositories(run: Run, command: Command) -> bool:
    """True when ``clean all`` might find no enabled repository, which is an error."""
    if command.has("--disablerepo"):
        return True
    return any(
        (other.tool in ("rm", "mv") and REPOSITORIES in other.words_text) or does(other, "rpm -e")
        for other in run.commands
        if other.start > command.start
    )
