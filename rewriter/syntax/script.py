"""The nodes of a shell script. All offsets are into the script's own text; nothing here is ever printed back.

A RUN's script is the text that the shell gets: ``Visible`` maps its offsets to the Dockerfile.
"""

from __future__ import annotations

from typing import NamedTuple


class Word:
    """One shell word.

    ``raw`` is the text as written. ``value`` is what the command would get, after quote removal, or None when that is
    only known at run time (a parameter, command or arithmetic expansion, a leading unquoted ``~``).
    ``pattern`` is True when an unquoted ``* ? [`` or a brace expansion may turn the word into several.
    ``quoted`` is True when any part of the word is quoted or escaped.
    ``parameters`` are the names of the variables that the word expands (``$1``, ``$@`` included), in order.
    ``assigns`` is True when expanding the word sets a variable (``${x:=y}``, ``$((i++))``, ``$((i=1))``).
    ``substitutions`` are the bodies of ``$( )``, backquotes and process substitutions inside it, outermost ones only;
    those of backquotes carry no usable offsets where the text had to be unescaped.
    """

    __slots__ = ("assigns", "end", "parameters", "pattern", "quoted", "raw", "start", "substitutions", "value")

    def __init__(
        self,
        start: int,
        end: int,
        raw: str,
        value: str | None,
        pattern: bool = False,
        quoted: bool = False,
        parameters: tuple[str, ...] = (),
        assigns: bool = False,
        substitutions: tuple[Sequence, ...] = (),
    ) -> None:
        self.start = start
        self.end = end
        self.raw = raw
        self.value = value
        self.pattern = pattern
        self.quoted = quoted
        self.parameters = parameters
        self.assigns = assigns
        self.substitutions = substitutions


class Assignment(NamedTuple):
    """``name=value``, ``name+=value``, ``name[i]=value`` or ``name=(...)`` before a command or alone.

    ``value`` is None for an empty value and for an array, whose words are the ``elements``.
    """

    start: int
    end: int
    name: str
    value: Word | None
    elements: tuple[Word, ...] | None = None


class Redirect:
    """``2>file``: ``fd`` is the text before the operator ("" when none); for a here-document ``target`` is its name,
    ``body`` the range of its lines (the terminator line excluded), ``content`` these lines as a word. The body lies
    outside of the range of every node but its own; the reader fills both in when it gets there."""

    __slots__ = ("body", "content", "end", "fd", "operator", "start", "target")

    def __init__(self, start: int, end: int, fd: str, operator: str, target: Word) -> None:
        self.start = start
        self.end = end
        self.fd = fd
        self.operator = operator
        self.target = target
        self.body: tuple[int, int] | None = None
        self.content: Word | None = None


class Simple:
    """A simple command: assignments, then words. ``words`` may be empty. ``[ ... ]`` is a simple command.

    ``declare``, ``export``, ``local``, ``readonly``, ``typeset`` are simple commands too; each ``a=b`` after them is a word.
    """

    __slots__ = ("assignments", "end", "redirects", "start", "words")

    def __init__(
        self,
        start: int,
        end: int,
        assignments: tuple[Assignment, ...],
        words: tuple[Word, ...],
        redirects: tuple[Redirect, ...],
    ) -> None:
        self.start = start
        self.end = end
        self.assignments = assignments
        self.words = words
        self.redirects = redirects


class Sequence:
    """Statements one after another. An empty script has none."""

    __slots__ = ("end", "start", "statements")

    def __init__(self, start: int, end: int, statements: tuple[Statement, ...]) -> None:
        self.start = start
        self.end = end
        self.statements = statements


class Statement:
    """An and-or list and what ends it: ``;``, ``&``, a newline, or nothing (end of text, ``)``, ``;;``, or a comment).

    ``start``/``end`` are those of the list; ``ended_at`` is the offset of the terminator, or ``end`` when there is none.
    """

    __slots__ = ("end", "ended_at", "ended_by", "list", "start")

    def __init__(self, start: int, end: int, and_or: AndOr, ended_by: str, ended_at: int) -> None:
        self.start = start
        self.end = end
        self.list = and_or
        self.ended_by = ended_by
        self.ended_at = ended_at


class AndOr:
    """``pipeline && pipeline || pipeline``. ``operators`` holds each operator with its offset."""

    __slots__ = ("end", "operators", "pipelines", "start")

    def __init__(
        self, start: int, end: int, pipelines: tuple[Pipeline, ...], operators: tuple[tuple[str, int], ...]
    ) -> None:
        self.start = start
        self.end = end
        self.pipelines = pipelines
        self.operators = operators


class Pipeline:
    """``[!] command | command``. ``operators`` are ``|`` or ``|&``, one fewer than the commands."""

    __slots__ = ("commands", "end", "negated", "operators", "start")

    def __init__(
        self, start: int, end: int, negated: bool, commands: tuple[Command, ...], operators: tuple[str, ...]
    ) -> None:
        self.start = start
        self.end = end
        self.negated = negated
        self.commands = commands
        self.operators = operators


class Subshell(NamedTuple):
    """``( ... )``"""

    start: int
    end: int
    body: Sequence
    redirects: tuple[Redirect, ...]


class Group(NamedTuple):
    """``{ ...; }``"""

    start: int
    end: int
    body: Sequence
    redirects: tuple[Redirect, ...]


class If(NamedTuple):
    """``if``/``elif`` branches as (condition, body), then ``else``."""

    start: int
    end: int
    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None
    redirects: tuple[Redirect, ...]


class Loop(NamedTuple):
    """``while`` or ``until``."""

    start: int
    end: int
    keyword: str
    condition: Sequence
    body: Sequence
    redirects: tuple[Redirect, ...]


class For(NamedTuple):
    """``for name in words; do body; done``; ``words`` is None without ``in``. Also the arithmetic ``for ((...))``,
    whose ``name`` is empty and whose ``words`` are its expressions."""

    start: int
    end: int
    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    redirects: tuple[Redirect, ...]


class Case(NamedTuple):
    """``case word in patterns) body;; esac``"""

    start: int
    end: int
    word: Word
    items: tuple[tuple[tuple[Word, ...], Sequence], ...]
    redirects: tuple[Redirect, ...]


class Function(NamedTuple):
    """``name() body`` or ``function name body``."""

    start: int
    end: int
    name: str
    body: Command


class Test(NamedTuple):
    """``[[ ... ]]``; ``words`` are its words and operators as written, brackets excluded."""

    start: int
    end: int
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


class Arithmetic(NamedTuple):
    """``(( ... ))``; ``expression`` is the text inside as a word."""

    start: int
    end: int
    expression: Word
    redirects: tuple[Redirect, ...]


Command = Simple | Subshell | Group | If | Loop | For | Case | Function | Test | Arithmetic


class Script(NamedTuple):
    """A shell text that was read whole. ``comments`` are the (start, end) ranges of its comments, ``#`` to end of line."""

    text: str
    body: Sequence
    comments: tuple[tuple[int, int], ...]


class Opaque(NamedTuple):
    """A shell text that dslim does not claim to understand: no transform touches it. ``at`` is where reading stopped."""

    at: int
    reason: str
