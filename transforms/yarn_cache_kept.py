"""Empty Yarn's package cache in the layer that filled it.

## What it does
Runs `yarn cache clean` right behind `yarn`, `yarn install`, `yarn add` and `yarn global add` of Yarn 1.

## Why it saves
Yarn 1 keeps each package unpacked in its cache: below `/usr/local/share/.cache` for root, `~/.cache` for others. That
is a full second copy of `node_modules`.

## When it is safe
With Yarn 1, whose cache is only read to save downloads. Where the Dockerfile copies a project that might bring a
newer Yarn with it, Yarn 1 is an assumption, and the change is REVIEW.

## What it leaves alone
Yarn 2 and later (`.yarnrc.yml`, `.yarn`, `corepack`, `yarn set version`, `--immutable`): there the cache may be what
the program loads its packages from. Stages that do not ship; a cache on a mount or moved; a RUN that cleans by
itself; a cache from which `yarn install --offline` installs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses, yarn
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform

ASSUMED: Final = "the project is taken not to bring Yarn 2 or later with it"


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"yarn", "yarnpkg"}, hadolint={"DL3060"})
def yarn_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(
        file,
        cache_of("yarn"),
        against=lambda run: yarn.modern(file, ask) or uses.offline(file, run, "yarn"),
        taken=lambda run: () if yarn.classic(run, ask) else (ASSUMED,),
    )
