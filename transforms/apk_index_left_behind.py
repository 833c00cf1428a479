"""Take out an `apk update` whose index nobody reads.

## What it does
Deletes `apk update` from a RUN, or a RUN that is nothing else, where every `apk add` and `apk upgrade` that could
read the index has `--no-cache` and fetches its own.

## Why it saves
`apk update` stores the index of each repository below `/var/cache/apk`, where it stays in the layer.

## When it is safe
When something after it installs with `--no-cache`, and nothing after it, ONBUILD included, installs without. A
script that we cannot see might: then this is REVIEW.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that deletes the index itself; an image that updates and
installs nothing, whose index may be meant for whoever works in it; `apk update` with `;` or `||` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import apk, style, uses
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.TIDY, touches={"RUN"}, tools={"apk"})
def apk_index_left_behind(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    cache = cache_of("apk")
    unshipped = Unshipped()
    for run in file.runs:
        update = next((command for command in run.uses("apk") if command.subcommand == "update"), None)
        if update is None or not apk.fetches_index(update):
            continue
        if any(run.mounted(one) for one in (*cache.directories, *cache.elsewhere)):
            continue
        if run.removes(cache.directories[0], update.start):
            continue
        at = span_of(run, update)
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        if update.operands:
            yield Decline(at, _words_behind(update))
            continue
        why = apk.needs_index(file, run, update)
        change = apk.without_update(file, run, update)
        if why or isinstance(change, style.Refusal):
            yield Decline(at, why or f"apk update stays: {change.why if isinstance(change, style.Refusal) else ''}")
            continue
        unseen = uses.unseen(file, run, "the index of apk")
        because = (
            "each apk add or apk upgrade after it has --no-cache and fetches its own index",
            *unseen,
            cache.source,
        )
        yield Finding(at, "Take out apk update", change, Safety.REVIEW if unseen else Safety.SAFE, because)


def _words_behind(update: Command) -> str:
    """What is to be said about ``apk update apk add bash``, of which a lost ``&&`` makes one command."""
    words = [word.raw for word in update.operands]
    if words[0] == "apk" and len(words) > 2:
        return f"this line does not install {' '.join(words[2:])}: && is missing in front of {' '.join(words[:2])}"
    return f"apk update takes no words, so {' '.join(words)} does nothing: && may be missing in front of it"
