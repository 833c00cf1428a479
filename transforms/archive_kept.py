"""Delete a downloaded archive in the RUN that unpacked it.

## What it does
Writes `&& rm <archive>` right after the command that used it last, for an archive, package or installer that the same
RUN downloaded and unpacked, installed or ran. The path is written as the author wrote it.

## Why it saves
The content is in the image twice: once unpacked, once packed. A later `rm` hides the archive and keeps its bytes.

## When it is safe
When nothing later names the file. Below `/tmp` and `/var/tmp` it is a temporary file of the build that nobody can miss:
SAFE, unless a program that we cannot see through runs after it; elsewhere REVIEW.

## What it leaves alone
Stages that do not ship; archives that the RUN deletes or moves itself; pipes such as `curl ... | tar x`; names that
are only known at build time; downloads that are never unpacked (they are the program); places below a mount or a
volume; what CMD or ENTRYPOINT may hand out: a directory that they name, a glob, the document root of a web server.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.model import download, effects, leftovers, paths
from rewriter.model.caches import span_of
from rewriter.model.effects import Effect, Made, Unpacked
from rewriter.model.file import File
from rewriter.model.leftovers import Useless
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"wget", "curl"})
def archive_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        useless: list[Useless] = []
        for made, effect, unpacked in _kept(run):
            if not run.stage.ships:
                yield from unshipped.once(run.stage, span_of(run, effect.command))
                continue
            judged = _judged(file, run, made, effect, unpacked)
            if isinstance(judged, Decline):
                yield judged
            else:
                useless.append(judged)
        yield from leftovers.deleted(run, useless)


def _kept(run: Run) -> Iterator[tuple[Made, Effect, Unpacked]]:
    """Each downloaded file that a later command of the RUN unpacks, and that is still there at the end."""
    if run.tools.isdisjoint(download.TOOLS):
        return
    found = effects.of(run)
    seen: set[str] = set()
    for made in found.makes:
        if not made.download or made.kind != "file" or made.path in seen:
            continue
        seen.add(made.path)
        if leftovers.gone(found, made) or run.mounted(made.path) or leftovers.in_volume(run, made.path):
            continue
        uses = [
            (effect, unpacked)
            for effect in found.each
            for unpacked in effect.unpacks
            if effect.command.start > made.command.start and _is(unpacked.path, made.path)
        ]
        if uses and _is_done(made.path, uses[-1][1]):
            yield made, *uses[-1]


def _is(unpacked: str, path: str) -> bool:
    """True when the same file is meant for sure: what an rm would delete."""
    return unpacked[:1] == path[:1] and effects.same(unpacked, path)


def _is_done(path: str, unpacked: Unpacked) -> bool:
    """False for a program that was downloaded to be run, now and later."""
    name = posixpath.basename(path).lower()
    if not unpacked.runs or any(paths.inside(path, directory) for directory in filetools.TEMPORARY):
        return True
    return name.endswith(filetools.ARCHIVES) or any(hint in name for hint in ("install", "setup", "get-", "bootstrap"))


def _judged(file: File, run: Run, made: Made, effect: Effect, unpacked: Unpacked) -> Useless | Decline:
    at = span_of(run, effect.command)
    found = effects.of(run)
    wanted = leftovers.wanted_later(file, run, made.path)
    name = leftovers.shown(made.path)
    if wanted.why:
        return Decline(at, wanted.why)
    directories = posixpath.dirname(made.path).split("/")
    if any(part in filetools.SERVED for part in directories):
        return Decline(at, f"{name} lies where a web server may hand it out")
    if any(part in filetools.READ_AT_START for part in directories):
        return Decline(at, f"{name} lies where the image reads each file when it starts")
    link = leftovers.keeps_link(found, made.path)
    if link:
        return Decline(at, f"{link} of the same RUN may depend on {name}")
    last = leftovers.last_use(found, made, run)
    text = made.text if "*" in unpacked.text or "?" in unpacked.text else unpacked.text
    cwd = made.cwd if text is made.text else effect.cwd
    path = leftovers.written(text, made.path, cwd, last.cwd, last.state)
    if path is None:
        return Decline(at, f"how to name {name} after its last use is not known: an absolute path would be needed")
    temporary = any(paths.inside(made.path, directory) for directory in filetools.TEMPORARY)
    unseen = (*leftovers.unseen_after(found, last, name), *wanted.unseen)[:1]
    safety = Safety.SAFE if temporary and not unseen else Safety.REVIEW
    because = (f"this RUN downloads {name} and {effect.command.tool} is done with it", "no later instruction names it")
    return Useless(at, made, last, path, safety, (*because, *unseen))
