"""Clean zypper's cache in the layer that filled it.

## What it does
Appends `zypper clean --all` to a RUN that installs with zypper. Where the author wrote `zypper clean`, it adds
`--all`.

## Why it saves
zypper keeps the metadata of every repository and the solver's copy of it. `zypper clean` without `--all` deletes
only packages.

## When it is safe
Always: zypper fetches metadata again when it needs it.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that cleans it itself; `--root` and `--cache-dir`, whose
cache is elsewhere; zypper under a condition is cured by deleting the directory.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import style
from rewriter.model.cache_filled import does
from rewriter.model.caches import kept, span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, transform
from rewriter.syntax.script import Word


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"zypper"}, hadolint={"DL3036"})
def zypper_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    cache = cache_of("zypper")
    for item in kept(file, cache):
        run = next(one for one in file.runs if one.span.start <= item.at.start < one.span.end)
        half = _half(run)
        change = style.insert_after(run, _verb(half).end, "--all") if half else None
        if half is None or not isinstance(item, Finding) or not isinstance(change, Change):
            yield item
            continue
        because = ("zypper clean without --all leaves the metadata of every repository", cache.source)
        yield Finding(span_of(run, half), "Add --all to zypper clean", change, cache.safety, because)


def _half(run: Run) -> Command | None:
    """The ``zypper clean`` that no call of zypper follows, when it cleans all repositories."""
    last = list(run.uses("zypper"))[-1]
    cleans = does(last, "zypper clean") or does(last, "zypper cc")
    return last if cleans and last.editable and not last.operands else None


def _verb(command: Command) -> Word:
    return next(word for word in command.arguments if word.value == command.subcommand)
