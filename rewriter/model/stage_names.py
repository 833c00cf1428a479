"""A name for a stage that is only called by its number, as its author would write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rewriter.model import stage_links
from rewriter.model.file import File, Stage

#: what BuildKit takes for a name (frontend/dockerfile/instructions/parse.go)
_NAME: Final = re.compile(r"[a-z][a-z0-9-_.]*", re.ASCII)
#: what a stage that builds is called: of 891 that have a name in a corpus of 8,901 files 245 are "builder", 131 "build"
_BUILDS: Final = ("builder", "build")
#: images of a system, or of everything: their names do not tell what a stage is for
_SYSTEMS: Final = frozenset(
    "alpine debian ubuntu centos fedora busybox scratch buildpack-deps amazonlinux archlinux almalinux rockylinux oraclelinux "
    "baseimage base build builder context".split()
)


def choose(file: File, stage: Stage, nameless: list[Stage]) -> str:
    """A name that is free; "" where there is none that says more than the number. ``nameless`` are the stages that need one."""
    taken = _taken(file)
    return next((one for one in _candidates(file, stage, nameless) if one not in taken), "")


def _candidates(file: File, stage: Stage, nameless: list[Stage]) -> Iterator[str]:
    """One that builds is called so; the image tells several apart, or what a stage brings that runs nothing."""
    image = file.image_of(stage).lower()
    if len(nameless) == 1 and any(step.name == "RUN" for step in stage.steps):
        yield from _BUILDS
    elif (
        _NAME.fullmatch(image)
        and image not in _SYSTEMS
        and [file.image_of(one).lower() for one in nameless].count(image) == 1
    ):
        yield from (image, f"{image}-stage")


def _taken(file: File) -> set[str]:
    """Names of stages, and what else would mean the stage if it had that name: images, and defaults that may name one."""
    called = (link.written for stage in file.stages for step in stage.steps for link in stage_links.links(step))
    words = {stage.image for stage in file.stages} | {stage.name for stage in file.stages} | set(called)
    defaults = {part for one in file.preamble for part in re.split(r"[\s=\"']+", one.body.text)}
    return {word.lower() for word in words | defaults}


def keyword(file: File, stage: Stage) -> str:
    """``AS`` as the file writes it: as in another FROM, else as FROM itself is written."""
    named = next((one for one in file.stages if one.name), None)
    if named is not None:
        return named.steps[0].instruction.body.text.split()[1]
    return "as" if stage.steps[0].instruction.keyword.of(file.source).islower() else "AS"


def as_written(stage: Stage) -> str:
    """The name that a stage has, in its author's letters."""
    return stage.steps[0].instruction.body.text.split()[-1] if stage.name else ""
