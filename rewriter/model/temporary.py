"""What the commands of one RUN put below /tmp or /var/tmp and leave there, with the edit that takes it away."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter import posixpath
from rewriter.knowledge import filetools, tools
from rewriter.model import effects, leftovers, paths, source_trees
from rewriter.model.caches import span_of
from rewriter.model.effect import Effect, Effects, Made
from rewriter.model.file import File
from rewriter.model.leftovers import Useless
from rewriter.model.run import Run
from rewriter.rule import Decline, Finding, Safety


def files(file: File, run: Run) -> Iterator[Finding | Decline]:
    found = effects.of(run)
    unpacked = [one.path for effect in found.each for one in effect.unpacks]
    seen: set[str] = set()
    useless: list[Useless] = []
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
        last = _read_beside(found, made, leftovers.last_use(found, made, run))
        at = span_of(run, made.command)
        if last.command is made.command:
            if made.download:
                yield Decline(at, f"nothing in this RUN uses {made.path}, so what it is for cannot be seen")
            continue
        wanted = leftovers.wanted_later(file, run, made.path)
        why = wanted.why or leftovers.keeps_link(found, made.path)
        path = leftovers.written(made.text, made.path, made.cwd, last.cwd, last.state)
        if why or path is None:
            yield Decline(at, why if wanted.why else f"{made.path} stays: {why or 'how to name it is not known'}")
            continue
        because = (f"{last.command.tool} of the same RUN was the last to use it", "no later instruction names it")
        unseen = (*leftovers.unseen_after(found, last, made.path), *wanted.unseen)[:1]
        if unseen and not made.download:  # what is written for one program may be written for another
            why = "this RUN wrote it, and programs that run later may read it without being told its name"
            yield Decline(at, f"{made.path} stays: {why}")
            continue
        useless.append(Useless(at, made, last, path, Safety.REVIEW, (*because, *unseen)))
    yield from leftovers.deleted(run, useless)


def _read_beside(found: Effects, made: Made, last: Effect) -> Effect:
    """``last``, or a later call of pip that reads another file of the same directory: requirements may name those beside them."""
    if tools.canonical(last.command.tool) != "pip":
        return last
    folder, start = posixpath.dirname(made.path), last.command.start
    for effect in found.each:
        if effect.command.start > start and tools.canonical(effect.command.tool) == "pip":
            last = effect if any(posixpath.dirname(read) == folder for read in effect.reads) else last
    return last


def trees(file: File, run: Run) -> Iterator[Finding | Decline]:
    fetched = (tree for tree in source_trees.trees(effects.of(run)) if _temporary(tree.made.path))
    return source_trees.trees_deleted(file, run, fetched)


def _temporary(path: str) -> bool:
    return path not in filetools.TEMPORARY and any(paths.inside(path, directory) for directory in filetools.TEMPORARY)
