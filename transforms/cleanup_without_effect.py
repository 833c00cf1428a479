"""Drop a RUN that only deletes a package cache which is empty by then.

## What it does
Takes out a whole `RUN rm -rf /var/lib/apt/lists/*`, `RUN rm -rf /var/cache/apk/*` or `RUN yum clean all` where each
RUN above it that fills the cache cleans it itself.

## Why it saves
A clean-up in a layer of its own deletes nothing from the image: the bytes are in the layers below. Once these are clean
it makes an empty layer, and says that the image is being cleaned when it is not.

## When it is safe
On official Debian, Ubuntu and Alpine based images, which come with empty package indexes, it deletes nothing: SAFE.
The official images with yum or dnf come without metadata, but not always without its directories: REVIEW, as where a
RUN above calls a program that we cannot see through.

## What it leaves alone
Stages that do not ship; caches that a RUN above leaves full; other base images, whose own cache may be what is meant;
whatever else the same RUN deletes (`/tmp/*`: what is there cannot be seen); a RUN with a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge import images
from rewriter.model import apt, cleanup, effects, paths
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform

_DIRECTORIES: Final = {
    "apt": ("/var/lib/apt/lists",),
    "apk": ("/var/cache/apk",),
    "yum": ("/var/cache/yum", "/var/cache/dnf"),
}
_OFFICIAL: Final = {
    "apk": ("alpine",),
    "yum": ("centos", "fedora", "rockylinux", "almalinux", "oraclelinux", "amazonlinux"),
}
_YUM: Final = ("yum", "dnf", "microdnf")


@transform(phase=Phase.TIDY, touches={"RUN"}, tools={"rm", *_YUM})
def cleanup_without_effect(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        kinds = [_cleans(run, command) for command in run.commands]
        if not any(kinds):
            continue
        if not run.stage.ships:
            yield from unshipped.once(run.stage, run.span)
        elif all(kinds):
            yield _judged(file, run, {kind for kind in kinds if kind})


def _cleans(run: Run, command: Command) -> str:
    """The package manager whose cache, and nothing else, the command cleans; "" for any other command."""
    if command.tool in _YUM:
        return "yum" if command.subcommand == "clean" and [word.value for word in command.operands] == ["all"] else ""
    gone = list(paths.emptied(command, run.state))
    if command.tool != "rm" or not gone or len(gone) != len(command.operands):
        return ""
    found = {_kind(path) for path in gone}
    return found.pop() if len(found) == 1 else ""


def _kind(path: str) -> str:
    matching = (kind for kind, places in _DIRECTORIES.items() if any(paths.inside(path, place) for place in places))
    return next(matching, "")


def _judged(file: File, run: Run, kinds: set[str]) -> Finding | Decline:
    above = _above(file, run)
    for other in above:
        line = file.line(other.instruction.keyword.start)
        if other.script is None:
            return Decline(run.span, f"line {line} cannot be read, so whether it fills the cache is not known")
        for kind in kinds:
            if _fills(other, kind):
                return Decline(run.span, f"line {line} leaves {_DIRECTORIES[kind][0]} full, which is where to clean it")
    if run.instruction.comments or file.comments_above(run.instruction):
        return Decline(run.span, "it deletes nothing, but a comment belongs to it")
    if run.instruction.flags or run.instruction.heredocs:
        return Decline(run.span, "it deletes nothing, but has flags or a here-document")
    change, _ = cleanup.whole(file, run)
    image = _image(run)
    if not _known(file, run, kinds, image):
        return Decline(run.span, f"what {image} brings in this cache is not known")
    doubts = tuple(_doubts(file, above, image, kinds))
    because = ("no RUN above leaves this cache full", "what a lower layer holds cannot be deleted in a later one")
    title = "Drop a clean-up that deletes nothing"
    return Finding(run.span, title, Change(change.edits, drops=change.drops),
                   Safety.REVIEW if doubts else Safety.SAFE, (*because, *doubts))  # fmt: skip


def _above(file: File, run: Run) -> list[Run]:
    """The RUNs whose layers are below: of the stage, and of the stages that it is built from."""
    return [other for other in file.runs if other.stage in run.stage.lineage and other.index < run.index]


def _fills(run: Run, kind: str) -> bool:
    if kind == "apt":
        last = apt.last_fetch(run)
        return last is not None and not apt.clears(run, last.start)
    if kind == "apk":
        calls = [command for command in run.uses("apk") if not command.has("--no-cache")]
        filling = [command for command in calls if command.subcommand in ("add", "update", "upgrade", "fix")]
        return bool(filling) and not run.removes("/var/cache/apk", filling[-1].start)
    calls = [command for command in run.uses(*_YUM) if command.subcommand not in ("clean", "")]
    cleaned = any(c.subcommand == "clean" and c.start > calls[-1].start for c in run.uses(*_YUM)) if calls else True
    return not cleaned and not any(run.removes(place, calls[-1].start) for place in _DIRECTORIES["yum"])


def _known(file: File, run: Run, kinds: set[str], image: str) -> bool:
    """True for official images, which come without package indexes."""
    if kinds == {"apt"}:
        return bool(apt.official(file, run))
    return image in _OFFICIAL.get("".join(kinds), ())


def _doubts(file: File, above: list[Run], image: str, kinds: set[str]) -> Iterator[str]:
    if kinds == {"yum"}:
        yield f"{image} is taken to come without metadata of its repositories"
    for other in above:
        program = next((effect.command.tool for effect in effects.of(other).each if effect.anything), "")
        if program:
            yield f"line {file.line(other.instruction.keyword.start)} runs {program}, which is taken not to fill it"
            return


def _image(run: Run) -> str:
    return images.named(run.stage.lineage[-1].image)[0]
