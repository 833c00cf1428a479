"""Reads the simple commands of a shell script: assignments, words and redirects, and the gaps between them."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Final

from rewriter.syntax.script import Assignment, Function, Redirect, Simple, Word
from rewriter.syntax.shell_arithmetic import ArithmeticReader
from rewriter.syntax.shell_words import NAME, PLAIN_LETTERS, Refusal

GAP: Final = re.compile(r"[ \t]*+(?:\\\n[ \t]*+)*+")
COMMENT: Final = re.compile(r"#[^\n]*")
RESERVED: Final = re.compile(
    r"(?:(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|function|\})(?=[ \t\n;&|<>()]|\\\n|\Z)"
    r"|(?:[{!]|\[\[)(?=[ \t\n]|\\\n))"
)
RESERVED_WORDS: Final = frozenset(
    [
        "if",
        "then",
        "elif",
        "else",
        "fi",
        "do",
        "done",
        "case",
        "esac",
        "while",
        "until",
        "for",
        "function",
        "select",
        "coproc",
        "let",
        "{",
        "}",
        "!",
        "[[",
        "]]",
    ]
)
RESERVED_STARTS: Final = frozenset("itefdcwu}{![")
ENDS: Final = frozenset(("", "\n", ";", "|", ")", "(", "#"))
"""What ends a simple command, ``&`` aside."""
PLAIN_WORDS: Final = re.compile(rf"(?:(?:{PLAIN_LETTERS})(?![^ \t\n;&|)]){GAP.pattern})++")
REDIRECT: Final = re.compile(rf"([0-9]+|\{{{NAME}\}})?(<<<|<<-?|>>|[<>]&|>\||<>|[<>](?!\())|(&>>?)")
ASSIGNMENT: Final = re.compile(rf"({NAME})(?:\[[A-Za-z0-9_]+\])?\+?=")
SUBSCRIPT: Final = re.compile(rf"{NAME}\[")
DECLARATIONS: Final = frozenset(("declare", "export", "local", "readonly", "typeset", "nameref"))
SPECIAL: Final = DECLARATIONS | {"time"}
MISNAMED: Final = re.compile(rf"(?!{ASSIGNMENT.pattern})(?:(?:\\.|[^'\"$`=\\])*=|{NAME}\[)")
QUOTED: Final = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
KEYED: Final = re.compile(r"^=|[$})`]\w*=|[^${]#")


class SimpleReader(ArithmeticReader):
    """Reads simple commands; the commands inside them are left to the subclass."""

    __slots__ = ()

    @abstractmethod
    def function_body(self, start: int, name: str) -> Function:
        """Read ``() body``."""

    def blanks(self) -> None:
        """Skip blanks and line continuations."""
        text, at, end = self.text, self.at, self.end
        if at >= end or text[at] not in " \t\\":
            return
        if text[at] == " " and at + 1 < end and text[at + 1] not in " \t\\":  # most are one blank
            self.at = at + 1
            return
        gap = GAP.match(text, at, end)
        self.at = gap.end() if gap else at

    def lines(self) -> None:
        """Skip blanks, comments and newlines, with the here-documents that follow these."""
        while True:
            self.blanks()
            character = self.peek()
            if character == "#":
                self._comment()
            elif character == "\n":
                self.at += 1
                self._heredocs()
            else:
                return

    def _comment(self) -> None:
        comment = COMMENT.match(self.text, self.at, self.end)
        if comment:
            if comment.group().endswith("\\"):
                raise Refusal(comment.end() - 1, "a comment that ends in a backslash")
            self.comments.append(comment.span())
            self.at = comment.end()

    def _heredocs(self) -> None:
        """Read the here-documents whose lines begin here, and complete their redirects."""
        pending, self.pending = self.pending, []
        for redirect in pending:
            name, dedented = redirect.target.value or "", redirect.operator == "<<-"
            tabs = r"\t*" if dedented else ""
            last = re.compile(rf"^{tabs}{re.escape(name)}$", re.MULTILINE).search(self.text, self.at, self.end)
            if not last:
                raise Refusal(redirect.start, f"the here-document `{name}` is never closed")
            start, end, expanded = self.at, last.start(), not redirect.target.quoted
            if expanded and self.text.endswith("\\\n", start, end):
                raise Refusal(end, "a line continuation before the end of a here-document")
            redirect.body = (start, end)
            redirect.content = self.heredoc(start, end, expanded, dedented)
            self.at = min(last.end() + 1, self.end)

    def reserved(self) -> str:
        """The reserved word that comes next, "" when there is none."""
        if self.at >= self.end or self.text[self.at] not in RESERVED_STARTS:
            return ""
        reserved = RESERVED.match(self.text, self.at, self.end)
        return reserved.group() if reserved else ""

    def unexpected(self) -> Refusal:
        """A refusal of the token that comes next."""
        reserved = self.reserved()
        return Refusal(self.at, f"`{reserved}` is out of place") if reserved else self.out_of_place()

    def simple(self) -> Simple | Function:
        """Read a simple command and the blanks behind it, or the function that its first word turns out to name."""
        text, limit = self.text, self.end
        start = end = self.at
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            # most words are plain: one match for as many as there are, and the blanks behind them
            if plain := PLAIN_WORDS.match(text, self.at, limit):
                at = self.at
                for raw in plain[0].split():
                    if raw == "\\":  # a line continuation
                        continue
                    if not text.startswith(raw, at):  # most stand one blank further on
                        at = text.index(raw, at)
                    if not words and ("=" in raw or raw in RESERVED_WORDS):
                        self.at = at
                        break
                    self.at = end = at + len(raw)
                    words.append(Word(at, end, raw, raw))
                    at = end + 1
                else:
                    self.at = plain.end()
            character = text[self.at] if self.at < limit else ""
            if character in ENDS:
                break
            if character in "<>&{0123456789" and (redirect := self.redirect()):
                redirects.append(redirect)
            elif character == "&":
                break
            elif words:
                words.append(self.word())
            elif assignment := self._assignment():
                assignments.append(assignment)
            else:
                words.append(self._first_word())
            end = self.at
            self.blanks()
        if start == end:
            raise self.unexpected()
        if character == "(":
            if len(words) == 1 and not assignments and not redirects:
                return self.function_body(start, words[0].raw)
            raise self.out_of_place()
        if words and (assignments or words[0].raw in SPECIAL):
            self._check(assignments, words, redirects)
        return Simple(start, end, tuple(assignments), tuple(words), tuple(redirects))

    def _first_word(self) -> Word:
        """Read the name of a command; it must not be one that the shell reads in a way of its own."""
        start = self.at
        if SUBSCRIPT.match(self.text, start, self.end):
            raise Refusal(start, "an array element that is not understood")
        word = self.word()
        if word.raw in RESERVED_WORDS:
            raise self.misplaced(word)
        if "\\\n" in word.raw:
            raise Refusal(start, "a line continuation inside the name of a command")
        name, equals, value = word.raw.partition("=")
        if equals and (name.startswith("+") or "\\" in name or "[" in value):
            raise self.misplaced(word)
        return word

    def _check(self, assignments: list[Assignment], words: list[Word], redirects: list[Redirect]) -> None:
        """Refuse commands that the shell, or ``shfmt``, reads in a way of its own."""
        for assignment in assignments:
            if assignment.elements is not None or self.text[assignment.start + len(assignment.name)] == "[":
                raise Refusal(assignment.start, "an array before a command")
        name = words[0].raw
        if name in DECLARATIONS:
            if redirects and redirects[0].start < words[-1].start:
                raise Refusal(redirects[0].start, f"a redirect before the words of `{name}`")
            for word in words[1:]:
                if MISNAMED.match(word.raw):
                    raise self.misplaced(word)
        if name == "time" and not assignments:
            timed = words[1].raw if len(words) > 1 else "-"
            strange = timed == "time" or timed in RESERVED_WORDS or timed in DECLARATIONS or timed.startswith("-")
            if strange or ASSIGNMENT.match(timed) or SUBSCRIPT.match(timed) or redirects:
                raise Refusal(words[0].start, "`time` before something else than a plain command")

    def misplaced(self, word: Word) -> Refusal:
        """A refusal of a whole word."""
        return Refusal(word.start, f"`{word.raw[:40]}` is out of place")

    def _assignment(self) -> Assignment | None:
        """Read ``name=...``, if it comes next."""
        left = ASSIGNMENT.match(self.text, self.at, self.end)
        if not left:
            return None
        start, self.at = self.at, left.end()
        character = self.peek()
        if character == "(":
            return self._array(start, left.group(1))
        if self.starts("\\\n"):
            raise Refusal(self.at, "a line continuation inside an assignment")
        if character in ("", " ", "\t", "\n", ";", "&", "|", ")"):
            return Assignment(start, self.at, left.group(1), None)
        value = self.word(inside=True)
        return Assignment(start, self.at, left.group(1), value)

    def _array(self, start: int, name: str) -> Assignment:
        """Read ``(a b c)``."""
        if self.text[self.at - 2] == "]":
            raise Refusal(start, "an array inside an array")
        self.at += 1
        elements: list[Word] = []
        while True:
            self.lines()
            character = self.peek()
            if character == ")":
                break
            if character == "[":
                raise Refusal(self.at, "an array with named elements")
            elements.append(self.word())
            if KEYED.search(QUOTED.sub("", elements[-1].raw)):
                raise self.misplaced(elements[-1])
        self.at += 1
        return Assignment(start, self.at, name, None, tuple(elements))

    def redirect(self) -> Redirect | None:
        """Read a redirect, if one comes next."""
        opened = REDIRECT.match(self.text, self.at, self.end)
        if not opened:
            return None
        start, self.at = self.at, opened.end()
        operator = opened.group(2) or opened.group(3)
        self.blanks()
        target = self.word()
        redirect = Redirect(start, self.at, opened.group(1) or "", operator, target)
        if operator in ("<<", "<<-"):
            if not target.value or "\n" in target.raw or "$" in target.raw:
                raise Refusal(start, "a here-document with a name that is not understood")
            self.pending.append(redirect)
        return redirect

    def redirects(self) -> tuple[Redirect, ...]:
        """Read the redirects after a compound command."""
        redirects: list[Redirect] = []
        end = self.at
        self.blanks()
        while redirect := self.redirect():
            redirects.append(redirect)
            end = self.at
            self.blanks()
        self.at = end
        return tuple(redirects)
