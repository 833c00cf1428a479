"""The reader of Dockerfiles: BuildKit's grammar, every character accounted for.

The rules are those of BuildKit's parser, its quirks included, since what it accepts and how it cuts a file is what
``docker build`` does. All work is linear in the size of the file.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from rewriter.syntax.nodes import Dockerfile, Flag, Heredoc, Instruction, Kind, Node, Trivia, Visible
from rewriter.syntax.words import GAP, SPACE, Malformed, key_values, shell_words
from rewriter.text import BOM, LineIndex, Span

KNOWN: Final = frozenset(
    ("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER")
) | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
"""The names of Docker's instructions; the parser lets any other name pass."""

_LONGEST: Final = 65_535  # bytes of one line that BuildKit reads
_EXEC: Final = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"})
_DOCUMENTED: Final = frozenset({"ADD", "COPY", "RUN"})  # may carry here-documents
_DEEPEST: Final = 100  # ONBUILDs of ONBUILDs; BuildKit's parser reads them, its builder refuses the second
_DIRECTIVES: Final = frozenset({"check", "escape", "syntax"})
_DIRECTIVE: Final = re.compile(r"#[ \t\f\r]*([a-zA-Z][a-zA-Z0-9]*)[ \t\f\r]*=(.+)", re.DOTALL)
_FLAG: Final = re.compile(
    r"""(?:[^ \t\n\v\f\r\\"']+|\\.|\\\Z|"(?:[^"\\]+|\\.)*(?:"|\\?\Z)|'(?:[^'\\]+|\\.)*(?:'|\\?\Z))+""", re.DOTALL
)
_UNQUOTED: Final = re.compile(r"""\\(.?)|"((?:[^"\\]+|\\.)*)(?:"|\\?\Z)|'((?:[^'\\]+|\\.)*)(?:'|\\?\Z)""", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_TYPE: Final = re.compile(rf"[^ \t\n\v\f\r]+[{SPACE}]*")
_HEREDOC: Final = re.compile(r"([0-9]*)<<(-?)([^<]+)")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class Unreadable(ValueError):
    """BuildKit would refuse the file; the message says why, ``line`` where (from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


def read(source: str, before: Dockerfile | None = None, alike: int = 0) -> Dockerfile:
    """The Dockerfile that ``source`` holds.

    Its first ``alike`` characters are those of ``before``, whose nodes in there are taken over.

    Raises:
        Unreadable: BuildKit's parser would refuse the text.
    """
    reader = _Reader(source)
    known = reader.resume(before, alike) if before is not None else ()
    try:
        nodes = (*known, *reader.nodes())
    except RecursionError:
        raise Unreadable("nested too deeply", reader.line) from None
    dockerfile = Dockerfile(source, reader.escape, nodes, reader.lines)
    if not dockerfile.instructions:
        raise Unreadable("the file has no instruction", reader.line)
    return dockerfile


def unquoted(flag: str) -> str:
    """A flag as BuildKit hands it on: quotes and backslashes removed."""
    if "\\" not in flag and '"' not in flag and "'" not in flag:
        return flag
    return _UNQUOTED.sub(lambda match: match[1] or _ESCAPED.sub(r"\1", match[2] or match[3] or ""), flag)


class _Reader:
    """Reads one source from front to back."""

    def __init__(self, source: str) -> None:
        self.lines = LineIndex(source)
        self.escape = "\\"
        self._source = source
        self._at = 0  # where the next line begins
        self._seen: set[str] | None = set()  # directives so far; None once they are over

    @property
    def line(self) -> int:
        """The number of the line read last."""
        return self.lines.line(max(self._at - 1, 0))

    def resume(self, before: Dockerfile, alike: int) -> tuple[Node, ...]:
        """The nodes of another file that lie in the same first characters; reading goes on behind them.

        A node depends on nothing behind it, unless it ends where its file does.
        """
        ends = [node.span.end for node in before.nodes[:-1]]
        known = before.nodes[: bisect_right(ends, alike)]
        if all(isinstance(node, Trivia) and node.kind is Kind.DIRECTIVE for node in known):
            return ()  # directives may go on
        self.escape = before.escape
        self._seen = None
        self._at = known[-1].span.end
        return known

    def nodes(self) -> Iterator[Node]:
        """The nodes that tile the source."""
        while self._at < len(self._source):
            start = self._at
            line = self._next()
            text = (line.removeprefix(BOM) if start == 0 else line).lstrip(SPACE)
            if self._seen is not None and self._directive(text):
                yield Trivia(Kind.DIRECTIVE, Span(start, self._at))
            elif not text:
                yield Trivia(Kind.BLANK, Span(start, self._at))
            elif text[0] == "#":
                yield Trivia(Kind.COMMENT, Span(start, self._at))
            else:
                yield self._instruction(start, text, start + len(line) - len(text))

    def _next(self) -> str:
        """The next line without its newline; the cursor moves behind it."""
        source, start = self._source, self._at
        stop = source.find("\n", start)
        if stop == -1:
            stop = self._at = len(source)
        else:
            self._at = stop + 1
        line = source[start:stop]
        if len(line) > _LONGEST // 4 and len(line.encode()) > _LONGEST:
            raise Unreadable(f"the line is longer than {_LONGEST} bytes, the most that BuildKit reads", self.line)
        return line.rstrip("\r")

    def _directive(self, text: str) -> bool:
        match = _DIRECTIVE.match(text)
        name = match[1].lower() if match else ""
        if match is None or name not in _DIRECTIVES or self._seen is None:
            self._seen = None
            return False
        if name in self._seen:
            raise Unreadable(f"the directive {name!r} is given twice", self.line)
        self._seen.add(name)
        if name == "escape":
            self.escape = match[2].strip(" \t\f\r")
            if self.escape not in ("\\", "`"):
                raise Unreadable(f"the escape character is {self.escape!r}; only \\ and ` are allowed", self.line)
        return True

    def _instruction(self, start: int, text: str, origin: int) -> Instruction:
        line, comments, end, blank_lines = self._logical(text, origin)
        node = self._parsed(line, 0, len(line.text), Span(start, self._at), comments, end)
        node.blank_lines = blank_lines
        target = node.trigger or node
        if "<<" not in line.text or target.name not in _DOCUMENTED or target.args is not None:
            return node
        heredocs = tuple(self._heredocs(line))
        if not heredocs:
            return node
        for one in (node, target):
            one.span = Span(one.span.start, self._at)
            one.heredocs = heredocs
        return node

    def _logical(self, text: str, origin: int) -> tuple[Visible, tuple[Span, ...], int, bool]:
        """The whole line that begins with ``text``, the comments inside it, where its text ends, whether it has blank lines."""
        if not text.rstrip(" \t").endswith(self.escape):  # most instructions have one line
            return Visible(text, ((0, origin),)), (), origin + len(text), False
        body, more = self._continued(text)
        end = origin + len(body)
        texts, pieces, comments, length = [body], [(0, origin)], [], len(body)
        blank = blank_lines = False
        while more and self._at < len(self._source):
            start = self._at
            text = self._next()
            bare = text.lstrip(SPACE)
            if not bare:
                blank = True
                continue
            if bare[0] == "#":
                comments.append(Span(start, self._at))
                continue
            blank_lines = blank  # those behind its last text are not inside it
            body, more = self._continued(text)
            end = start + len(body)
            if not length:
                pieces.clear()
            if body or not length:
                pieces.append((length, start))
                texts.append(body)
                length += len(body)
        return Visible("".join(texts), tuple(pieces)), tuple(comments), end, blank_lines

    def _continued(self, text: str) -> tuple[str, bool]:
        """``text`` without its continuation mark, and whether it had one. A doubled mark is none."""
        tail = text.rstrip(" \t")
        if tail.endswith(self.escape) and not tail.endswith(self.escape * 2):
            return tail[:-1], True
        return text, False

    def _parsed(
        self, line: Visible, start: int, stop: int, span: Span, comments: tuple[Span, ...], end: int, depth: int = 0
    ) -> Instruction:
        """The instruction in ``start:stop`` of a logical line, here-documents aside; ``depth`` ONBUILDs are around it."""
        if depth > _DEEPEST:
            raise Unreadable("nested too deeply", self.line)
        text = line.text
        start, stop = _trimmed(text, start, stop)
        gap = GAP.search(text, start, stop)
        cut, rest = gap.span() if gap else (stop, stop)
        flags: list[Flag] = []
        if text.startswith("--", rest, stop):
            rest = self._flags(line, rest, stop, flags)
        rest, stop = _trimmed(text, rest, stop)
        name = _name(text[start:cut])
        body = _part(line, rest, stop)
        if name in ("ENV", "LABEL"):
            try:
                key_values(body.text, self.escape)
            except Malformed as error:
                raise Unreadable(f"{name}: {error}", self._line_of(line, start)) from None
        args = self._exec(line, name, rest) if name in _EXEC and "[" in body.text else None
        trigger = None
        if name == "ONBUILD" and body.text:
            trigger = self._parsed(line, rest, stop, Span(line.source(rest), span.end), comments, end, depth + 1)
        return Instruction(span, line.span(start, cut), name, tuple(flags), body, args, (), comments, end, trigger)

    def _line_of(self, line: Visible, offset: int) -> int:
        return self.lines.line(line.source(offset))

    def _flags(self, line: Visible, at: int, stop: int, flags: list[Flag]) -> int:
        """Appends the flags from ``at`` on; returns where the arguments begin."""
        text = line.text
        while text.startswith("--", at, stop) and (match := _FLAG.match(text, at, stop)):
            raw = match[0]
            if not raw.isascii() and not {0x85, 0xA0}.isdisjoint(raw.encode()):
                raise Unreadable("BuildKit cuts a letter of this flag in two", self._line_of(line, at))
            start, at = at, match.end()
            if unquoted(raw) == "--":
                break
            name, equals, value = raw[2:].partition("=")
            flags.append(Flag(line.span(start, at), name, value if equals else None))
            while at < stop and text[at] in "\t\n\v\f\r ":
                at += 1
        return at

    def _exec(self, line: Visible, name: str, at: int) -> tuple[str, ...] | None:
        """The strings of a JSON array at ``at``; None when there is none, and BuildKit falls back to plain text."""
        text = line.text
        if name == "HEALTHCHECK" and (match := _TYPE.match(text, at)):
            at = match.end()
        if not text.startswith("[", at):
            return None
        try:
            values, _ = _JSON.raw_decode(text, at)
        except ValueError:
            return None
        if not all(isinstance(value, str) for value in values):
            raise Unreadable("the JSON array holds something that is no string", self._line_of(line, at))
        return tuple(_SURROGATE.sub("\ufffd", value) for value in values)

    def _heredocs(self, line: Visible) -> Iterator[Heredoc]:
        """The here-documents that ``line`` opens; reads their bodies."""
        try:
            words = list(shell_words(line.text, raw_escapes=True, raw_quotes=True))
        except Malformed:
            return
        for start, stop, word in words:
            match = _HEREDOC.fullmatch(word)
            if match is None:
                continue
            number = self._line_of(line, start)
            try:
                names = [part.raw for part in shell_words(match[3], raw_escapes=False, raw_quotes=False)]
                quoted = [part.raw for part in shell_words(match[3], raw_escapes=False, raw_quotes=True)]
            except Malformed as error:
                raise Unreadable(f"here-document {word}: {error}", number) from None
            if len(names) != 1:
                continue
            if len(quoted) != 1:
                raise Unreadable(f"here-document {word}: the name is no single word", number)
            expand = _quotes(names[0]) == _quotes(quoted[0])
            content, terminator = self._document(names[0], match[2] == "-", number)
            descriptor = min(int(match[1][:20] or "0"), 2**64 - 1)
            opener = line.span(start, stop)
            yield Heredoc(names[0], opener, content, terminator, expand, match[2] == "-", descriptor)

    def _document(self, name: str, chomp: bool, number: int) -> tuple[Span, Span]:
        """The spans of the body from the cursor on, and of the line that ends it."""
        first = self._at
        while self._at < len(self._source):
            start = self._at
            text = self._next()
            if (text.lstrip("\t") if chomp else text) == name:
                return Span(first, start), Span(start, self._at)
        raise Unreadable(f"the here-document {name} is never ended", number)


def _number(text: str) -> float:
    """A JSON number as Go takes it."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("out of range")
    return number


def _refused(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


_JSON: Final = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_refused)


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')


def _name(word: str) -> str:
    """The keyword in upper case, as Go maps letters: an odd letter makes no known name, but for two that it folds."""
    if word.isascii():
        return word.upper()
    folded = word.replace("\u212a", "K").replace("\u0130", "I")
    name = folded.upper()
    return name if folded.isascii() and name in KNOWN else word


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    """The range without the blanks at both ends."""
    while start < stop and text[start] in SPACE:
        start += 1
    while start < stop and text[stop - 1] in SPACE:
        stop -= 1
    return start, stop


def _part(line: Visible, start: int, stop: int) -> Visible:
    """The range ``start:stop`` of a visible text."""
    text = line.text[start:stop]
    if len(line.pieces) == 1 or not text:
        return Visible(text, ((0, line.source(start)),))
    low = bisect_right(line.pieces, start, key=lambda piece: piece[0]) - 1
    high = bisect_right(line.pieces, stop - 1, key=lambda piece: piece[0])
    rest = tuple((at - start, origin) for at, origin in line.pieces[low + 1 : high])
    return Visible(text, ((0, line.source(start)), *rest))
