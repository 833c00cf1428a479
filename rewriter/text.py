"""Spans and edits: the only way in which dslim changes a file.

Offsets count characters of the decoded source, from 0; spans are half-open. Lines exist only in reports.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

BOM: Final = "\ufeff"


class Span:
    """A half-open range ``[start, end)`` of character offsets into one decoded source."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and self.start == other.start and self.end == other.end

    def __lt__(self, other: Span) -> bool:
        return self.start < other.start or (self.start == other.start and self.end < other.end)

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end})"

    def __reduce__(self) -> tuple[type[Span], tuple[int, int]]:
        """Reports go from one process to another; a class that was compiled does not know by itself how."""
        return Span, (self.start, self.end)

    @property
    def length(self) -> int:
        return self.end - self.start

    def of(self, source: str) -> str:
        """The text that the span covers in ``source``."""
        return source[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True when the two share a character, or when an empty span lies strictly inside the other."""
        return self.start < other.end and other.start < self.end


class Edit(NamedTuple):
    """Replace the characters under ``span`` by ``text``."""

    span: Span
    text: str

    @classmethod
    def insert(cls, at: int, text: str) -> Edit:
        return cls(Span(at, at), text)

    @classmethod
    def delete(cls, span: Span) -> Edit:
        return cls(span, "")

    @classmethod
    def replace(cls, span: Span, text: str) -> Edit:
        return cls(span, text)


def conflict(a: Edit, b: Edit) -> bool:
    """True when two edits cannot both be applied: they share a character, or insert at the same place."""
    if a.span == b.span:
        return True
    return a.span.overlaps(b.span)


class Together:
    """Edits that are to be applied at once, none in conflict with another."""

    __slots__ = ("_edits",)

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def take(self, edits: Sequence[Edit]) -> bool:
        """Add all of them, or none and False where one is in conflict with what was added before."""
        for edit in edits:
            at = bisect_left(self._edits, edit)
            if any(conflict(edit, other) for other in self._edits[max(at - 1, 0) : at + 1]):
                return False
        for edit in edits:
            insort(self._edits, edit)
        return True


def apply(source: str, edits: Iterable[Edit]) -> str:
    """``source`` with all ``edits`` applied at once.

    Raises:
        ValueError: an edit lies outside the source, or two edits conflict.
    """
    out: list[str] = []
    done = 0
    last: Edit | None = None
    for edit in sorted(edits):
        start, end = edit.span.start, edit.span.end
        if not 0 <= start <= end <= len(source):
            raise ValueError(f"edit {edit.span} lies outside the source of {len(source)} characters")
        if last is not None and (start < done or conflict(last, edit)):
            raise ValueError(f"edits at {last.span} and {edit.span} conflict")
        out.append(source[done:start])
        out.append(edit.text)
        done = end
        last = edit
    out.append(source[done:])
    return "".join(out)


class Applied:
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


class LineIndex:
    """Offsets to line numbers (from 1). A line ends after its ``\\n``."""

    __slots__ = ("_source", "_starts")

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: list[int] = []  # filled when a line is first asked for

    def line(self, offset: int) -> int:
        """The number, from 1, of the line that holds ``offset``."""
        if not self._starts:
            self._starts = list(accumulate([len(line) + 1 for line in self._source.split("\n")], initial=0))
        return bisect_right(self._starts, offset)


def newline_of(source: str) -> str:
    """The newline that the source uses: ``"\\r\\n"`` when its first line ends so, else ``"\\n"``."""
    at = source.find("\n")
    return "\r\n" if at > 0 and source[at - 1] == "\r" else "\n"


class Undecodable(ValueError):
    """The bytes are not the text of a Dockerfile; the message says why."""


def decode(data: bytes) -> str:
    """The text of a Dockerfile, every byte kept: ``encode(decode(data)) == data``. A BOM stays as its first character.

    Raises:
        Undecodable: UTF-16, NUL bytes, or bytes that are not UTF-8; says at which byte.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Undecodable("the file is UTF-16; BuildKit reads UTF-8 only")
    nul = data.find(b"\0")
    if nul != -1:
        raise Undecodable(f"NUL at byte {nul}: this is not a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(f"byte {error.start} is not UTF-8") from None


def encode(text: str) -> bytes:
    """The bytes of a decoded source."""
    return text.encode("utf-8")
