"""What must hold when a stage becomes two: nothing is lost or changed, and nothing is new but what a stage needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rewriter.model.file import File, Step
from rewriter.rule import Split

#: the instructions that a split may write anew
ADDED: Final = frozenset(("FROM", "RUN", "COPY", "WORKDIR", "ARG", "ENV", "USER"))

Line = tuple[str, ...]


def difference(old: File, new: File, split: Split) -> str:
    """Why ``new`` is not ``old`` with its last stage split as declared, or ""."""
    before = [(stage.image, stage.name) for stage in old.stages]
    builder, last = (before[-1][0], split.builder.lower()), (split.image, before[-1][1])
    if split.name.lower() != before[-1][1]:
        return "the last stage would lose its name"
    if [(stage.image, stage.name) for stage in new.stages] != [*before[:-1], builder, last]:
        return "the stages would not be those of the split"
    if _others(old, 1) != _others(new, 2):
        return "an instruction of another stage would differ"
    own, made, shipped = (file.stages[at].steps[1:] for file, at in ((old, -1), (new, -2), (new, -1)))
    source, result = lines_of(old, own), lines_of(new, [*made, *shipped])
    lost = Counter(source) - Counter(result)
    if lost:
        return f"{_shown(lost)} would be lost"
    added = Counter(result) - Counter(source)
    strange = Counter(line for line in added.elements() if line[0] not in ADDED)
    if strange:
        return f"{_shown(strange)} would be added"
    for steps, which in ((made, "builder"), (shipped, "final")):
        kept = [line for line in lines_of(new, steps) if not added[line]]
        if not _in_order(kept, source):
            return f"the instructions of the {which} stage would come in another order"
    return ""


def _others(file: File, last: int) -> list[list[Line]]:
    """The stages in front of the ``last`` ones."""
    return [lines_of(file, stage.steps) for stage in file.stages[:-last]]


def lines_of(file: File, steps: Iterable[Step]) -> list[Line]:
    """Each instruction by its name, text, flags and here-documents."""
    return [
        (
            step.name,
            step.instruction.body.text,
            *(f"{flag.name}={flag.value}" for flag in step.instruction.flags),
            *(document.content.of(file.source) for document in step.instruction.heredocs),
        )
        for step in steps
    ]


def _shown(lines: Counter[Line]) -> str:
    name, text = next(iter(lines))[:2]
    return f"{name} {text[:40]}"


def _in_order(lines: list[Line], source: list[Line]) -> bool:
    """True when ``lines`` come in the order of ``source``, gaps allowed."""
    rest = iter(source)
    return all(any(line == other for other in rest) for line in lines)
