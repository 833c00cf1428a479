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
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.TIDY, touches={"RUN"}, tools={"apk"})
def apk_index_left_behind(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    cache = cache_of("apk")
    unshipped = Unshipped()
    for run in file.runs:
        update = next((command for command in run.uses("apk") if command.subcommand == "update"), None)
        if update is None or update.has("--no-cache", *cache.unless):
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
        why = _needed(file, run, update)
        change = _without(file, run, update)
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


def _needed(file: File, run: Run, update: Command) -> str:
    """Who needs the index, or "" when all that install fetch their own."""
    after = [(run, command) for command in run.uses("apk") if command.start > update.start]
    after += [(later, command) for later in file.later_runs(run) for command in later.uses("apk")]
    for where, command in after:
        if command.subcommand in apk.READERS and not command.has("--no-cache"):
            return f"line {file.line(span_of(where, command).start)} works with the index that apk update fetches"
    wanted = apk.wanted_in_use(file, run)
    if wanted:
        return wanted
    if not any(command.subcommand in ("add", "upgrade") for _, command in after):
        return "nothing after apk update installs, so that its index may be meant for whoever works in the image"
    return ""


def _words_behind(update: Command) -> str:
    """What is to be said about ``apk update apk add bash``, of which a lost ``&&`` makes one command."""
    words = [word.raw for word in update.operands]
    if words[0] == "apk" and len(words) > 2:
        return f"this line does not install {' '.join(words[2:])}: && is missing in front of {' '.join(words[:2])}"
    return f"apk update takes no words, so {' '.join(words)} does nothing: && may be missing in front of it"


def _without(file: File, run: Run, update: Command) -> Change | style.Refusal:
    change = style.remove(run, update)
    alone = len(run.commands) == 1 and run.form == "shell" and not update.wrappers and not update.simple.redirects
    if isinstance(change, Change) or not alone:
        return change
    if run.instruction.comments or file.comments_above(run.instruction):
        return style.Refusal("a comment belongs to it")
    assert run.script is not None
    return Change((style.whole(file, run.instruction),), drops=style.words_of(run.script.text))
