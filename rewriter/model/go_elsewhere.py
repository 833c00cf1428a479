"""Go that does not come with the official image: whether it ships at all, for many a RUN takes it away again; and why a file is
not split whose image is not known, or gets Go in a way that is not followed."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import images
from rewriter.model import bases, golang, paths
from rewriter.model.command import Command
from rewriter.model.file import File, Step
from rewriter.model.go_installed import ARCHIVE, is_package
from rewriter.model.go_purpose import purpose
from rewriter.model.run import Run
from rewriter.model.split_stage import Shipped, whole
from rewriter.rule import Decline

_INSTALLERS: Final = frozenset("apt-get apt aptitude apk apk-install yum dnf microdnf zypper pacman".split())
_UNPACK: Final = frozenset("tar bsdtar unzip mv".split()) | _INSTALLERS
_REMOVES: Final = frozenset("remove purge autoremove del erase".split())
_ROOTS: Final = ("/usr/local/go", "/usr/lib/go")
#: managers of versions of Go, which put it where they like
_VERSIONS: Final = frozenset("godeb gvm goenv asdf snap update-golang g mise".split())


def left_alone(file: File) -> Decline | None:
    """Why a shipped stage with Go that is on no official image stays as it is; None when it ships no Go."""
    stage = whole(file)
    brings = _brings(stage)
    calls = any(one.tool == "go" for run in stage.runs.values() for one in run.commands)
    repository = bases.shipped_base(file)[0]
    if brings is None and not calls and posixpath.basename(repository) != "golang":
        return None
    kept = purpose(stage)
    if kept is not None:
        return Decline(kept.step.span, kept.why)
    if brings is not None and _gone(brings):
        return None
    first = stage.stage.steps[0].span
    where = stage.stage.lineage[-1].image
    if file.stages[-1].parent is not None:
        return Decline(first, f"it is built FROM another stage of the file, on {where}: only one stage is looked at")
    known = golang.fetched(file)
    official = f"golang:{'.'.join(map(str, known))}" if known else "an official golang image"
    unknown = f"what that image sets is not known: on Debian, Ubuntu, Alpine or {official} it could be split"
    if images.starts_in_root(where):
        unknown = "in a way that is not followed: unpacked by tar from what one command fetches, it could be split"
    if brings is not None:
        how = "as a package" if _packaged(brings) else "in an archive"
        return Decline(brings.span, f"Go comes {how}, on {where}, and {unknown}")
    if any(_copies(step) for step in stage.steps):
        return Decline(first, f"its Go is copied to {where}, and {unknown}")
    manager = next((one.tool for run in stage.runs.values() for one in run.commands if one.tool in _VERSIONS), "")
    if manager:
        return Decline(
            first, f"{manager} brings its Go, to a place that is not seen: with an archive it could be split"
        )
    return Decline(first, f"its Go comes with {where}, which is not the official image, or in a way that is not seen")


def taken_away(file: File) -> bool:
    """True where the RUN that brings Go takes it away again."""
    brings = _brings(whole(file))
    return brings is not None and _gone(brings)


def _brings(stage: Shipped) -> Run | None:
    """The first RUN that brings Go."""
    return next((run for run in stage.runs.values() if _packaged(run) or _unpacked(run)), None)


def _copies(step: Step) -> bool:
    """True for a COPY of Go's own folder from another image or stage."""
    copies = any(flag.name == "from" for flag in step.instruction.flags)
    return copies and any(root in step.instruction.body.text for root in _ROOTS)


def _words(command: Command, run: Run) -> list[str]:
    """The words behind the tool; variables of known value are filled in, and may be several words."""
    found = (word.value if word.value is not None else paths.symbolic(word, run.state) for word in command.arguments)
    raw = [word.raw for word in command.arguments]
    return [part for text, word in zip(found, raw, strict=True) for part in (text or word).split()]


def _packaged(run: Run) -> bool:
    """True for a RUN that installs a package of Go."""
    return any(_installs(command, run) for command in run.commands)


def _installs(command: Command, run: Run) -> bool:
    words = _words(command, run)
    if command.tool not in _INSTALLERS or not _REMOVES.isdisjoint(words):
        return False
    return any(is_package(word) for word in words)


def _unpacked(run: Run) -> bool:
    """True for a RUN that fetches an archive of Go; its name may stand in a variable."""
    text = run.visible.text
    named = [value for name, value in run.state.environment.items() if value and name in text]
    return any(ARCHIVE.search(one) for one in (text, *named))


def _gone(brings: Run) -> bool:
    """True when Go is taken away again: in the RUN that brings it, for a later one takes nothing out of the image."""
    groups = {name for command in brings.commands for name in _groups(command, brings)}
    roots = {*_ROOTS, "$GOROOT", brings.state.environment.get("GOROOT")}
    there = False
    for command in brings.commands:
        words = _words(command, brings)
        there = there or command.tool in _UNPACK  # what is deleted before that is an older one
        if there and command.tool == "rm" and any(word.rstrip("/*") in roots for word in words):
            return True
        removes = command.tool in _INSTALLERS and not _REMOVES.isdisjoint(words)
        if removes and any(is_package(word) or word in groups or "$(" in word for word in words):
            return True
    return False


def _groups(command: Command, run: Run) -> list[str]:
    """The names by which what a command installs can be taken away again: a virtual package, or a variable of the shell."""
    words = _words(command, run)
    if command.tool not in _INSTALLERS or not _REMOVES.isdisjoint(words):
        return []
    group = command.option("-t", "--virtual")
    name = group if isinstance(group, str) or group is None else group.value
    own = [name] if name and _installs(command, run) else []
    return [*own, *(word for word in words if word.startswith("$"))]
