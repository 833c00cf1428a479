"""The nodes of a Dockerfile. Top-level nodes tile the source: each begins where the one before ended."""

from __future__ import annotations

import enum
from typing import NamedTuple, TypeAlias

from rewriter.text import LineIndex, Span


class Kind(enum.Enum):
    """What a line that is no instruction is."""

    DIRECTIVE = "directive"  # "# syntax=...", "# escape=`", "# check=..."
    COMMENT = "comment"
    BLANK = "blank"


class Trivia:
    """One whole line that is no instruction: a directive, a comment or a blank line, with its newline."""

    __slots__ = ("kind", "span")

    def __init__(self, kind: Kind, span: Span) -> None:
        self.kind = kind
        self.span = span


class Flag(NamedTuple):
    """``--name=value`` between keyword and arguments; ``value`` is None for a bare ``--name``. Raw, unexpanded."""

    span: Span
    name: str
    value: str | None


class Heredoc(NamedTuple):
    """A here-document of RUN, COPY or ADD.

    ``content`` covers the lines of the body, newlines included; ``terminator`` the whole line that ends it.
    ``expand`` is False when the name was quoted; ``chomp`` is True for ``<<-``. ``opener`` covers the word ``<<EOF``.
    """

    name: str
    opener: Span
    content: Span
    terminator: Span
    expand: bool
    chomp: bool
    fd: int


class Visible:
    """Text as Docker hands it on: continuation marks, comment lines and blank lines inside a continuation are gone.

    ``pieces`` holds (offset in ``text``, offset in the source) for each unbroken piece, in order. The first piece
    begins at offset 0 of ``text``.
    """

    __slots__ = ("pieces", "text")

    def __init__(self, text: str, pieces: tuple[tuple[int, int], ...]) -> None:
        self.text = text
        self.pieces = pieces

    def source(self, offset: int) -> int:
        """The source offset of the character at ``offset`` of ``text``."""
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0][1] + offset
        low, high = 0, len(pieces)
        while high - low > 1:
            middle = (low + high) // 2
            if pieces[middle][0] <= offset:
                low = middle
            else:
                high = middle
        at, origin = pieces[low]
        return origin + offset - at

    def span(self, start: int, end: int) -> Span:
        """The source span of the non-empty visible range; its end is one after its last visible character."""
        if end <= start:
            at = self.source(start)
            return Span(at, at)
        return Span(self.source(start), self.source(end - 1) + 1)


class Instruction:
    """One instruction with its continuation lines and here-documents.

    ``span`` covers whole lines including the last newline (indentation in front included).
    ``keyword`` covers the name as written; ``name`` is it in upper case.
    ``flags`` are the ``--x=y`` words after the keyword, for the instructions whose flags BuildKit reads.
    ``body`` is the visible text after keyword and flags, stripped of blanks at both ends (empty: text "" ).
    ``args`` are the exec form's strings (RUN, CMD, ENTRYPOINT, SHELL, VOLUME, COPY, ADD as JSON), else None.
    ``comments`` are the spans of the comment lines inside the continuation (whole lines); ``blank_lines`` is True when there
    are blank lines inside it.
    ``end`` is the offset just after the last character of the instruction's own (logical) line,
    before its newline and before here-documents; text appended to the instruction goes there or before.
    ``trigger`` is the instruction inside an ONBUILD, else None; its spans are offsets into the same source.
    The reader fills in ``blank_lines`` and ``heredocs``, and the ``span`` that these lengthen, when it gets there.
    """

    __slots__ = (
        "args",
        "blank_lines",
        "body",
        "comments",
        "end",
        "flags",
        "heredocs",
        "keyword",
        "name",
        "span",
        "trigger",
    )

    def __init__(
        self,
        span: Span,
        keyword: Span,
        name: str,
        flags: tuple[Flag, ...],
        body: Visible,
        args: tuple[str, ...] | None,
        heredocs: tuple[Heredoc, ...],
        comments: tuple[Span, ...],
        end: int,
        trigger: Instruction | None = None,
    ) -> None:
        self.span = span
        self.keyword = keyword
        self.name = name
        self.flags = flags
        self.body = body
        self.args = args
        self.heredocs = heredocs
        self.comments = comments
        self.end = end
        self.trigger = trigger
        self.blank_lines = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words behind name and flags: the strings of the exec form, else what blanks part, quotes and all."""
        return self.args or tuple(self.body.text.split())


Node: TypeAlias = "Trivia | Instruction"


class Dockerfile:
    """A Dockerfile that was read whole: ``nodes`` tile ``source``.

    ``instructions`` are those of the nodes that are one. ``escape`` is the escape character in force (backslash or backtick).

    Raises:
        ValueError: the nodes do not tile the source (a mistake of the reader; such a file is never edited).
    """

    def __init__(self, source: str, escape: str, nodes: tuple[Node, ...], lines: LineIndex) -> None:
        self.source = source
        self.escape = escape
        self.nodes = nodes
        self.lines = lines
        self.instructions = tuple(node for node in nodes if isinstance(node, Instruction))
        at = 0
        for node in nodes:
            if node.span.start != at or node.span.end <= at:
                raise ValueError(f"nodes do not tile the source at offset {at}")
            at = node.span.end
        if at != len(source):
            raise ValueError(f"nodes do not tile the source at offset {at}")
