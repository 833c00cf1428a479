"""The user's configuration: `.dslim.toml`, or `[tool.dslim]` in `pyproject.toml`; the nearest to a file counts, alone.

    level = "review"                 # safe | review | show
    select = ["layers"]              # names of transforms or phases; empty: all
    ignore = ["pip-cache-kept"]
    exclude = ["examples/", "*.j2"]  # as in .gitignore, from this folder; not for files named by hand
    join-runs = "shipped"            # shipped | when-it-saves | off
    base = "auto"                    # keep | auto | slim | alpine
    keep-tools = ["curl"]
    mirrors = ["registry.corp/hub"]  # official images stand there under their own names

    [[overrides]]                    # in pyproject.toml: [[tool.dslim.overrides]]
    paths = ["legacy/", "*.dev.Dockerfile"]
    level = "safe"

An override holds for the files that its ``paths`` match, and may set every key but ``exclude`` and ``overrides``. Where
several match, the later one wins, key by key. A key set on the command line wins over all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple, TypedDict

from dslim.files import Trouble, read
from dslim.names import BASES, FINALS, JOIN_RUNS, LEVELS, Unknown, one_of, unknown
from dslim.patterns import Patterns

NAMES = (".dslim.toml", "pyproject.toml")
_KEYS = ("level", "select", "ignore", "join-runs", "base", "keep-tools", "mirrors", "final")


class Wrong(ValueError):
    """A configuration that cannot be used. The message is ``file:line: cause``."""


class Values(TypedDict, total=False):
    """What one table sets."""

    level: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    join_runs: str
    base: str
    keep_tools: tuple[str, ...]
    mirrors: tuple[str, ...]
    final: str


class Options(NamedTuple):
    """What holds for one file."""

    level: str = "review"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    join_runs: str = "shipped"
    base: str = "auto"
    keep_tools: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    final: str = "keep"

    def with_(self, values: Values) -> Options:
        """These options, where ``values`` does not set others."""
        return self._replace(**values) if values else self


class Override(NamedTuple):
    """What is set for the files that ``paths`` match."""

    paths: Patterns
    values: Values


class Config(NamedTuple):
    """One configuration; its patterns are relative to ``folder``, which is absolute. Empty when there is no file."""

    folder: str = ""
    options: Options = Options()
    exclude: Patterns | None = None
    overrides: tuple[Override, ...] = ()

    def of(self, path: str) -> Options:
        """The options for the file at ``path``."""
        options = self.options
        for override in self.overrides:
            if override.paths.match(self._relative(path)):
                options = options.with_(override.values)
        return options

    def excludes(self, path: str, folder: bool) -> bool:
        """True when a search leaves out the file, or the folder, at ``path``."""
        if self.exclude is None:
            return False
        return self.exclude.match(self._relative(path) + ("/" if folder else ""))

    def _relative(self, path: str) -> str:
        return os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")


class Configs:
    """Finds the configuration of a folder, and remembers it. ``known`` are the names that may be selected."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, Config | Wrong] = {}

    def of(self, folder: str) -> Config:
        """The nearest configuration, of ``folder`` or of those above it.

        Raises:
            Wrong: that configuration cannot be used.
        """
        found = self._nearest(os.path.abspath(folder or "."))
        if isinstance(found, Wrong):
            raise found
        return found

    def _nearest(self, folder: str) -> Config | Wrong:
        asked: list[str] = []
        found: Config | Wrong | None = None
        while found is None:
            if folder in self._found:
                found = self._found[folder]
                break
            asked.append(folder)
            found = self._here(folder)
            above = os.path.dirname(folder)
            if above == folder:
                found = found or Config()
            folder = above
        self._found.update(dict.fromkeys(asked, found))
        return found

    def _here(self, folder: str) -> Config | Wrong | None:
        for name in NAMES:
            path = os.path.join(folder, name)
            if not os.path.lexists(path):
                continue
            try:
                config = _load(path, self._known)
            except Wrong as wrong:
                return wrong
            if config is not None:
                return config
        return None


def _load(path: str, known: Collection[str]) -> Config | None:
    """The configuration in one file; None when it is a ``pyproject.toml`` that has none."""
    data = read(path)
    if isinstance(data, Trouble):
        raise Wrong(f"{_shown(path)}:1: {data.cause}")
    return parse(data, path, _shown(path), known)


def parse(data: bytes, path: str, shown: str, known: Collection[str]) -> Config | None:
    """The configuration in ``data``, which stands at ``path``; None when it is a ``pyproject.toml`` that has none.

    ``shown`` is how a mistake names the file; ``known`` are the names that may be selected.

    Raises:
        Wrong: it cannot be used.
    """
    own = not path.endswith("pyproject.toml")
    if not own and b"dslim" not in data:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong(f"{shown}:{data[: error.start].count(10) + 1}: not UTF-8") from None
    reader = _Reader(shown, text, "" if own else "tool.dslim", known)
    document = reader.parse()
    if own:
        return reader.config(os.path.dirname(path), document)
    tool = document.get("tool")
    table = tool.get("dslim") if isinstance(tool, dict) else None
    if table is None:
        return None
    return reader.config(os.path.dirname(path), table)


def _shown(path: str) -> str:
    """``path`` as a person in the working directory names it."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


class _Reader:
    """Turns one TOML document into a configuration, and names the line of what is wrong."""

    def __init__(self, path: str, text: str, root: str, known: Collection[str]) -> None:
        self._path = path
        self._text = text
        self._root = root
        self._known = known

    def parse(self) -> dict[str, object]:
        import tomllib

        try:
            document: dict[str, object] = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(at.group(1)) if at else self._text.count("\n") + 1
            raise Wrong(f"{self._path}:{line}: {str(error).partition(' (at ')[0]}") from None
        return document

    def config(self, folder: str, table: object) -> Config:
        if not isinstance(table, dict):
            raise self._wrong("dslim", "dslim is not a table")
        self._check(table, (*_KEYS, "exclude", "overrides"), 0)
        exclude = self._list(table, "exclude", 0)
        return Config(
            folder,
            Options().with_(self._values(table, 0)),
            self._spec(exclude, "exclude", 0) if exclude else None,
            tuple(self._overrides(table.get("overrides", []))),
        )

    def _overrides(self, tables: object) -> Iterator[Override]:
        if not isinstance(tables, list):
            raise self._wrong("overrides", "overrides is not a list of tables: write [[overrides]]")
        for nth, table in enumerate(tables, 1):
            if not isinstance(table, dict):
                raise self._wrong("overrides", "overrides is not a list of tables: write [[overrides]]")
            self._check(table, (*_KEYS, "paths"), nth)
            paths = self._list(table, "paths", nth)
            if not paths:
                raise self._wrong("paths", "an override needs paths, a list of patterns", nth)
            yield Override(self._spec(paths, "paths", nth), self._values(table, nth))

    def _check(self, table: dict[str, object], keys: Collection[str], nth: int) -> None:
        for key in table:
            if key not in keys:
                raise self._wrong(key, str(unknown(key, keys, "key")), nth)

    def _values(self, table: dict[str, object], nth: int) -> Values:
        values = Values()
        if "level" in table:
            values["level"] = self._word(table, "level", LEVELS, nth)
        if "join-runs" in table:
            values["join_runs"] = self._word(table, "join-runs", JOIN_RUNS, nth)
        if "base" in table:
            values["base"] = self._word(table, "base", BASES, nth)
        if "final" in table:
            values["final"] = self._word(table, "final", FINALS, nth)
        if "select" in table:
            values["select"] = self._names(table, "select", nth)
        if "ignore" in table:
            values["ignore"] = self._names(table, "ignore", nth)
        if "keep-tools" in table:
            values["keep_tools"] = self._list(table, "keep-tools", nth)
        if "mirrors" in table:
            values["mirrors"] = self._list(table, "mirrors", nth)
        return values

    def _word(self, table: dict[str, object], key: str, known: Collection[str], nth: int) -> str:
        word = table[key]
        if not isinstance(word, str):
            raise self._wrong(key, f"{key} must be one of {', '.join(known)}", nth)
        try:
            return one_of(word, known, key)
        except Unknown as error:
            raise self._wrong(key, str(error), nth) from None

    def _names(self, table: dict[str, object], key: str, nth: int) -> tuple[str, ...]:
        names = self._list(table, key, nth)
        try:
            return tuple(one_of(name, self._known, "transform or phase") for name in names)
        except Unknown as error:
            raise self._wrong(key, str(error), nth) from None

    def _list(self, table: dict[str, object], key: str, nth: int) -> tuple[str, ...]:
        words = table.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self._wrong(key, f"{key} must be a list of strings", nth)
        return tuple(words)

    def _spec(self, patterns: tuple[str, ...], key: str, nth: int) -> Patterns:
        try:
            return Patterns(patterns)
        except ValueError as error:
            raise self._wrong(key, str(error), nth) from None

    def _wrong(self, key: str, cause: str, nth: int = 0) -> Wrong:
        return Wrong(f"{self._path}:{self._line(key, nth)}: {cause}")

    def _line(self, key: str, nth: int) -> int:
        """The line, from 1, that sets ``key`` in our table (``nth`` 0) or its nth override; else where that begins."""
        ours = f"{self._root}.overrides".lstrip(".") if nth else self._root
        header, seen, begins = "", 0, 1
        for number, line in enumerate(self._text.split("\n"), 1):
            if opened := re.match(r"\s*\[\[?([^\]]+)\]", line):
                header = re.sub(r"[\s\"']", "", opened.group(1))
                seen += header == ours
                if header == f"{ours}.{key}".lstrip(".") and not nth:
                    return number
                if header == ours and seen == max(nth, 1):
                    begins = number
            elif (
                header == ours and (not nth or seen == nth) and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line)
            ):
                return number
        return begins
