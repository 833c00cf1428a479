"""Delete the package archives that littler's R installers leave in /tmp.

## What it does
Appends `rm -rf /tmp/downloaded_packages` to a RUN that calls `install2.r` or its siblings.

## Why it saves
littler does not make a temporary directory per session as R does, so the source archives of all packages stay in
`/tmp/downloaded_packages` when it ends.

## When it is safe
Always: the packages are installed from these archives, and nothing reads them again.

## What it leaves alone
`R -e 'install.packages(...)'` and `Rscript`, which delete their session's directory when they end; stages that do not
ship; `/tmp` on a mount; a RUN that deletes them itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"install2.r", "install.r", "installGithub.r", "installBioc.r"})
def r_downloads_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("r"))
