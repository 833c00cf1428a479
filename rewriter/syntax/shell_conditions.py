"""Reads the conditions of a shell script: ``[[ ... ]]``."""

from __future__ import annotations

import re
from typing import Final

from rewriter.syntax.script import Test, Word
from rewriter.syntax.shell_simple import SimpleReader
from rewriter.syntax.shell_words import Parts, Refusal

TOKEN: Final = re.compile(r"&&|\|\||[()<>]")
UNARY: Final = re.compile(r"-[a-hknoprstuvwxzGLNORS]")
BINARY: Final = frozenset(["=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"])
OPERATORS: Final = BINARY | {"=~", "&&", "||", "(", ")", "!", "]]"}


class ConditionReader(SimpleReader):
    """Reads ``[[ ... ]]``: tests joined by ``&&`` and ``||``."""

    __slots__ = ()

    def condition(self, start: int) -> Test:
        """Read from ``[[`` to the redirects after ``]]``."""
        self.at += 2
        words: list[Word] = []
        opened = 0
        while True:
            opened += self._comparison(words)
            while opened and words[-1].raw == ")":
                opened -= 1
                words.append(self._token())
            if words[-1].raw not in ("&&", "||"):
                break
        last = words.pop()
        if last.raw != "]]" or opened:
            raise Refusal(last.start, "`]]` was expected")
        redirects = self.redirects()
        return Test(start, self.at, tuple(words), redirects)

    def _comparison(self, words: list[Word]) -> int:
        """Read one test and the token after it; returns how many parentheses were opened before it."""
        opened = 0
        self._lines_inside()
        words.append(self._token())
        while words[-1].raw in ("!", "("):
            opened += words[-1].raw == "("
            words.append(self._token())
        self._require_operand(words[-1])
        unary = UNARY.fullmatch(words[-1].raw)
        words.append(self._token())
        if unary:
            self._require_operand(words[-1])
            words.append(self._token())
        elif words[-1].raw in BINARY:
            words.append(self._token())
            self._require_operand(words[-1])
            words.append(self._token())
        elif words[-1].raw == "=~":
            words.append(self._regex())
            words.append(self._token())
        return opened

    def _require_operand(self, word: Word) -> None:
        if word.raw in OPERATORS:
            raise Refusal(word.start, f"`{word.raw}` is out of place")

    def _token(self) -> Word:
        """Read a word or an operator."""
        self.blanks()
        token = TOKEN.match(self.text, self.at, self.end)
        if not token or self.starts("<(") or self.starts(">("):
            return self.word()
        start, self.at = self.at, token.end()
        return Word(start, self.at, token.group(), token.group())

    def _lines_inside(self) -> None:
        """Skip blanks and newlines."""
        self.blanks()
        while self.peek() == "\n":
            if self.pending:
                raise Refusal(self.at, "a here-document before the end of a condition")
            self.at += 1
            self.blanks()

    def _regex(self) -> Word:
        """Read what follows ``=~``: a word in which ``( ) |`` are ordinary."""
        self.blanks()
        start = self.at
        parts = Parts()
        opened = 0
        while True:
            character = self.peek()
            if character == "(":
                opened += 1
            elif character == ")" and opened:
                opened -= 1
            elif character != "|":
                if character in ("<", ">") or not self.part(parts):
                    break
                continue
            parts.value.append(character)
            self.at += 1
        if self.at == start or opened:
            raise self.out_of_place()
        return parts.word(self.text, start, self.at)
