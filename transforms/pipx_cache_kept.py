"""Keep the cache of pipx's pip out of the layer.

## What it does
Adds `--pip-args=--no-cache-dir` to `pipx install`, `pipx inject` and `pipx upgrade`.

## Why it saves
pipx installs with pip, which keeps each package that it downloads below `~/.cache/pip`.

## When it is safe
Always: the option changes what is kept beside the installation, not what is installed.

## What it leaves alone
Stages that do not ship; a cache that is a mount; `PIP_NO_CACHE_DIR` in the environment; a RUN that deletes the
cache itself; a call that hands arguments of its own to pip, since the option is taken once.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pipx"})
def pipx_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("pipx"), fills=_caches, against=_own_arguments)


def _caches(command: Command) -> bool:
    return "--no-cache" not in command.words_text


def _own_arguments(run: Run) -> str:
    if any(command.has("--pip-args") and _caches(command) for command in run.uses("pipx")):
        return "it hands arguments of its own to pip; --no-cache-dir belongs among them"
    return ""
