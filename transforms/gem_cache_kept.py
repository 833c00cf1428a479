"""Delete the .gem archives that RubyGems keeps in the layer that fetched them.

## What it does
Runs `rm -rf "$(gem env gemdir)"/cache/*.gem` right behind `gem install` and `gem update`; in the official ruby
images, whose directory is known, `rm -rf /usr/local/bundle/cache/*.gem`.

## Why it saves
RubyGems keeps the archive of each gem beside the gem that it unpacked.

## When it is safe
Only `gem pristine` reads these archives, and downloads them where they are missing.

## What it leaves alone
Stages that do not ship; a directory on a mount; `--install-dir` and `--user-install`, which put it elsewhere; an
image that calls `gem pristine` later; gems of root's, which another user may not delete; a RUN that deletes the
archives itself; gem inside `bash -c "..."`, where rvm often brings it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import gems
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"gem"})
def gem_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    cache = gems.placed(file, cache_of("gem"))

    def against(run: Run) -> str:
        return gems.by_path(run) or gems.pristine(file, run) or gems.not_writable(file, run)

    return kept(file, cache, against=against)
