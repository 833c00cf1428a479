"""Where a character of the rewritten text was in the file as it was given."""

from __future__ import annotations

from collections.abc import Iterable

from rewriter.text import Applied, Edit, LineIndex, Span


class History:
    """The steps from the original to the present text, followed backwards."""

    def __init__(self, lines: LineIndex) -> None:
        """``lines`` are those of the original."""
        self._lines = lines
        self._steps: list[Applied] = []

    def apply(self, edits: Iterable[Edit]) -> None:
        """Remember that ``edits``, in offsets of the present text, were applied at once."""
        self._steps.append(Applied(edits))

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
