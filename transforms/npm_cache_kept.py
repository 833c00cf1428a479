"""Empty npm's package cache in the layer that filled it.

## What it does
Runs `npm cache clean --force` right behind `npm install`, `npm ci`, `npm update` and their aliases; removes `~/.npm`
after an `npx` that fetches the package which it runs.

## Why it saves
npm keeps the archive of each package that it installs below `~/.npm`: a second, compressed copy of `node_modules`.
`npx` keeps whole installed packages there.

## When it is safe
npm only reads the cache to save downloads. The command stands behind the installation itself, because a later command
of the same RUN may remove npm.

## What it leaves alone
Stages that do not ship; a cache on a mount, or moved by `--cache` or `npm_config_cache`; a RUN that cleans by itself;
npm inside `sh -c "..."`, whose PATH and user may be others; what npx fetched where the image itself calls npx; a
cache from which a later `npm install --offline` or `--prefer-offline` installs.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"npm", "npx"}, hadolint={"DL3060"})
def npm_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    yield from kept(file, cache_of("npm"), against=lambda run: uses.offline(file, run, "npm"))

    def against(run: Run) -> str:
        user = uses.later(file, run, {"npx"})
        return f"{user}, which may use what npx fetched here" if user else ""

    yield from kept(file, cache_of("npx"), fills=_fetches, against=against)


def _fetches(command: Command) -> bool:
    """``npx`` runs a program of node_modules when there is one; these calls name a package to fetch."""
    for word in command.arguments:
        text = word.value or ""
        if text.partition("=")[0] in ("-y", "--yes", "-p", "--package"):
            return True
        if not text.startswith("-"):
            return text.startswith("create-") or "@" in text[1:]
    return False
