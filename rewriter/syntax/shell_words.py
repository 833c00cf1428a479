"""Reads the words of a shell script: quotes, expansions and patterns."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

from rewriter.syntax.script import Redirect, Sequence, Word

DEEPEST: Final = 40
"""How many lists and expansions may be nested: far beyond what people write, far below Python's own limit."""

PLAIN_LETTERS: Final = r"[A-Za-z0-9_./:=@%+,^!\]-][A-Za-z0-9_./:=@%+,^!\]#-]*+|\["
"""A word that means what is written (one with letters of other alphabets is read with more care, to the same end)."""
SIMPLE_WORD: Final = re.compile(rf"(?:{PLAIN_LETTERS})(?=[ \t\n;&|)]|[<>](?!\()|\Z)")
PLAIN: Final = re.compile(r"""[^ \t\n"'`$\\;&|<>()]+""")
PLAIN_DOUBLE: Final = re.compile(r'[^"`$\\]+')
PLAIN_HEREDOC: Final = re.compile(r"[^`$\\]+")
PLAIN_ARGUMENT: Final = re.compile(r"""[^}"'`$\\<>()]+""")
CONTINUATIONS: Final = re.compile(r"(?:\\\n)+")
BACKQUOTED: Final = re.compile(r"[^`\\]*(?:\\.[^`\\]*)*", re.DOTALL)
TOKEN: Final = re.compile(r"[;&|]{1,2}|[^\n\w]|\w{1,20}")
TILDE: Final = re.compile(r"(?:^|[=:])~")

NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*"
PARAMETER: Final = re.compile(rf"{NAME}|[0-9@*#?$!-]")
BRACED: Final = re.compile(rf"({NAME}|[0-9]+|[@*#?$!-])\}}")
BRACED_LENGTH: Final = re.compile(rf"#({NAME}|[0-9]+|[@*])(?:\[(?:[@*]|[0-9]+)\])?\}}")
BRACED_OPERATOR: Final = re.compile(
    rf"({NAME}|[0-9]+|[@*])(?:\[(?:[@*]|[0-9]+)\])?(\}}|:?[-=?+]|##?|%%?|//?|\^\^?|,,?|:|@[QEPAaUuLKk]\}})"
)

ANSI_QUOTED: Final = re.compile(r"[^'\\]*(?:\\.[^'\\]*)*", re.DOTALL)
ANSI_ESCAPE: Final = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
ANSI_LETTERS: Final = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


class Refusal(Exception):
    """The text is not read any further."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


class Parts:
    """What is known so far about the word being read."""

    __slots__ = ("assigns", "known", "parameters", "quoted", "shape", "substitutions", "value")

    def __init__(self) -> None:
        self.value: list[str] = []
        self.shape: list[str] = []
        self.known = True
        self.quoted = False
        self.parameters: list[str] = []
        self.assigns = False
        self.substitutions: list[Sequence] = []

    def word(self, text: str, start: int, end: int) -> Word:
        """The word that these parts make."""
        shape = "".join(self.shape)
        value = "".join(self.value) if self.known and not ("~" in shape and TILDE.search(shape)) else None
        return Word(
            start, end, text[start:end], value, _is_pattern(shape), self.quoted,
            tuple(self.parameters), self.assigns, tuple(self.substitutions),
        )  # fmt: skip


def _is_pattern(shape: str) -> bool:
    """Whether the unquoted text of a word may turn it into several."""
    if "*" in shape or "?" in shape:
        return True
    if -1 < shape.find("[") < shape.rfind("]") - 1:
        return True
    braced = shape[shape.find("{") : shape.rfind("}")] if "{" in shape else ""
    return "," in braced or ".." in braced


class WordReader(ABC):
    """Reads words out of ``text`` between ``at`` and ``end``; commands are left to the subclass."""

    __slots__ = ("at", "comments", "depth", "end", "pending", "text")

    def __init__(self, text: str, depth: int = 0) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.depth = depth
        self.pending: list[Redirect] = []
        self.comments: list[tuple[int, int]] = []

    @abstractmethod
    def sequence(self) -> Sequence:
        """Read commands up to something that cannot begin one."""

    @abstractmethod
    def whole(self) -> Sequence:
        """Read commands up to ``end``."""

    @abstractmethod
    def arithmetic(self, parts: Parts, closers: str) -> None:
        """Read an arithmetic expression up to (not over) one of ``closers``."""

    def deeper(self) -> None:
        """Count one more level of nesting."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refusal(self.at, "nested too deeply")

    def peek(self) -> str:
        """The next character, "" at the end."""
        return self.text[self.at] if self.at < self.end else ""

    def starts(self, prefix: str) -> bool:
        """Whether ``prefix`` comes next."""
        return self.text.startswith(prefix, self.at, self.end)

    def out_of_place(self) -> Refusal:
        """A refusal of whatever comes next."""
        if self.at >= self.end:
            return Refusal(self.at, "the text ends too early")
        token = TOKEN.match(self.text, self.at, self.end)
        return Refusal(self.at, f"`{token.group()}` is out of place" if token else "the line ends too early")

    def word(self, inside: bool = False) -> Word:
        """Read one word, or the rest of one when ``inside``; refuse when there is none."""
        start = self.at
        simple = SIMPLE_WORD.match(self.text, start, self.end)
        if simple:
            self.at = simple.end()
            raw = simple.group()
            return Word(start, self.at, raw, raw)
        parts = Parts()
        while self.part(parts):
            pass
        if self.at == start or (self.text[start] == "#" and not inside):
            self.at = start
            raise self.out_of_place()
        if self.pending and "\n" in self.text[start : self.at]:
            raise Refusal(start, "a word runs over the line that a here-document follows")
        return parts.word(self.text, start, self.at)

    def part(self, parts: Parts) -> bool:
        """Read one part of an unquoted word; False at its end."""
        plain = PLAIN.match(self.text, self.at, self.end)
        if plain:
            hash_after = plain.group()[0] == "#" and parts.shape
            if hash_after and (self.depth > 1 or self.text[self.at - 1] in "'$"):  # a comment to some readers
                raise Refusal(self.at, "a `#` right after a quote or an expansion")
            parts.value.append(plain.group())
            parts.shape.append(plain.group())
            self.at = plain.end()
            return True
        character = self.peek()
        if character == "(":
            if parts.shape and parts.shape[-1][-1:] in ("?", "*", "+", "@", "!"):
                raise Refusal(self.at, "an extended pattern")
            return False
        if character in ("<", ">"):
            if self.text[self.at + 1 : self.at + 2] != "(" or self.at + 1 >= self.end:
                return False
            self._substitution(parts, 2)
            return True
        if character == "" or character in " \t\n;&|)":
            return False
        if character == "\\":
            return self._escaped(parts)
        self._quoted_or_expanded(parts)
        return True

    def _escaped(self, parts: Parts) -> bool:
        """Read an unquoted backslash and what follows; False when it only continues the line after the word."""
        continued = CONTINUATIONS.match(self.text, self.at, self.end)
        if continued:
            after = self.text[continued.end() : continued.end() + 1]
            if after == "" or continued.end() >= self.end or after in " \t\n;&|)<>":
                return False
            self.at = continued.end()
            return True
        if self.at + 1 >= self.end:
            raise Refusal(self.at, "a backslash ends the text")
        parts.value.append(self.text[self.at + 1])
        parts.shape.append("q")
        parts.quoted = True
        self.at += 2
        return True

    def _quoted_or_expanded(self, parts: Parts) -> None:
        """Read ``'...'``, ``"..."``, ``$...`` or a backquoted command outside of double quotes."""
        character = self.text[self.at]
        parts.shape.append("q")
        if character == "'":
            close = self.text.find("'", self.at + 1, self.end)
            if close < 0:
                raise self._never_closed("quote", self.at)
            parts.value.append(self.text[self.at + 1 : close])
            parts.quoted = True
            self.at = close + 1
        elif character == '"':
            self.double(parts)
        elif character == "$":
            self.dollar(parts, double=False)
        else:
            self.backquote(parts, double=False)

    def _never_closed(self, what: str, at: int) -> Refusal:
        return Refusal(at, f"the {what} opened at {at} is never closed")

    def double(self, parts: Parts) -> None:
        """Read ``"..."``."""
        start = self.at
        parts.quoted = True
        self.at += 1
        while self._double_part(parts, PLAIN_DOUBLE, '$`"\\'):
            pass
        if self.peek() != '"':
            raise self._never_closed("quote", start)
        self.at += 1

    def _double_part(self, parts: Parts, ordinary: re.Pattern[str], escapes: str) -> bool:
        """Read one part of a double-quoted text or of a here-document; False at its end."""
        plain = ordinary.match(self.text, self.at, self.end)
        if plain:
            parts.value.append(plain.group())
            self.at = plain.end()
            return True
        character = self.peek()
        if character == "\\":
            following = self.text[self.at + 1 : min(self.at + 2, self.end)]
            if following != "\n":
                parts.value.append(following if following and following in escapes else "\\" + following)
            self.at += 1 + len(following)
        elif character == "$":
            self.dollar(parts, double=True, heredoc='"' not in escapes)
        elif character == "`":
            self.backquote(parts, double='"' in escapes)
        else:
            return False
        return True

    def heredoc(self, start: int, end: int, expanded: bool, dedented: bool) -> Word:
        """The lines of a here-document as a word."""
        parts = Parts()
        if expanded:
            at, limit, pending = self.at, self.end, self.pending
            self.at, self.end, self.pending = start, end, []
            while self._double_part(parts, PLAIN_HEREDOC, "$`\\"):
                pass
            self.at, self.end, self.pending = at, limit, pending
        else:
            parts.value.append(self.text[start:end])
            parts.quoted = True
        if dedented:
            parts.known = parts.known and not (expanded and "\\\n" in self.text[start:end])
            parts.value = [re.sub(r"(?m)^\t+", "", "".join(parts.value))]
        return parts.word(self.text, start, end)

    def dollar(self, parts: Parts, double: bool, heredoc: bool = False) -> None:
        """Read what a ``$`` begins, or a lone ``$``."""
        start = self.at
        following = self.text[start + 1 : min(start + 2, self.end)]
        if following and following in "{(":
            parts.known = False
            self.deeper()
            if following == "{":
                self._braced(parts, double, heredoc)
            elif self.starts("$(("):
                self.at += 3
                self.arithmetic(parts, ")")
                self.expect("))")
            else:
                self._substitution(parts, 2)
            self.depth -= 1
        elif parameter := PARAMETER.match(self.text, start + 1, self.end):
            parts.known = False
            parts.parameters.append(parameter.group())
            self.at = parameter.end()
        elif following == "[" or (following == "\\" and self.text.startswith("\\\n", start + 1)):
            raise Refusal(start, f"`${following}`")
        elif following == "'" and not double:
            self._ansi(parts)
        elif following == '"' and not double:
            parts.known = False
            self.at += 1
            self.double(parts)
        else:
            parts.value.append("$")
            self.at += 1

    def _ansi(self, parts: Parts) -> None:
        """Read ``$'...'``."""
        body = ANSI_QUOTED.match(self.text, self.at + 2, self.end)
        if not body or body.end() >= self.end or self.text[body.end()] != "'":
            raise self._never_closed("quote", self.at + 1)
        parts.quoted = True
        self.at = body.end() + 1
        for escape in ANSI_ESCAPE.finditer(body.group()):
            coded = escape.group(1)[0] in "01234567x"
            if escape.group(1)[0] in "uUc" or (coded and not "\0" < _ansi_character(escape) < "\x7f"):
                parts.known = False
        parts.value.append(ANSI_ESCAPE.sub(_ansi_character, body.group()))

    def _substitution(self, parts: Parts, opener: int) -> None:
        """Read ``$(...)``, ``<(...)`` or ``>(...)``."""
        start = self.at
        pending, self.pending = self.pending, []
        parts.known = False
        self.at += opener
        parts.substitutions.append(self.sequence())
        if self.at >= self.end:
            raise self._never_closed("parenthesis", start)
        if self.pending:
            raise Refusal(start, "a here-document is not complete inside its parentheses")
        self.expect(")")
        self.pending = pending

    def backquote(self, parts: Parts, double: bool) -> None:
        """Read a backquoted command; its text is unescaped first."""
        start = self.at
        body = BACKQUOTED.match(self.text, start + 1, self.end)
        if not body or body.end() >= self.end or self.text[body.end()] != "`":
            raise self._never_closed("backquote", start)
        close = body.end()
        parts.known = False
        plain = re.sub(r'\\([`$\\"])' if double else r"\\([`$\\])", r"\1", body.group())
        if plain == body.group():
            limit, pending = self.end, self.pending
            self.at, self.end, self.pending = start + 1, close, []
            parts.substitutions.append(self.whole())
            self.end, self.pending = limit, pending
        else:
            if re.search(r"\S#", plain):
                raise Refusal(start, "a `#` inside backquotes with escapes")
            if "`" in plain:
                raise Refusal(start, "backquotes inside backquotes")
            try:
                parts.substitutions.append(type(self)(plain, self.depth).whole())
            except Refusal as refusal:
                raise Refusal(start, refusal.reason) from None
        self.at = close + 1

    def _braced(self, parts: Parts, double: bool, heredoc: bool) -> None:
        """Read ``${...}``."""
        start = self.at
        self.at += 2
        whole = BRACED.match(self.text, self.at, self.end) or BRACED_LENGTH.match(self.text, self.at, self.end)
        if whole:
            parts.parameters.append(whole.group(1))
            self.at = whole.end()
            return
        opened = BRACED_OPERATOR.match(self.text, self.at, self.end)
        if not opened:
            raise Refusal(start, "an expansion with `${` that is not understood")
        parts.parameters.append(opened.group(1))
        operator = opened.group(2)
        self.at = opened.end()
        if operator.endswith("}"):
            return
        if operator == ":":
            self._slice(parts)
            return
        parts.assigns = parts.assigns or operator in ("=", ":=")
        if operator[0] in "/^,#%" and (double or heredoc):
            heredoc = True
        while self._argument_part(parts, double, heredoc):
            pass
        if self.peek() != "}":
            raise self._never_closed("brace", start)
        self.at += 1

    def _slice(self, parts: Parts) -> None:
        """Read the offset and the length of ``${x:offset:length}``."""
        self.arithmetic(parts, ":}")
        if self.peek() == ":":
            self.at += 1
            self.arithmetic(parts, "}")
        self.expect("}")

    def _argument_part(self, parts: Parts, double: bool, strict: bool) -> bool:
        """Read one part of what follows the operator in ``${x:-...}``; ``strict`` refuses quotes: shells differ."""
        plain = PLAIN_ARGUMENT.match(self.text, self.at, self.end)
        if plain:
            self.at = plain.end()
            return True
        character = self.peek()
        if character in ("", "}"):
            return False
        if (character == "'" and (double or strict)) or (character == '"' and strict):
            raise Refusal(self.at, "a quote inside a quoted `${ }`")
        if character in "<>()":
            if character == "(" and self.text[self.at - 1] in "<>?*+@!" and not double:
                raise Refusal(self.at, "an extended pattern")
            self.at += 1
        elif character == "\\":
            if self.at + 1 >= self.end:
                return False
            self.at += 2
        elif character == '"':
            self.double(parts)
        elif character == "'":
            self._quoted_or_expanded(parts)
        elif character == "$":
            self.dollar(parts, double, strict)
        else:
            self.backquote(parts, double and not strict)
        return True

    def expect(self, token: str) -> None:
        """Step over ``token``, which must come next."""
        if not self.starts(token):
            raise Refusal(self.at, f"`{token}` was expected")
        self.at += len(token)


def _ansi_character(escape: re.Match[str]) -> str:
    """The character for one escape of ``$'...'``."""
    code = escape.group(1)
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF)
    return ANSI_LETTERS.get(code, escape.group())
