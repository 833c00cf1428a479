"""Which stages of a file an instruction takes from: FROM, COPY --from and RUN --mount, by a name or by a number.

BuildKit looks a number up for COPY alone, and takes it for the name of an image in a mount; Buildah knows it there as well, so
that it counts. Sources: BuildKit, frontend/dockerfile/dockerfile2llb (convert.go, convert_runmount.go); Buildah,
imagebuildah/stage_executor.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter.model.file import File, Stage, Step
from rewriter.syntax.nodes import Flag
from rewriter.text import Span

_FROM: Final = re.compile(r"(?:^|,)from=([^,]*)")
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class Link(NamedTuple):
    """One stage that an instruction names. ``written`` is its name or number as it stands at ``place``."""

    step: Step
    flag: Flag
    written: str
    place: Span

    @property
    def by_number(self) -> bool:
        return _NUMBER.fullmatch(self.written) is not None


def links(step: Step) -> Iterator[Link]:
    """What the flags of a COPY or a RUN name, stage or image. FROM has no such flag: its stage is ``Stage.parent``."""
    for flag in step.instruction.flags:
        value = flag.value or ""
        found = _FROM.search(value) if flag.name == "mount" and step.name == "RUN" else None
        if flag.name == "from" and step.name in ("COPY", "ADD"):
            yield Link(step, flag, value, Span(flag.span.end - len(value), flag.span.end))
        elif found is not None:
            start = flag.span.end - len(value) + found.start(1)
            yield Link(step, flag, found[1], Span(start, start + len(found[1])))


def meant(file: File, link: Link) -> list[Stage]:
    """The stages that a name or a number means, all of them where several have the name; none for an image."""
    if link.by_number:
        return file.stages[int(link.written) :][:1]
    return [stage for stage in file.stages if stage.name and stage.name == link.written.lower()]


def taken(file: File, stage: Stage) -> list[Stage]:
    """The stages that a stage is built FROM or takes files from."""
    found = [] if stage.parent is None else [stage.parent]
    return found + [one for step in stage.steps for link in links(step) for one in meant(file, link)]


def unreached(file: File) -> list[Stage]:
    """The stages that the last one does not reach, directly or through others, in the order of the file."""
    reached: set[int] = set()
    todo = file.stages[-1:]
    while todo:
        stage = todo.pop()
        if stage.index not in reached:
            reached.add(stage.index)
            todo += taken(file, stage)
    return [stage for stage in file.stages if stage.index not in reached]
