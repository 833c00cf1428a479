"""Where a character of the rewritten text was in the file as it was given."""

from __future__ import annotations

from collections.abc import Iterable

from rewriter.text import Edit, LineIndex, Span


class History:
    """The steps from the original to the present text, followed backwards."""

    def __init__(self, source: str) -> None:
        self._lines = LineIndex(source)
        self._steps: list[list[Edit]] = []

    def apply(self, edits: Iterable[Edit]) -> None:
        """Remember that ``edits``, in offsets of the present text, were applied at once."""
        self._steps.append(sorted(edits))

    def line(self, offset: int) -> int:
        """The line, from 1, of a present offset in the original file."""
        for step in reversed(self._steps):
            offset = _back(step, offset, True)
        return self._lines.line(offset)

    def original(self, edit: Edit) -> Edit:
        """The edit with its span in offsets of the original file."""
        start, end = edit.span.start, edit.span.end
        for step in reversed(self._steps):
            empty, start = start == end, _back(step, start, True)
            end = start if empty else max(_back(step, end, False), start)
        return Edit(Span(start, max(start, end)), edit.text)


def _back(step: list[Edit], offset: int, left: bool) -> int:
    """Where ``offset``, after the edits of one step, was before them. Inside inserted text: the start (``left``) or the
    end of what it replaced."""
    moved = 0  # characters that the edits so far have added
    for edit in step:
        begins = edit.span.start + moved
        ends = begins + len(edit.text)
        if offset < begins or (offset == begins and (left or not edit.text)):
            break
        if offset < ends or (offset == ends and not left and edit.text):
            return edit.span.start if left else edit.span.end
        moved += len(edit.text) - edit.span.length
    return offset - moved
