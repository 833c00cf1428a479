"""Which commands call Composer. Loaded for every file that names it."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.model.command import Command
from rewriter.syntax.script import Word

_PHP: Final = ("php", "php5", "php7", "php8")
#: options of Composer and of PHP that take a value behind them. Source: composer(1), php(1)
_VALUES: Final = frozenset(
    ("-d", "--working-dir", "--apcu-autoloader-prefix", "--repository", "--stability", "-s", "-c", "-z")
)
#: what installs packages
_INSTALLS: Final = frozenset("install i update u upgrade create-project".split())


def composer(command: Command) -> tuple[Word, ...] | None:
    """The arguments of a call of Composer, by itself or as a script of PHP; None for another command."""
    words = command.simple.words[command.head :]
    if not words or not _is_composer(words[0]):
        words = scripted(command) if command.tool in _PHP else ()
        if not words or not _is_composer(words[0]):
            return None
    return words[1:]


def scripted(command: Command) -> tuple[Word, ...]:
    """What PHP is told to run, with its arguments: the words behind its own options; () for none."""
    words = list(command.arguments)
    while words and words[0].raw.startswith("-") and words[0].raw not in ("-r", "--", "-"):
        words = words[2 if words[0].raw in _VALUES else 1 :]
    return tuple(words)


def subcommand(arguments: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]]:
    """The subcommand of Composer, with the operands behind it; ("", ()) for none."""
    operands: list[Word] = []
    skip = False
    for word in arguments:
        if not skip and not word.raw.startswith("-"):
            operands.append(word)
        skip = not skip and word.raw in _VALUES
    return ((operands[0].value or operands[0].raw), tuple(operands[1:])) if operands else ("", ())


def installing(command: Command) -> bool:
    """True for a call that installs the packages of a program."""
    arguments = composer(command)
    return arguments is not None and subcommand(arguments)[0] in _INSTALLS


def _is_composer(word: Word) -> bool:
    name = posixpath.basename((word.value or word.raw).strip("\"'"))
    return name in ("composer", "composer.phar", "composer1", "composer2")
