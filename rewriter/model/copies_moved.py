"""The edits by which COPYs go behind a RUN, with others in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rewriter.model import comments, copied_early, style
from rewriter.model.copied_early import Way
from rewriter.model.copied_folders import Folder
from rewriter.model.file import File, Step
from rewriter.rule import Change, Reorder
from rewriter.text import Edit, Span, newline_of


def change(file: File, way: Way, manifests: Mapping[Step, Sequence[str]]) -> Change:
    """Move the COPYs of a way. ``manifests`` are the words of those that take the place of each."""
    assert way.last is not None
    source, run, newline = file.source, way.last, newline_of(file.source)
    edits: list[Edit] = []
    texts: list[str] = []
    for step in way.moved:
        one = step.instruction
        above = comments.of_the_sources(file, step) if step in manifests else file.comments_above(one)
        begin = above[0].span.start if above else one.keyword.start
        head = " ".join([span.of(source) for span in (one.keyword, *(flag.span for flag in one.flags))])
        lines = [f"{head} {words}" for words in manifests.get(step, ())]
        place = Span(begin, one.end)
        gone = style.whole(file, one, begin if above else None)
        edits.append(Edit.replace(place, newline.join(lines)) if lines else gone)
        texts.append(place.of(source))
    text, again = newline.join(texts), ""
    if way.cut:
        assert run.script is not None
        pipelines = run.script.body.statements[0].list.pipelines
        end, start = pipelines[way.cut - 1].end, pipelines[way.cut].start
        again = copied_early.entered(run, start) or ""
        half = f"{run.instruction.keyword.of(source)} {again and again + ' && '}"
        gap = Span(style.last_character(run, end), run.visible.source(start))
        edits.append(Edit.replace(gap, f"{newline}{text}{newline}{half}"))
    elif source[: run.span.end].endswith("\n"):
        edits.append(Edit.insert(run.span.end, text + newline))
    else:
        edits.append(Edit.insert(run.span.end, newline + text))
    moved = tuple(step.instruction.body.text for step in way.moved)
    added = tuple(words for lines in manifests.values() for words in lines)
    cut = run.instruction.body.text if way.cut else ""
    reorder = Reorder(run.stage.index, moved, added, cut, again)
    return Change(tuple(edits), style.words_of(again) if again else (), reorders=(reorder,))


def words(folder: Folder, below: str, names: Sequence[str]) -> str:
    """Sources and target of a COPY of some files of a folder, in the form of the one whose place it takes; "" where a path has
    blanks or quotes."""
    instruction = folder.step.instruction
    given = instruction.words
    start = "" if given[0] in (".", "./", "/", "/.") else given[0].rstrip("/") + "/"
    target = given[-1].rstrip("/") + "/" + (below + "/" if below else "")
    found = [*(start + name for name in names), target]
    if instruction.args is not None:
        return json.dumps(found)
    return "" if any(sign in word for word in found for sign in " \t\"'\\") else " ".join(found)
