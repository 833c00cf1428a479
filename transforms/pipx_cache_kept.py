"""Keep the cache of pipx's pip out of the layer.

## What it does
Adds `--pip-args=--no-cache-dir` to `pipx install`, `pipx inject` and `pipx upgrade`.

## Why it saves
pipx installs with pip, which keeps each package that it downloads below `~/.cache/pip`.

## When it is safe
Always: the option changes what is kept beside the installation, not what is installed.

## What it leaves alone
Stages that do not ship; a cache that is a mount; `PIP_NO_CACHE_DIR` in the environment; a RUN that deletes the cache itself;
a call that hands arguments of its own to pip, since the option is taken once.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept, span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pipx"})
def pipx_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    yield from kept(file, cache_of("pipx"), fills=lambda command: not command.has("--pip-args"))
    for run in file.runs:
        for command in run.uses("pipx") if run.stage.ships else ():
            if command.has("--pip-args") and "cache" not in command.words_text and not _off(command):
                yield Decline(span_of(run, command), "it hands arguments of its own to pip; --no-cache-dir belongs among them")


def _off(command: Command) -> bool:
    return any(name.startswith("PIP_") and "CACHE" in name for name, _ in command.environment)
