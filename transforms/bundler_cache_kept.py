"""Delete the .gem archives that Bundler keeps in the layer that fetched them.

## What it does
Runs `rm -rf "$(gem env gemdir)"/cache/*.gem` right behind `bundle install`; in the official ruby images, whose
directory is known, `rm -rf /usr/local/bundle/cache/*.gem`.

## Why it saves
Bundler keeps the archive of each gem beside the gem that it unpacked.

## When it is safe
Only `gem pristine` and `bundle cache` read these archives, and download them where they are missing.

## What it leaves alone
Gems that go elsewhere (`--path`, `--deployment`, `BUNDLE_PATH`, `bundle config path`); a later `bundle cache`,
`bundle package` or `gem pristine`; gems of root's, which another user may not delete; stages that do not ship; a
directory on a mount; a RUN that deletes the archives itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import gems
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"bundle", "bundler"})
def bundler_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        why = gems.elsewhere(file, run) or gems.by_path(run) or gems.pristine(file, run)
        return why or gems.not_writable(file, run)

    return kept(file, gems.placed(file, cache_of("bundler")), against=against)
