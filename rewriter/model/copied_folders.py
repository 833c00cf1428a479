"""Folders of the context that a COPY or ADD brings, and where they lie in the image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rewriter import posixpath
from rewriter.knowledge import fetchers, filetools
from rewriter.model import fetching, paths
from rewriter.model.copied import Copied, copied
from rewriter.model.file import File, Stage, Step
from rewriter.model.scope import State
from rewriter.rule import Ask


class Folder(NamedTuple):
    """A COPY or ADD of a folder of the context. ``target`` is an absolute path, maybe with :func:`fetching.unknown` in front; ""
    where it is not known."""

    step: Step
    copied: Copied
    target: str

    @property
    def source(self) -> str:
        """The folder as it is written."""
        return self.copied.sources[0]

    def rest_of(self, path: str) -> str:
        """The way from the target to a path of the image; "" for one that does not lie in it."""
        inside = paths.inside(path, self.target) and path != self.target
        return path[len(self.target.rstrip("/")) + 1 :] if inside else ""

    def source_of(self, path: str) -> str:
        """Where a path of the image lies in the context; "" where this does not bring it."""
        rest = self.rest_of(path)
        return posixpath.normpath(posixpath.join(self.source.lstrip("/") or ".", rest)) if rest else ""


def folders(file: File, stage: Stage, ask: Ask) -> Iterator[Folder]:
    """The COPYs and ADDs of a stage that bring a folder of the context."""
    listed = ask.files() or ()
    for step in stage.steps:
        if step.name not in ("COPY", "ADD") or step.instruction.heredocs:
            continue
        found = copied(file, step, ask)
        if len(found.sources) != 1 or found.flag("from") is not None or found.remote:
            continue
        target = found.target or on_unknown(stage, step)
        if _is_folder(found.sources[0], found, listed):
            yield Folder(step, found, target)


def on_unknown(stage: Stage, step: Step) -> str:
    """A relative target on a WORKDIR that is not known; "" where that is not it."""
    words = step.instruction.words
    if step.state.workdir or "$" in words[-1]:
        return ""
    return posixpath.normpath(posixpath.join(fetching.unknown(stage, step.index), words[-1]))


def _is_folder(source: str, found: Copied, listed: tuple[str, ...]) -> bool:
    if source in (".", "./", "/", "/."):
        return True
    plain = posixpath.normpath(source).lstrip("/")
    if listed and any(path == plain for path in listed):
        return False
    if any(path.startswith(f"{plain}/") for path in listed):
        return True
    return not (found.file or is_file(source) or any(sign in source for sign in "*?[") or "://" in source)


def shared(folder: Folder, state: State, packages: bool) -> str:
    """Whose folder the target is, where programs look for settings and files of their own in it; "" for one of the project.
    ``packages`` is True where packages of the distribution are installed meanwhile."""
    target = folder.target
    if target == "/":
        return ""  # asked about (`dependencies_first.py`)
    for one in filetools.SYSTEM_DIRECTORIES:
        programs = packages or one == "/etc" or one in filetools.PROGRAM_DIRECTORIES
        if paths.inside(one, target) or (paths.inside(target, one) and programs):
            return "the system"
    home = target in ("/home", state.home) or (not state.root and posixpath.dirname(target) == "/home")
    return "the user" if home else ""


def hangs(target: str) -> bool:
    """True for a target that hangs on a variable whose value is not known."""
    return not target or "$" in target.removeprefix(fetching.symbol(target))


def meet(other: Copied, target: str, folder: str) -> bool:
    """True where a COPY may write into a folder, or over it. A file comes to lie in its target, or is it."""
    if not (paths.inside(target, folder) or paths.inside(folder, target)):
        return False
    into = other.into or (folder != target and paths.inside(folder, target))
    if not into or other.flag("from") is not None or other.unpacks or not all(map(is_file, other.sources)):
        return True
    places = [posixpath.join(target, posixpath.basename(source)) for source in other.sources]
    return any(paths.inside(one, folder) or paths.inside(folder, one) for one in places)


def again(other: Copied, target: str, moved: Sequence[Folder]) -> bool:
    """True for a COPY that brings files which a folder that moves brings to the same places: whichever comes last is the same."""
    if any(other.flag(name) is not None for name in ("from", "chown", "chmod")) or not all(map(is_file, other.sources)):
        return False
    if not other.into and not stands(other.step, target):
        return False  # without the folder the file would get its name
    for source in other.sources:
        plain = posixpath.normpath(source).lstrip("/")
        places = [place for place in lies(other, target, source) if any(one.rest_of(place) for one in moved)]
        if not places or any(one.source_of(place) not in ("", plain) for place in places for one in moved):
            return False
    return all(not one.step.instruction.flags for one in moved)


def stands(step: Step, folder: str) -> bool:
    """True where a folder is certainly there in front of an instruction: the WORKDIR is it, or lies in it."""
    return bool(fetching.symbol(folder)) or (
        bool(step.state.workdir) and paths.inside(step.state.workdir or "", folder)
    )


def lies(other: Copied, target: str, source: str) -> tuple[str, ...]:
    """Where a file that is copied to a target may lie: in it, or, unless it is certainly a folder, under its very name."""
    below = posixpath.join(target, posixpath.basename(source))
    return (below,) if other.into else (below, target)


def is_file(source: str) -> bool:
    """True for a source that is a file by its name."""
    name = posixpath.basename(source.rstrip("/"))
    return name.rstrip("*") in fetchers.manifests() or (
        "." in name.lstrip(".") and not source.endswith("/") and "://" not in source
    )
