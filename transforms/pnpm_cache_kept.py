"""Drop pnpm's metadata and unlinked packages in the layer that fetched them.

## What it does
Runs `pnpm store prune` right behind `pnpm install`, `pnpm add`, `pnpm fetch` and the like.

## Why it saves
pnpm keeps the metadata of each package that it looked at, often tens of megabytes, and packages in its store that
`node_modules` does not link to. The packages that are linked cost nothing twice: they are hard links to the same
files. Where pnpm had to copy instead of linking, the whole store goes.

## When it is safe
`prune` only removes what no `node_modules` of this file system links to.

## What it leaves alone
Stages that do not ship; a store on a mount, or moved by `--store-dir`; `pnpm fetch` before a later `pnpm install`,
which reads what was fetched; a RUN that prunes by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pnpm"}, hadolint={"DL3060"})
def pnpm_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        if all(command.subcommand != "fetch" for command in run.uses("pnpm")):
            return ""
        user = uses.later(file, run, {"pnpm"})
        return f"{user}, which installs from what pnpm fetched here" if user else ""

    return kept(file, cache_of("pnpm"), against=against)
