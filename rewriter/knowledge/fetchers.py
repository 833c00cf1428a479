"""Programs that fetch what a project depends on, and the files of it that they read (a typed view of fetchers.toml)."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from rewriter.knowledge import tables

_FILE: Final = "fetchers.toml"
#: tables that are no program
_OTHERS: Final = ("others", "quiet", "package.json")


class Mark(NamedTuple):
    """A text in a file of the project, all blanks left out, that shows that more is read. ``unless`` is an option with which it
    is not."""

    text: str
    why: str
    unless: str


class Fetcher(NamedTuple):
    """One program.

    ``calls`` are the subcommands that fetch (``-``: none), ``second`` the word behind one. ``needs`` are the files that it
    cannot do without, ``may`` those that it reads where they are there, ``rare`` those among them that few have: they are copied
    where they are seen. ``named`` are the options that name such files, ``bare`` is True where it takes no operand. ``fills`` are
    folders beside them that it fills, ``writes`` those of the files that it may write, unless one of ``frozen`` is given or a
    variable of ``frozen_settings`` is set. ``above`` are files of the folders above that may make a project a part of another.
    ``options`` change nothing in which files are read. ``only``: one of these must be given, else ``lacks`` says what stands
    against it; ``unseen`` and ``unseen_lacks`` the same of all of them where the files are not seen, and of the last of them
    with one of ``maps``, which reads sources. ``settings`` are beginnings of variables that may name other files, without those
    of ``settings_known``. ``tables`` are those of a JSON file that say where packages come from, ``beside`` are files that are
    read as well, with what they do, ``marks`` texts in the files. ``asks`` are questions where the files are not seen,
    ``asks_always`` where they are.
    """

    name: str
    calls: frozenset[str]
    second: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    rare: tuple[str, ...]
    named: frozenset[str]
    bare: bool
    fills: tuple[str, ...]
    writes: tuple[str, ...]
    above: tuple[str, ...]
    frozen: frozenset[str]
    frozen_settings: tuple[str, ...]
    options: frozenset[str]
    only: frozenset[str]
    lacks: str
    maps: tuple[str, ...]
    unseen: tuple[str, ...]
    unseen_lacks: str
    settings: tuple[str, ...]
    settings_known: frozenset[str]
    tables: tuple[str, ...]
    beside: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    asks: tuple[str, ...]
    asks_always: tuple[str, ...]


#: all tools that fetch, those that are left alone too
TOOLS: Final = frozenset(
    "npm yarn pnpm bower pip pipenv poetry uv bundle composer go dep glide govendor mvn mvnw gradle gradlew cargo dotnet lein "
    "sbt mix".split()
)


@cache
def of(tool: str) -> Fetcher | None:
    """The row of a tool, by its canonical name."""
    return next((_row(name) for name in _names() if tool in tables.table(_FILE, name)["tools"].split()), None)


@cache
def rows() -> tuple[Fetcher, ...]:
    """All rows."""
    return tuple(map(_row, _names()))


@cache
def manifests() -> frozenset[str]:
    """The names of all files that some program reads."""
    return frozenset(name for row in rows() for name in row.needs + row.may)


@cache
def other(tool: str, subcommand: str) -> str:
    """What stands against a call that fetches and reads sources; "" for any other call."""
    for line in _lines(tables.table(_FILE, "others")["calls"]):
        calls, _, why = line.partition(" | ")
        name, *subcommands = calls.split()
        if name == tool and (subcommand in subcommands or "*" in subcommands):
            return why
    return ""


@cache
def quiet(key: str) -> frozenset[str]:
    """The words of a row of what reads nothing of a project."""
    return frozenset(tables.table(_FILE, "quiet")[key].split())


@cache
def quiet_calls() -> frozenset[str]:
    """``npm config``: a tool with its subcommand."""
    return frozenset(_lines(tables.table(_FILE, "quiet")["calls"]))


@cache
def installs_by_name(tool: str) -> tuple[str, ...]:
    """The words one of which says that a tool installs what its operands name: ``-g``, ``--global``."""
    rows = (pair.partition(":") for pair in quiet("named"))
    return next((tuple(words.split(",")) for name, _, words in rows if name == tool), ())


def _names() -> tuple[str, ...]:
    return tuple(name for name in tables.names(_FILE) if name not in _OTHERS)


@cache
def _row(name: str) -> Fetcher:
    row = tables.table(_FILE, name)
    shared: dict[str, Any] = tables.table(_FILE, row["shares"]) if "shares" in row else {}
    lines = {key: _lines(shared.get(key, "")) + _lines(row.get(key, "")) for key in ("beside", "marks", "asks")}
    row = {**shared, **row}
    beside = (line.split(" | ") for line in lines["beside"])
    marks = ([*line.split(" | "), ""][:3] for line in lines["marks"])
    return Fetcher(
        name,
        calls=frozenset(_words(row, "calls")),
        second=row.get("second", ""),
        needs=_words(row, "needs"),
        may=_words(row, "may"),
        rare=_words(row, "rare"),
        named=frozenset(_words(row, "named")),
        bare="operands" in row,
        fills=_words(row, "fills"),
        writes=_words(row, "writes"),
        above=_words(row, "above"),
        frozen=frozenset(_words(row, "frozen")),
        frozen_settings=_words(row, "frozen_settings"),
        options=frozenset(_words(row, "options")),
        only=frozenset(_words(row, "only")),
        lacks=row.get("lacks", ""),
        maps=_words(row, "maps"),
        unseen=_words(row, "unseen"),
        unseen_lacks=row.get("unseen_lacks", ""),
        settings=_words(row, "settings"),
        settings_known=frozenset(_words(row, "settings_known")),
        tables=_words(row, "tables"),
        beside=tuple((name, why) for name, why in beside),
        marks=tuple(Mark(text, why, unless) for text, why, unless in marks),
        asks=tuple(lines["asks"]),
        asks_always=tuple(_lines(row.get("asks_always", ""))),
    )


def _words(row: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(row.get(key, "").split())


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]
