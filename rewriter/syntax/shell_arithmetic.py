"""Reads the arithmetic of a shell script: ``$((...))``, ``((...))`` and ``${x:offset:length}``."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from rewriter.syntax.shell_words import NAME, PARAMETER, Parts, WordReader

BLANKS: Final = re.compile(r"[ \t\n]*")
NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]+|[0-9]+#[0-9A-Za-z@_]+|[0-9]+(?![A-Za-z_#])")
VARIABLE: Final = re.compile(NAME)
STEP: Final = re.compile(r"\+\+|--")
SIGN: Final = re.compile(r"[-+!~]")
ASSIGN: Final = re.compile(r"(?:<<|>>|[-+*/%&^|])?=(?!=)")
BINARY: Final = re.compile(r"\*\*|<<|>>|[<>=!]=|&&|\|\||[-+*/%<>&^|]")


class Operand(Enum):
    """What an operator follows."""

    VALUE = 0
    VARIABLE = 1
    TARGET = 2
    """A variable that begins an expression, so that ``=`` may follow it."""


class ArithmeticReader(WordReader):
    """Checks that an expression is well formed, and notes the variables that it reads and sets."""

    __slots__ = ()

    def arithmetic(self, parts: Parts, closers: str) -> None:
        """Read an expression: operands and operators in turn; ``awaited`` holds the ``)`` and ``:`` yet to come."""
        awaited: list[str] = []
        begins = True
        while True:
            operand = self._operand(parts, awaited, begins)
            operator = ""
            while not operator:
                self._skip_blanks()
                character = self.peek()
                if not awaited and character and character in closers:
                    return
                if character == ")" and awaited and awaited[-1] == ")":
                    awaited.pop()
                    self.at += 1
                else:
                    operator = self._operator(parts, awaited, operand)
                operand = Operand.VALUE
            begins = operator in ("=", ",", "?", ":")

    def _skip_blanks(self) -> None:
        blanks = BLANKS.match(self.text, self.at, self.end)
        self.at = blanks.end() if blanks else self.at

    def _operator(self, parts: Parts, awaited: list[str], operand: Operand) -> str:
        """Read what comes after an operand; "" when it was a ``++`` that another operator must follow."""
        character = self.peek()
        if step := STEP.match(self.text, self.at, self.end):
            if operand is Operand.VALUE:
                raise self.out_of_place()
            parts.assigns = True
            self.at = step.end()
            return ""
        if assign := ASSIGN.match(self.text, self.at, self.end):
            if operand is not Operand.TARGET:
                raise self.out_of_place()
            parts.assigns = True
            self.at = assign.end()
            return "="
        if binary := BINARY.match(self.text, self.at, self.end):
            self.at = binary.end()
            return binary.group()
        if character == "?":
            awaited.append(":")
        elif character == ":" and awaited and awaited[-1] == ":":
            awaited.pop()
        elif character != "," or (awaited and awaited[-1] == ":"):
            raise self.out_of_place()
        self.at += 1
        return character

    def _operand(self, parts: Parts, awaited: list[str], begins: bool) -> Operand:
        """Read signs, opening parentheses and one operand."""
        while True:
            self._skip_blanks()
            if step := STEP.match(self.text, self.at, self.end):
                if not VARIABLE.match(self.text, step.end(), self.end):
                    raise self.out_of_place()
                parts.assigns = True
                self.at = step.end()
                self._variable(parts)
                return Operand.VALUE
            if self.peek() == "(":
                awaited.append(")")
                begins = True
            elif SIGN.match(self.text, self.at, self.end):
                begins = False
            else:
                break
            self.at += 1
        if self._variable(parts):
            return Operand.TARGET if begins else Operand.VARIABLE
        self._value(parts)
        return Operand.VALUE

    def _variable(self, parts: Parts) -> bool:
        """Read the bare name of a variable, if there is one."""
        variable = VARIABLE.match(self.text, self.at, self.end)
        if not variable:
            return False
        parts.parameters.append(variable.group())
        self.at = variable.end()
        return True

    def _value(self, parts: Parts) -> None:
        """Read a number or a run of expansions."""
        start = self.at
        while True:
            character = self.peek()
            if number := NUMBER.match(self.text, self.at, self.end):
                self.at = number.end()
            elif character == "$" and (
                self.starts("$(") or self.starts("${") or PARAMETER.match(self.text, self.at + 1, self.end)
            ):
                self.dollar(parts, double=True)
            elif character == "`":
                self.backquote(parts, double=False)
            elif character == '"':
                self.double(parts)
            else:
                break
        if self.at == start:
            raise self.out_of_place()
