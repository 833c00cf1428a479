"""What must hold when COPYs go behind a later RUN: nothing is lost, and nothing is new but COPYs of a part of theirs."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from rewriter import posixpath
from rewriter.model.file import File, Stage
from rewriter.rule import Reorder
from rewriter.splits import Line, lines_of, shown
from rewriter.syntax.nodes import Instruction

_KINDS: Final = ("COPY", "ADD")
#: what may stand between the halves of a RUN that becomes two
_CUT: Final = re.compile(r"\s*&&\s*")


def difference(old: File, new: File, reorder: Reorder) -> str:
    """Why ``new`` is not ``old`` with the COPYs moved as declared, or ""."""
    if len(old.stages) != len(new.stages):
        return "the stages would differ"
    pairs = [(a, b) for a, b in zip(old.stages, new.stages, strict=True) if _lines(old, a) != _lines(new, b)]
    if len(pairs) != 1:
        return "COPYs of one stage would move, and another one would differ"
    before, after = (_lines(file, stage) for file, stage in ((old, pairs[0][0]), (new, pairs[0][1])))
    moved = [line for line in before if line[0] in _KINDS and line[1] in reorder.moved]
    if sorted(line[1] for line in moved) != sorted(reorder.moved):
        return "the COPYs that move are not those of the finding"
    added = list((Counter(after) - Counter(before)).elements())
    added = [line for line in added if line[0] in _KINDS]
    if sorted(line[1] for line in added) != sorted(reorder.added):
        return "the COPYs that are added are not those of the finding"
    parts = [step.instruction for step in pairs[0][1].steps]
    wholes = [step.instruction for step in pairs[0][0].steps]
    for line in added:
        part = next(one for one in parts if one.body.text == line[1])
        if not any(_part_of(part, whole) for whole in wholes if whole.body.text in reorder.moved):
            return f"{shown(Counter([line]))} would bring more than the COPY that moves"
    return _others(before, after, moved, added, reorder)


def _lines(file: File, stage: Stage) -> list[Line]:
    return lines_of(file, stage.steps)


def _part_of(part: Instruction, whole: Instruction) -> bool:
    """True for a COPY with the same name and flags, all of whose sources lie in the one source of another, and its target in
    the same place of the other's target."""
    flags = [[(flag.name, flag.value) for flag in one.flags] for one in (part, whole)]
    few, all_ = (list(one.args or one.body.text.split()) for one in (part, whole))
    if part.name != whole.name or flags[0] != flags[1] or len(all_) != 2 or len(few) < 2 or not few[-1].endswith("/"):
        return False
    root, target = (posixpath.normpath(one) for one in all_)
    into = _below(posixpath.normpath(few[-1]), target)
    folders = {_below(posixpath.dirname(posixpath.normpath(one)) or ".", root.lstrip("/") or ".") for one in few[:-1]}
    return into is not None and folders == {into}


def _below(path: str, folder: str) -> str | None:
    """The way from a folder to a path in it, "." for the folder itself; None for a path elsewhere."""
    if path == folder:
        return "."
    if folder == ".":
        return None if path.startswith(("/", "..")) else path
    start = folder.rstrip("/") + "/"
    return path[len(start) :] if path.startswith(start) else None


def _others(before: list[Line], after: list[Line], moved: list[Line], added: list[Line], reorder: Reorder) -> str:
    """Why what neither moves nor is added would differ, or what moves would not go behind a RUN; ""."""
    rest_before = _without(before, moved, last=False)
    kept = _without(after, added, last=False)
    rest_after = _without(kept, moved, last=True)
    if rest_before is None or rest_after is None:
        return "a COPY would be lost"
    if [line for line in kept if line in moved] != moved:
        return "the COPYs that move would come in another order"
    if reorder.cut:
        rest_after = _joined(rest_before, rest_after, reorder.cut)
    if rest_before != rest_after:
        return "instructions other than those COPYs would differ"
    places = [at for at, line in enumerate(kept) if line in moved]
    row = places == list(range(places[0], places[0] + len(places)))
    if not row or kept[places[0] - 1][0] != "RUN":
        return "the COPYs that move would not stand behind one RUN"
    if before.index(moved[0]) >= kept.index(moved[0]):
        return "the COPYs would not move behind a RUN"
    return ""


def _without(lines: list[Line], gone: list[Line], last: bool) -> list[Line] | None:
    """The lines without some, each taken out once; None where one of them is not there."""
    left = lines[::-1] if last else lines[:]
    for line in gone:
        if line not in left:
            return None
        left.remove(line)
    return left[::-1] if last else left


def _joined(before: list[Line], after: list[Line], cut: str) -> list[Line] | None:
    """The lines with the halves of a RUN as the one that it was; None where there are no such halves."""
    for at, line in enumerate(before):
        if line[0] != "RUN" or line[1] != cut or len(line) != 2 or at + 1 >= len(after):
            continue
        one, two = after[at], after[at + 1]
        if one[0] != "RUN" or two[0] != "RUN" or len(one) != 2 or len(two) != 2:
            continue
        between = cut[len(one[1]) : len(cut) - len(two[1])]
        if cut == one[1] + between + two[1] and _CUT.fullmatch(between):
            return [*after[:at], line, *after[at + 2 :]]
    return None
