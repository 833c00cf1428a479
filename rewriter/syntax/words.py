"""Docker's own words: splitting an instruction's body, and expanding quotes, escapes and variables as BuildKit does.

Offsets are counted in the text given (an instruction's visible body), from 0; ranges are half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from rewriter.text import BOM

SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The characters that Go calls blank (Python's ``str.isspace`` knows four more)."""

GAP: Final = re.compile(r"[\t\v\f\r ]+")
"""The narrower blank that separates keyword, arguments and an old-style ENV key from its value."""

_DEEPEST: Final = 100  # levels of ${a:-${b:-...}}
_STAR: Final = "**"
_ANY: Final = "??"
_ALL: Final = re.compile(r".+", re.DOTALL)
_RUN: Final = re.compile(f"[^{SPACE}]+|[{SPACE}]+")
_SPECIAL: Final = re.compile(f"['\"$\\\\`{BOM}]")  # a text without one of these stands for itself
_PLAIN: Final = re.compile(r"[^'\"$\\`}/]+|.", re.DOTALL)


class Part(NamedTuple):
    """One word as written: quotes and escapes kept."""

    start: int
    end: int
    raw: str


class KeyValue(NamedTuple):
    """One ``key=value`` of ENV, LABEL or ARG as written; ``value`` is None for a bare ARG name."""

    key: str
    value: str | None
    start: int
    end: int


class Malformed(ValueError):
    """Docker refuses the text; the message says why."""


def _word_pattern(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    double = rf'"(?:[^"{e}]+|{e}.)*(?:"|(?={e}?\Z))'
    return re.compile(rf"""(?:[^{SPACE}'"{e}]+|{e}.|'[^']*(?:'|\Z)|{double})+""", re.DOTALL)


_WORD: Final = {escape: _word_pattern(escape) for escape in ("\\", "`")}


def split(text: str, escape: str) -> tuple[Part, ...]:
    """The words of ``text``: separated by blanks outside quotes. An escape as the very last character is dropped."""
    return tuple([Part(match.start(), match.end(), match[0]) for match in _WORD[escape].finditer(text)])


@lru_cache(maxsize=256)  # each ENV and LABEL is asked for by the reader and by the state after it, at each reading
def key_values(text: str, escape: str, *, legacy: bool = True) -> tuple[KeyValue, ...]:
    """The pairs of an ENV or LABEL body, or of an ARG body with ``legacy=False``.

    ``legacy`` admits the old form ``ENV key the whole rest``, and demands a value for every key.

    Raises:
        Malformed: a word without ``=`` where Docker demands one.
    """
    words = split(text, escape)
    if legacy and words and "=" not in words[0].raw:
        gap = GAP.search(text)
        if gap is None:
            raise Malformed(f"{text!r} has no value")
        return (KeyValue(text[: gap.start()], text[gap.end() :], 0, len(text)),)
    pairs = []
    for start, end, raw in words:
        key, equals, value = raw.partition("=")
        if legacy and not equals:
            raise Malformed(f"{raw!r} has no '='; the form is name=value")
        pairs.append(KeyValue(key, value if equals else None, start, end))
    return tuple(pairs)


def expand(word: str, environment: Mapping[str, str | None], escape: str) -> str | None:
    """``word`` without its quotes and escapes, variables replaced.

    A variable that is absent from ``environment`` is unset; one whose value is None has a value nobody knows.
    None when the result hangs on an unknown value, or when Docker refuses the word (``${X?}`` of an unset X too).
    """
    if not _SPECIAL.search(word):
        return word
    try:
        return _Lexer(word, escape, environment).joined("", raw_escapes=False)
    except (Malformed, RecursionError):
        return None


def shell_words(text: str, *, raw_escapes: bool, raw_quotes: bool) -> Iterator[Part]:
    """The words of ``text`` as BuildKit's search for here-documents sees them.

    The escape is always a backslash and no variable is set, so variables stay as written; ``raw_escapes`` keeps
    escapes, ``raw_quotes`` keeps quotes. Range of a word: from its first to its last character in ``text``.

    Raises:
        Malformed: a quote or brace is left open.
        RecursionError: ``${...}`` nested too deeply.
    """
    lexer = _Lexer(text, "\\", {}, raw_quotes=raw_quotes, keep_unset=True)
    letters: list[str] = []
    first = last = 0
    for chunk in lexer.chunks("", raw_escapes=raw_escapes):
        content = chunk.text or ""
        verbatim = len(content) == chunk.end - chunk.start
        for run in (_ALL if chunk.literal else _RUN).finditer(content):
            if run[0][0] not in SPACE or chunk.literal:
                if not letters:
                    first = chunk.start + run.start() * verbatim
                last = chunk.start + run.end() if verbatim else chunk.end
                letters.append(run[0])
            elif letters:
                yield Part(first, last, "".join(letters))
                letters.clear()
    if letters:
        yield Part(first, last, "".join(letters))


class _Chunk(NamedTuple):
    """What one stretch of the text stands for; None: nobody knows. ``literal``: blanks in it separate no words."""

    text: str | None
    literal: bool
    start: int
    end: int


class _Lexer:
    """A cursor over one text that yields what its quotes, escapes and variables stand for."""

    __slots__ = ("_at", "_depth", "_environment", "_escape", "_keep_unset", "_raw_quotes", "_text")

    def __init__(
        self,
        text: str,
        escape: str,
        environment: Mapping[str, str | None],
        *,
        raw_quotes: bool = False,
        keep_unset: bool = False,
    ) -> None:
        self._text = text
        self._escape = escape
        self._environment = environment
        self._raw_quotes = raw_quotes
        self._keep_unset = keep_unset
        self._at = len(BOM) if text.startswith(BOM) else 0
        self._depth = 0

    def joined(self, stop: str, *, raw_escapes: bool) -> str | None:
        """All up to the character ``stop`` (consumed), or to the end of the text when ``stop`` is empty."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError("${...} is nested too deeply")
        text = _join(chunk.text for chunk in self.chunks(stop, raw_escapes=raw_escapes))
        self._depth -= 1
        return text

    def chunks(self, stop: str, *, raw_escapes: bool) -> Iterator[_Chunk]:
        """The stretches up to ``stop``, as in ``joined``."""
        text, escape = self._text, self._escape
        while self._at < len(text):
            start = self._at
            char = text[start]
            if char == stop:
                self._at += 1
                return
            if char == "'":
                yield _Chunk(self._single(), True, start, self._at)
            elif char == '"':
                yield _Chunk(self._double(raw_escapes), True, start, self._at)
            elif char == "$":
                yield _Chunk(self._dollar(), False, start, self._at)
            elif char == escape:
                self._at = min(start + 2, len(text))
                yield _Chunk(text[start if raw_escapes else start + 1 : self._at], True, start, self._at)
            else:
                self._at = _end(_PLAIN, text, start)
                yield _Chunk(text[start : self._at], False, start, self._at)
        if stop:
            raise Malformed(f"{stop!r} is missing")

    def _single(self) -> str:
        start = self._at
        close = self._text.find("'", start + 1)
        if close == -1:
            raise Malformed("a single quote is left open")
        self._at = close + 1
        return self._text[start : close + 1] if self._raw_quotes else self._text[start + 1 : close]

    def _double(self, raw_escapes: bool) -> str | None:
        text, escape = self._text, self._escape
        quote = '"' if self._raw_quotes else ""
        out: list[str | None] = [quote]
        self._at += 1
        while self._at < len(text):
            start = self._at
            char = text[start]
            if char == '"':
                self._at += 1
                out.append(quote)
                return _join(out)
            if char == "$":
                out.append(self._dollar())
            elif char == escape:
                escaped = text[start + 1 : start + 2]
                special = escaped in ('"', "$", escape)
                self._at += 1 + special
                out.append((escape if raw_escapes else "") + (escaped if special else escape))
            else:
                self._at = _end(_PLAIN, text, start)
                out.append(text[start : self._at])
        raise Malformed("a double quote is left open")

    def _dollar(self) -> str | None:
        self._at += 1
        if self._peek() != "{":
            name = self._name()
            return self._value(name, f"${name}") if name else "$"
        self._at += 1
        if self._peek() in ("", "{", "}", ":"):
            raise Malformed("bad substitution")
        name = self._name()
        sign = self._next()
        if sign == "}":
            return self._value(name, f"${{{name}}}")
        if sign == "/":
            return self._substitution(name)
        colon = sign if sign == ":" else ""
        if colon:
            sign = self._next()
        elif sign not in ("+", "-", "?", "#", "%"):
            raise Malformed(f"unsupported modifier {sign!r}")
        word = self.joined("}", raw_escapes=sign in ("#", "%"))
        if self._keep_unset and name not in self._environment:
            return f"${{{name}{colon}{sign}{word}}}"
        return self._modified(name, colon, sign, word)

    def _modified(self, name: str, colon: str, sign: str, word: str | None) -> str | None:
        value = self._value(name, "")
        missing = name not in self._environment or (bool(colon) and value == "")
        if sign not in ("+", "-", "?", "#", "%"):
            raise Malformed(f"unsupported modifier {colon + sign!r}")
        if value is None:
            return None
        if sign == "-":
            return word if missing else value
        if sign == "+":
            return "" if missing else word
        if sign == "?":
            if missing:
                raise Malformed(f"{name} is unset")
            return value
        if word is None:
            return None
        longest = word.startswith(sign)
        tokens = _glob(word[1:] if longest else word)
        if sign == "#":
            return value[_reach(tokens, value, 0, longest) or 0 :]
        return value[::-1][_reach(tokens[::-1], value[::-1], 0, longest) or 0 :][::-1]

    def _substitution(self, name: str) -> str | None:
        every = self._peek() == "/"
        self._at += every
        pattern = self.joined("/", raw_escapes=True)
        new = self.joined("}", raw_escapes=True)
        if self._keep_unset and name not in self._environment:
            return f"${{{name}/{pattern}/{new}}}"
        value = self._value(name, "")
        if value is None or pattern is None or new is None or (every and "$" in new):
            return None
        return _replaced(_glob(pattern), value, new, every)

    def _value(self, name: str, unset: str) -> str | None:
        """The value of a variable, None when unknown; ``unset`` is what stands when references are kept."""
        return self._environment.get(name, unset if self._keep_unset else "")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += len(char)
        return char

    def _name(self) -> str:
        text, start = self._text, self._at
        first = self._peek()
        if first and first in "@*#?-$!":
            self._at += 1
            return first
        digits = first.isdecimal()
        while (char := self._peek()) and (char.isdecimal() or (not digits and (char.isalpha() or char == "_"))):
            self._at += 1
        return text[start : self._at]


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at + 1


def _join(parts: Iterable[str | None]) -> str | None:
    """The parts as one text, None when one of them is unknown."""
    known = []
    unknown = False
    for part in parts:
        if part is None:
            unknown = True
        else:
            known.append(part)
    return None if unknown else "".join(known)


def _glob(pattern: str) -> list[str]:
    """The tokens of a ``${X#pattern}``: single characters, ``_ANY`` for ``?``, ``_STAR`` for ``*``."""
    tokens = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\":
            escaped = pattern[at : at + 1]
            if escaped in ("}", "/"):
                continue
            if escaped not in ("*", "?", "\\"):
                raise Malformed(f"invalid escape {char + escaped!r} in a pattern")
            tokens.append(escaped)
            at += 1
        else:
            tokens.append({"*": _STAR, "?": _ANY}.get(char, char))
    return tokens


def _reach(tokens: list[str], text: str, start: int, longest: bool) -> int | None:
    """Where the shortest or longest match that begins at ``start`` ends; None without a match."""
    reached = None
    states = {0}
    for at in range(start, len(text) + 1):
        live = set()
        for first in states:
            state = first
            while state < len(tokens) and tokens[state] == _STAR:
                live.add(state)
                state += 1
            live.add(state)
        if len(tokens) in live:
            reached = at
            if not longest:
                return reached
        if at == len(text):
            return reached
        fits = (text[at], _ANY, _STAR)
        states = {s + (tokens[s] != _STAR) for s in live if s < len(tokens) and tokens[s] in fits}
    return reached


def _replaced(tokens: list[str], value: str, new: str, every: bool) -> str:
    """``value`` with the first match, or every match, of the pattern replaced (longest match, leftmost first)."""
    out = []
    at = done = 0
    while at <= len(value):
        end = _reach(tokens, value, at, longest=True)
        if end is None or (end == done and at):
            at += 1
            continue
        out += [value[done:at], new]
        done = end
        at = max(end, at + 1)
        if not every:
            break
    out.append(value[done:])
    return "".join(out)
