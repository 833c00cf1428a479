"""Empty Composer's package cache in the layer that filled it.

## What it does
Runs `composer clear-cache` right behind `composer install`, `update`, `require`, `create-project` and `global
require`, the way the author calls Composer (`php composer.phar`, a path, another user).

## Why it saves
Composer keeps the archive of each package and the metadata of its repositories, beside the copy in `vendor`.

## When it is safe
Composer reads the cache only to save downloads. The command stands behind the installation itself, because a later
command of the same RUN may delete composer.phar.

## What it leaves alone
Stages that do not ship; a cache on a mount; `--no-cache` or `COMPOSER_CACHE_DIR`; a RUN that clears by itself;
composer inside `sh -c "..."` or `su -c "..."`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"composer", "composer.phar"})
def composer_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("composer"))
