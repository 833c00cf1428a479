"""Where a character of the rewritten text was in the file as it was given."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from rewriter.text import Edit, LineIndex, Span


class History:
    """The steps from the original to the present text, followed backwards."""

    def __init__(self, source: str) -> None:
        self._lines = LineIndex(source)
        self._steps: list[_Step] = []

    def apply(self, edits: Iterable[Edit]) -> None:
        """Remember that ``edits``, in offsets of the present text, were applied at once."""
        self._steps.append(_Step(edits))

    def line(self, offset: int) -> int:
        """The line, from 1, of a present offset in the original file."""
        for step in reversed(self._steps):
            offset = step.back(offset, True)
        return self._lines.line(offset)

    def original(self, edit: Edit) -> Edit:
        """The edit with its span in offsets of the original file."""
        start, end = edit.span.start, edit.span.end
        for step in reversed(self._steps):
            empty, start = start == end, step.back(start, True)
            end = start if empty else max(step.back(end, False), start)
        return Edit(Span(start, max(start, end)), edit.text)


class _Step:
    """Edits that were applied at once: where each begins in the text after them, and what those before it have added."""

    __slots__ = ("begins", "edits", "moved")

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits = sorted(edits)
        self.moved = list(accumulate((len(edit.text) - edit.span.length for edit in self.edits), initial=0))
        self.begins = [edit.span.start + moved for edit, moved in zip(self.edits, self.moved, strict=False)]

    def back(self, offset: int, left: bool) -> int:
        """Where ``offset``, after the edits, was before them. Inside inserted text: the start (``left``) or the end of what
        it replaced."""
        at = bisect_left(self.begins, offset)
        if at:
            edit, ends = self.edits[at - 1], self.begins[at - 1] + len(self.edits[at - 1].text)
            if offset < ends or (offset == ends and not left and edit.text):
                return edit.span.start if left else edit.span.end
        if not left and at < len(self.edits) and self.begins[at] == offset and self.edits[at].text:
            return self.edits[at].span.end
        return offset - self.moved[at]
