"""Keep apk's package index out of the layer.

## What it does
Adds `--no-cache` to `apk add` and `apk upgrade`. `--update`, `--update-cache` and `-U` become it: with `--no-cache`
the index is always fetched.

## Why it saves
apk keeps the index of each repository below `/var/cache/apk`, and the packages too where `/etc/apk/cache` exists.
Nobody reads it again.

## When it is safe
Always since Alpine 3.3, the first release that knows the option: the same packages are installed. An index of an
earlier `apk update` is not needed then, nor is one missed by a later `apk add` that has the option itself. Where the
base image is not known and no command shows that it has the option, this is REVIEW.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that deletes `/var/cache/apk/*` itself, where nothing is left
to save; package files of the author's own; `--no-network`, `--root`, `--cache-dir`; Alpine before 3.3; apk inside `sh
-c "..."`; an image that installs from the index when it is used (`CMD`, `ENTRYPOINT`, `ONBUILD`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import apk, style, uses
from rewriter.model.bases import base_of
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"apk"}, hadolint={"DL3019"})
def apk_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    updates = apk.updates(file)
    return kept(
        file,
        cache_of("apk"),
        fills=_fetches,
        against=lambda run: _against(run, updates.get(run.index)),
        taken=lambda run: _taken(run, updates.get(run.index)),
    )


def _against(run: Run, found: tuple[Run, Command] | None) -> str:
    """Why the index of the ``apk update`` that was found stays whatever ``apk add`` does; "" where it does not."""
    if found is None:
        return apk.wanted_in_use(run.file, run)
    why = apk.needs_index(run.file, *found, cured=True)
    change = apk.without_update(run.file, *found)
    return why or (f"the index of apk update stays: {change.why}" if isinstance(change, style.Refusal) else "")


def _taken(run: Run, found: tuple[Run, Command] | None) -> tuple[str, ...]:
    """What is taken for granted: of the age of the image, and of scripts that may read the index of ``apk update``."""
    return _age(run) + (uses.unseen(run.file, found[0], "the index of apk") if found is not None else ())


def _age(run: Run) -> tuple[str, ...]:
    """What is taken for granted of an image that is neither official nor called alpine, and that has not shown it yet."""
    repository, _ = base_of(run.stage)
    if repository and ("/" not in repository or repository.endswith("/alpine")):
        return ()
    if any(command.has("--no-cache") for other in run.file.runs if other.stage in run.stage.lineage
           for command in other.uses("apk")):  # fmt: skip
        return ()
    return (
        f"{run.stage.lineage[-1].image} is taken to have Alpine 3.3 (December 2015) or later, which knows --no-cache",
    )


def _fetches(command: Command) -> bool:
    """Package files alone (``apk add ./x.apk``) need no index."""
    updates = command.has("-U", "--update", "--update-cache")
    return updates or not apk.package_files(command)
