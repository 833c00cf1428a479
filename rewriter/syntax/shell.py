"""Reads the commands of a shell script: POSIX shell, and the bash that people write in Dockerfiles.

What is not understood is refused, never guessed: ``read_shell`` then returns an ``Opaque``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from rewriter.syntax.pipelines import Pipelines
from rewriter.syntax.script import (
    AndOr,
    Arithmetic,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Loop,
    Opaque,
    Pipeline,
    Script,
    Sequence,
    Statement,
    Subshell,
    Word,
)
from rewriter.syntax.shell_conditions import ConditionReader
from rewriter.syntax.shell_simple import DECLARATIONS, RESERVED_WORDS
from rewriter.syntax.shell_words import NAME, Parts, Refusal

CLOSING_WORDS: Final = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))
FUNCTION_NAME: Final = re.compile(r"[A-Za-z_][\w.:-]*", re.ASCII)
IN: Final = re.compile(r"in(?=[ \t\n;]|\\\n)")
FOR_NAME: Final = re.compile(NAME)

SPLIT_TOKEN: Final = re.compile(
    r"\\\n(?:(?<=[;&|<>]\\\n)(?:\\\n)*[;&|<>]|(?<=[<>$(]\\\n)(?:\\\n)*\(|(?<=[$\w{}\[!]\\\n)(?:\\\n)*[<>(\w{}\[])"
)
"""A line continuation that may divide an operator, a name or a reserved word."""


@lru_cache(maxsize=256)
def read_shell(text: str) -> Script | Opaque:
    """Read a whole shell script."""
    return reread(text)


def reread(text: str, known: Pipelines | None = None) -> Script | Opaque:
    """As :func:`read_shell`; the pipelines that are ``known`` are taken over, the others kept there."""
    if "\r" in text or "\0" in text:
        at = min(at for at in (text.find("\r"), text.find("\0")) if at != -1)
        return Opaque(at, "a carriage return or a null character")
    split = SPLIT_TOKEN.search(text) if "\\\n" in text else None
    if split:
        return Opaque(split.start() - 1, "a line continuation inside a word or an operator")
    reader = _Reader(text)
    reader.known = known
    try:
        body = reader.whole()
    except Refusal as refusal:
        return Opaque(refusal.at, refusal.reason)
    return Script(text, body, tuple(reader.comments))


class _Reader(ConditionReader):
    """Recursive descent: each method reads one construct from ``at`` and leaves ``at`` behind it. ``known`` are pipelines that
    need not be read again where they stand in the outermost list."""

    __slots__ = ("known",)

    def __init__(self, text: str, depth: int = 0) -> None:
        super().__init__(text, depth)
        self.known: Pipelines | None = None

    # Lists of commands

    def whole(self) -> Sequence:
        """Read commands up to ``end``."""
        sequence = self.sequence()
        if self.at < self.end:
            raise self.unexpected()
        if self.pending:
            raise Refusal(self.pending[0].start, "the here-document has no lines")
        return sequence

    def sequence(self) -> Sequence:
        """Read commands up to a closing word, ``)``, ``;;`` or the end."""
        self.deeper()
        statements: list[Statement] = []
        while True:
            separated = not statements or statements[-1].ended_by or self.peek() == "#"
            self.lines()
            reserved = self.reserved()
            if self._at_closing(reserved):
                break
            if not separated:
                raise self.unexpected()
            statements.append(self._statement(reserved))
        self.depth -= 1
        if not statements:
            return Sequence(self.at, self.at, ())
        return Sequence(statements[0].start, statements[-1].end, tuple(statements))

    def _filled(self, keyword: str) -> Sequence:
        """Read commands up to ``keyword`` and step over it; there must be at least one."""
        sequence = self.sequence()
        if not sequence.statements:
            raise self.unexpected()
        self._keyword(keyword)
        return sequence

    def _statement(self, reserved: str) -> Statement:
        """Read an and-or list and what ends it. It begins with the word ``reserved`` when that is not empty."""
        pipelines = [self._pipeline(reserved)]
        operators: list[tuple[str, int]] = []
        while True:
            self.blanks()
            operator = self.text[self.at : self.at + 2]
            if operator not in ("&&", "||") or self.at + 2 > self.end:
                break
            operators.append((operator, self.at))
            self.at += 2
            self.lines()
            pipelines.append(self._pipeline(self.reserved()))
        start, end = pipelines[0].start, pipelines[-1].end  # the blanks behind it are not its own
        and_or = AndOr(start, end, tuple(pipelines), tuple(operators))
        ended_by = self.peek()
        if ended_by not in (";", "&", "\n") or operator in (";;", ";&"):
            return Statement(start, end, and_or, "", end)
        ended_at = self.at
        if ended_by != "\n":
            self.at += 1
        return Statement(start, end, and_or, ended_by, ended_at)

    def _pipeline(self, reserved: str) -> Pipeline:
        """Read commands joined by ``|``."""
        start = self.at
        known = self.known if self.depth == 1 and not self.pending else None
        if known is not None and (again := known.at(self.text, start)) is not None:
            self.at = again.end
            return again
        negated = reserved == "!"
        if negated:
            self.at += 1
            self.blanks()
            reserved = self.reserved()
        commands = [self._command(reserved)]
        operators: list[str] = []
        while True:
            self.blanks()
            if self.peek() != "|" or self.starts("||"):
                break
            operators.append("|&" if self.starts("|&") else "|")
            self.at += len(operators[-1])
            self.lines()
            commands.append(self._command(self.reserved()))
        if isinstance(commands[-1], Function) and (operators or negated):
            raise Refusal(commands[-1].start, "a function inside a pipeline")
        pipeline = Pipeline(start, commands[-1].end, negated, tuple(commands), tuple(operators))
        if known is not None:
            known.keep(pipeline, self.text)
        return pipeline

    def _keyword(self, keyword: str) -> None:
        """Step over the reserved word that must come next."""
        if self.reserved() != keyword:
            found = self.reserved()
            raise Refusal(self.at, f"`{keyword}` was expected" + (f", not `{found}`" if found else ""))
        self.at += len(keyword)

    def _at_closing(self, reserved: str) -> bool:
        """Whether what comes next ends a list of commands."""
        character = self.peek()
        if character in ("", ")"):
            return True
        if character == ";":
            return self.starts(";;") or self.starts(";&")
        return reserved in CLOSING_WORDS

    # Commands

    def _command(self, reserved: str) -> Command:
        """Read one command, which begins with the word ``reserved`` when that is not empty."""
        if reserved:
            read = COMPOUND.get(reserved)
            if not read:
                raise self.unexpected()
            return read(self, self.at)
        if self.peek() != "(":
            return self.simple()
        if self.starts("(("):
            return self._arithmetic_command(self.at)
        return self._subshell(self.at)

    # Compound commands: each is called with ``at`` on its first character

    def _subshell(self, start: int) -> Subshell:
        self.at += 1
        body = self.sequence()
        if not body.statements:
            raise self.unexpected()
        if self.at >= self.end:
            raise Refusal(start, f"the parenthesis opened at {start} is never closed")
        self.expect(")")
        redirects = self.redirects()
        return Subshell(start, self.at, body, redirects)

    def _group(self, start: int) -> Group:
        self.at += 1
        body = self._filled("}")
        redirects = self.redirects()
        return Group(start, self.at, body, redirects)

    def _if(self, start: int) -> If:
        self.at += len("if")
        branches: list[tuple[Sequence, Sequence]] = []
        otherwise: Sequence | None = None
        while True:
            condition = self._filled("then")
            body = self.sequence()
            branches.append((condition, body))
            if not body.statements:
                raise self.unexpected()
            if self.reserved() != "elif":
                break
            self._keyword("elif")
        if self.reserved() == "else":
            self._keyword("else")
            otherwise = self._filled("fi")
        else:
            self._keyword("fi")
        redirects = self.redirects()
        return If(start, self.at, tuple(branches), otherwise, redirects)

    def _loop(self, start: int) -> Loop:
        keyword = self.reserved()
        self.at += len(keyword)
        condition = self._filled("do")
        body = self._filled("done")
        redirects = self.redirects()
        return Loop(start, self.at, keyword, condition, body, redirects)

    def _for(self, start: int) -> For:
        self.at += len("for")
        self.blanks()
        name = FOR_NAME.match(self.text, self.at, self.end)
        words: tuple[Word, ...] | None = None
        if self.starts("(("):
            words = self._for_arithmetic()
        elif name:
            self.at = name.end()
            words = self._for_words()
        else:
            raise self.out_of_place()
        self.blanks()
        if self.peek() == ";":
            self.at += 1
        self.lines()
        self._keyword("do")
        body = self._filled("done")
        redirects = self.redirects()
        return For(start, self.at, name.group() if name else "", words, body, redirects)

    def _for_words(self) -> tuple[Word, ...] | None:
        """Read ``in words``, if it comes next."""
        if self.peek() not in ("", " ", "\t", "\n", ";", "\\"):
            raise self.out_of_place()
        after_name = self.at
        self.lines()
        if not IN.match(self.text, self.at, self.end):
            self.at = after_name
            return None
        self.at += len("in")
        words: list[Word] = []
        self.blanks()
        while self.peek() not in ("", "\n", ";", "#"):
            words.append(self.word())
            self.blanks()
        return tuple(words)

    def _for_arithmetic(self) -> tuple[Word, ...]:
        """Read the three expressions of ``for ((...))``."""
        self.at += 2
        expressions = [self._expression(closer) for closer in (";", ";", ")")]
        return tuple(expression for expression in expressions if expression)

    def _expression(self, closer: str) -> Word | None:
        """Read an expression and step over what closes it; None when it is empty."""
        self.blanks()
        start = self.at
        parts = Parts()
        parts.known = False
        if self.peek() != closer:
            self.arithmetic(parts, closer)
        end = self.at
        self.expect("))" if closer == ")" else closer)
        return parts.word(self.text, start, end) if end > start else None

    def _arithmetic_command(self, start: int) -> Arithmetic:
        self.at += 2
        try:
            expression = self._expression(")")
        except Refusal as refusal:
            raise Refusal(start, "`((` that does not begin arithmetic") from refusal
        if not expression:
            raise Refusal(start, "an empty expression")
        redirects = self.redirects()
        return Arithmetic(start, self.at, expression, redirects)

    def _case(self, start: int) -> Case:
        self.at += len("case")
        self.blanks()
        word = self.word()
        self.lines()
        if not IN.match(self.text, self.at, self.end):
            raise Refusal(self.at, "`in` was expected")
        self.at += len("in")
        items: list[tuple[tuple[Word, ...], Sequence]] = []
        self.lines()
        while self.reserved() != "esac":
            patterns = self._patterns()
            items.append((patterns, self.sequence()))
            if self.reserved() != "esac":
                self.at += len(self._item_end())
                self.lines()
        self._keyword("esac")
        redirects = self.redirects()
        return Case(start, self.at, word, tuple(items), redirects)

    def _patterns(self) -> tuple[Word, ...]:
        """Read ``a | b)``."""
        if self.peek() == "(":
            self.at += 1
            self.blanks()
        patterns: list[Word] = []
        while True:
            if self.reserved() == "esac":
                raise self.unexpected()
            patterns.append(self.word())
            self.blanks()
            if self.peek() != "|":
                break
            self.at += 1
            self.blanks()
        self.expect(")")
        return tuple(patterns)

    def _item_end(self) -> str:
        """The operator that ends an item of a ``case``."""
        for operator in (";;&", ";;", ";&"):
            if self.starts(operator):
                return operator
        raise Refusal(self.at, "`esac` or `;;` was expected")

    def _function(self, start: int) -> Function:
        """Read ``function name body``."""
        self.at += len("function")
        self.blanks()
        name = self.word().raw
        at = self.at
        self.blanks()
        if self.peek() != "(":
            self.at = at
            return self._function_command(start, name)
        return self.function_body(start, name)

    def function_body(self, start: int, name: str) -> Function:
        """Read ``() body``."""
        self.at += 1
        self.blanks()
        self.expect(")")
        return self._function_command(start, name)

    def _function_command(self, start: int, name: str) -> Function:
        """Read the compound command that is the body of a function."""
        if not FUNCTION_NAME.fullmatch(name) or name in RESERVED_WORDS | DECLARATIONS | {"time"}:
            raise Refusal(start, "a function with a strange name")
        self.lines()
        if self.peek() != "(" and self.reserved() != "{":
            raise Refusal(self.at, "a function without a body in braces")
        body = self._command(self.reserved())
        return Function(start, self.at, name, body)


COMPOUND: Final[dict[str, Callable[[_Reader, int], Command]]] = {
    "{": _Reader._group,
    "if": _Reader._if,
    "while": _Reader._loop,
    "until": _Reader._loop,
    "for": _Reader._for,
    "case": _Reader._case,
    "function": _Reader._function,
    "[[": _Reader.condition,
}
