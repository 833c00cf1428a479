"""What is not split, and why: a toolchain that does not come with an official image, stages on stages, images to build with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import bases, split_purpose
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.split_stage import Against, Shipped, whole
from rewriter.rule import Decline
from rewriter.text import Span

_REMOVES: Final = frozenset("remove purge autoremove del erase".split())
_INSTALLERS: Final = frozenset("apt-get apt aptitude apk yum dnf microdnf zypper".split())


def left_alone(file: File, key: str, builds: Callable[[Command], bool], why: str = "") -> Decline | None:
    """Why a stage that builds, and is on no official image of the language, stays as it is; None when it does not build, or takes
    away again what builds. ``why`` says it where another reason is known."""
    stage = whole(file)
    runs = [run for run in stage.runs.values() if any(builds(one) for one in run.commands)]
    if not runs:
        return None
    name = languages.fact(key, "name")
    try:
        workbench = kept(stage, key)
    except Against as against:
        return Decline(against.step.span, against.why)
    if workbench is not None:
        return workbench
    if gone(stage, key):
        return None
    if why:
        return Decline(runs[0].span, why)
    image = stage.stage.lineage[-1].image
    images = " or ".join(languages.listed(key, "images")[:3])
    return Decline(
        runs[0].span,
        f"what builds {name} does not come with an official image, but with {image}: only what is built on {images} is split",
    )


def begun(file: File, key: str, builds: Callable[[Command], bool], why: str = "") -> Span | Decline | None:
    """Where the shipped stage begins, which builds on an image of the language; why nothing is split, or None, as in
    :func:`left_alone`."""
    if not any(builds(command) for run in file.runs if run.stage.ships for command in run.commands):
        return None
    if bases.shipped_base(file)[0] not in languages.names(key, "images"):
        return left_alone(file, key, builds, why)
    return lone(file)


def gone(stage: Shipped, key: str) -> bool:
    """True where a RUN takes away what it installs to build: such a stage ships none of it, and nothing is said."""
    return any(taken_away(run, key) for run in stage.runs.values())


def lone(file: File) -> Span | Decline:
    """Where the FROM of the shipped stage stands, which is on no other stage; else why nothing is said of it."""
    stage = file.stages[-1]
    at = stage.steps[0].span
    if stage.parent is not None:
        return Decline(at, "it is built FROM another stage of the file: only one stage is looked at")
    if "@" in stage.image:
        return Decline(at, "the image is named by its digest: which other one runs what it builds is not known")
    return at


def kept(stage: Shipped, key: str, of_another: Callable[[str], str] = lambda tool: "") -> Decline | None:
    """Why an image is one to build with, as far as what it starts says; None when it may run a program. ``of_another`` says why
    a program is of another language, or ""."""
    step, commands = split_purpose.started(stage)
    for command in commands:
        why = split_purpose.workbench(command, key, len(commands) == 1) or of_another(command.tool)
        if why:
            return Decline(step.span, why)
    return None


def name_of(command: Command) -> str:
    """The tool, by the last part of its path, whatever variables stand in front of that."""
    words = command.simple.words[command.head :]
    return command.tool or (posixpath.basename(words[0].raw.strip("\"'")) if words else "")


def taken_away(run: Run, key: str) -> bool:
    """True for a RUN that installs and takes away again what builds, by its name or by a variable that it sets."""
    own = languages.names(key, "brings")
    words = [
        [word.value or word.raw for word in command.arguments]
        for command in run.commands
        if command.tool in _INSTALLERS
    ]
    installed = {word for one in words if _REMOVES.isdisjoint(one) for word in one}
    removed = {word for one in words if not _REMOVES.isdisjoint(one) for word in one}
    variable = any("$" in word for word in installed & removed) and not own.isdisjoint(run.visible.text.split())
    return bool(removed) and (variable or not own.isdisjoint(installed))
