"""What must hold when COPYs go behind a later RUN: nothing is lost, and nothing is new but COPYs of a part of theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from rewriter import posixpath
from rewriter.model.file import File
from rewriter.rule import Reorder
from rewriter.splits import Line, lines
from rewriter.syntax.nodes import Instruction

_KINDS: Final = ("COPY", "ADD")
#: what may stand between the halves of a RUN that becomes two
_CUT: Final = re.compile(r"\s*&&\s*")


def difference(old: File, new: File, reorders: Sequence[Reorder]) -> str:
    """Why ``new`` is not ``old`` with the COPYs moved as declared, or ""."""
    if len(old.stages) != len(new.stages):
        return "the stages would differ"
    for before, after in zip(old.stages, new.stages, strict=True):
        declared = [one for one in reorders if one.stage == before.index]
        why = _of_stage(lines(old, before.steps), lines(new, after.steps), declared)
        if why:
            return why
        wholes = [step.instruction for step in before.steps if step.instruction.body.text in _moved(declared)]
        for part in (step.instruction for step in after.steps):
            if part.body.text in _added(declared) and not any(_part_of(part, whole) for whole in wholes):
                return f"{part.name} {part.body.text[:40]} would bring more than the COPY that moves"
    return ""


def _moved(declared: Sequence[Reorder]) -> list[str]:
    return [text for one in declared for text in one.moved]


def _added(declared: Sequence[Reorder]) -> list[str]:
    return [text for one in declared for text in one.added]


def _of_stage(before: list[Line], after: list[Line], declared: Sequence[Reorder]) -> str:
    """Why the lines of a stage are not as declared, or ""."""
    moved = [line for line in before if line[0] in _KINDS and line[1] in _moved(declared)]
    if sorted(line[1] for line in moved) != sorted(_moved(declared)):
        return "the COPYs that move are not those of the finding"
    added = [line for line in (Counter(after) - Counter(before)).elements() if line[0] in _KINDS]
    if sorted(line[1] for line in added) != sorted(_added(declared)):
        return "the COPYs that are added are not those of the finding"
    rest, kept = (_without(each, gone) for each, gone in ((before, moved), (after, added)))
    result = None if kept is None else _without(kept, moved)
    if rest is None or kept is None or result is None:
        return "a COPY would be lost"
    for one in declared:
        result = _joined(rest, result, one) if one.cut and result is not None else result
        why = _behind_a_run(before, kept, one)
        if why:
            return why
    return "" if rest == result else "instructions other than those COPYs would differ"


def _behind_a_run(before: list[Line], kept: list[Line], one: Reorder) -> str:
    """Why COPYs would not go together behind a RUN that was behind them, or ""."""
    texts = [line[1] for line in kept if line[0] in _KINDS and line[1] in one.moved]
    places = [at for at, line in enumerate(kept) if line[0] in _KINDS and line[1] in one.moved]
    if texts != list(one.moved) or places != list(range(places[0], places[0] + len(places))):
        return "the COPYs that move would not stay together, in their order"
    start = next(at for at, line in enumerate(before) if line[1] == one.moved[0])
    runs = [sum(line[0] == "RUN" for line in part) for part in (before[:start], kept[: places[0]])]
    if kept[places[0] - 1][0] != "RUN" or runs[0] >= runs[1]:
        return "the COPYs would not go behind a RUN that was behind them"
    return ""


def _part_of(part: Instruction, whole: Instruction) -> bool:
    """True for a COPY with the same name and flags, all of whose sources lie in the one source of another, and its target in
    the same place of the other's target."""
    flags = [[(flag.name, flag.value) for flag in one.flags] for one in (part, whole)]
    few, all_ = (list(one.args or one.body.text.split()) for one in (part, whole))
    if part.name != whole.name or flags[0] != flags[1] or len(all_) != 2 or len(few) < 2 or not few[-1].endswith("/"):
        return False
    target = posixpath.normpath(all_[1])
    root, *files = (posixpath.normpath(one).lstrip("/") or "." for one in (all_[0], *few[:-1]))
    into = _below(posixpath.normpath(few[-1]), target)
    folders = {_below(posixpath.dirname(one) or ".", root) for one in files}
    return into is not None and folders == {into}


def _below(path: str, folder: str) -> str | None:
    """The way from a folder to a path in it, "." for the folder itself; None for a path elsewhere."""
    if path == folder:
        return "."
    if folder == ".":
        return None if path.startswith(("/", "..")) else path
    start = folder.rstrip("/") + "/"
    return path[len(start) :] if path.startswith(start) else None


def _without(lines: list[Line], gone: list[Line]) -> list[Line] | None:
    """The lines without some, each taken out once; None where one of them is not there."""
    left = lines[:]
    for line in gone:
        if line not in left:
            return None
        left.remove(line)
    return left


def _joined(before: list[Line], after: list[Line], declared: Reorder) -> list[Line] | None:
    """The lines with the halves of a RUN as the one that it was; None where there are no such halves."""
    cut, again = declared.cut, declared.again and f"{declared.again} && "
    for at, line in enumerate(before):
        if line[0] != "RUN" or line[1] != cut or len(line) != 2 or at + 1 >= len(after):
            continue
        one, two = after[at], after[at + 1]
        if one[0] != "RUN" or two[0] != "RUN" or len(one) != 2 or len(two) != 2:
            continue
        if not two[1].startswith(again) or not one[1].startswith(declared.again):
            continue
        rest = two[1][len(again) :]
        between = cut[len(one[1]) : len(cut) - len(rest)]
        if cut == one[1] + between + rest and _CUT.fullmatch(between):
            return [*after[:at], line, *after[at + 2 :]]
    return None
