"""Delete what a RUN put below /tmp and left there.

## What it does
Deletes files that a RUN downloaded or wrote below `/tmp` or `/var/tmp` right after their last use, and source trees
that it cloned or unpacked there, built and installed, at its end.

## Why it saves
Nothing empties `/tmp` in an image: what a RUN leaves there ships.

## When it is safe
When the RUN itself used the file and no later instruction names it. That a program looks for it in `/tmp` at run time
cannot be excluded: REVIEW.

## What it leaves alone
Stages that do not ship; files that nothing in the RUN uses; trees whose build may not have put its result elsewhere;
links, editable installs and search paths into a tree; names that are only known at build time.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import filetools
from rewriter.model import effects, leftovers, paths
from rewriter.model.caches import NOT_SHIPPED, span_of, sudo
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW)
def temporary_files_left(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "/tmp" not in file.source:
        return
    told_of: set[int] = set()
    for run in file.runs:
        for item in (*_files(file, run), *_trees(file, run)):
            if run.stage.ships:
                yield item
            elif run.stage.index not in told_of:
                told_of.add(run.stage.index)
                yield Decline(item.at, NOT_SHIPPED)


def _files(file: File, run: Run) -> Iterator[Finding | Decline]:
    found = effects.of(run)
    unpacked = [one.path for effect in found.each for one in effect.unpacks]
    seen: set[str] = set()
    for made in found.makes:
        if made.kind != "file" or not _temporary(made.path) or made.path in seen:
            continue
        seen.add(made.path)
        if made.command.tool in ("cp", "mv", "ln", "install"):
            continue  # a file, or a name in a directory: which one is not known
        if made.download and made.path in unpacked:
            continue  # an archive, not a temporary file
        if leftovers.gone(found, made) or run.mounted(made.path) or leftovers.in_volume(run, made.path):
            continue
        last = leftovers.last_use(found, made, run)
        at = span_of(run, made.command)
        if last.command is made.command:
            if made.download:
                yield Decline(at, f"nothing in this RUN uses {made.path}, so what it is for cannot be seen")
            continue
        wanted = leftovers.wanted_later(file, run, made.path)
        why = wanted.why or leftovers.keeps_link(found, made.path)
        path = leftovers.written(made.text, made.path, made.cwd, last.cwd)
        if why or path is None:
            yield Decline(at, why if wanted.why else f"{made.path} stays: {why or 'how to name it is not known'}")
            continue
        change = leftovers.insert_after(run, last.command, f"{sudo(made.command)}rm {path}")
        if not isinstance(change, Change):
            yield Decline(at, f"{made.path} stays: {change.why}")
            continue
        because = (f"{last.command.tool} of the same RUN was the last to use it", "no later instruction names it")
        title = f"Delete {made.path} after its last use"
        yield Finding(at, title, change, Safety.REVIEW, (*because, *wanted.unseen))


def _trees(file: File, run: Run) -> Iterator[Finding | Decline]:
    fetched = (tree for tree in leftovers.trees(effects.of(run)) if _temporary(tree.made.path))
    return leftovers.trees_deleted(file, run, fetched)


def _temporary(path: str) -> bool:
    return path not in filetools.TEMPORARY and any(paths.inside(path, directory) for directory in filetools.TEMPORARY)


