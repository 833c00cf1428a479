"""Lock files of Poetry, uv and Pipenv: which release of each package is installed, from where, and for what it has wheels.

Sources: https://python-poetry.org/docs/basic-usage/ and the lock files that Poetry 1.1 to 2 writes;
https://docs.astral.sh/uv/concepts/projects/layout/ (uv.lock); https://github.com/pypa/pipfile (Pipfile.lock).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from rewriter.knowledge import libraries
from rewriter.model.toml_text import below, texts, toml

#: indexes whose packages are those that the tables know
_INDEXES: Final = ("https://pypi.org/simple", "https://pypi.python.org/simple")


class Locked(NamedTuple):
    """One package: its name as the index compares it, its version, the index or repository that is not the usual one ("" for
    that), the names of its files, and what it wants by name."""

    name: str
    version: str
    elsewhere: str
    files: tuple[str, ...]
    wants: tuple[str, ...]
    developed: bool = False


class Lock(NamedTuple):
    """The packages of a lock file, and those that the project itself wants: None where the file does not say."""

    packages: dict[str, Locked]
    roots: tuple[str, ...] | None
    developed: tuple[str, ...] = ()


def poetry(text: str) -> Lock | None:
    """poetry.lock."""
    document = toml(text)
    rows = _rows(document)
    if rows is None:
        return None
    older = below(document, "metadata", "files")
    found: list[Locked] = []
    for row in rows:
        source = below(row, "source")
        elsewhere = str(source.get("url", source.get("type", "?"))) if source else ""
        files = tuple(
            str(one.get("file", "")) for one in row.get("files", older.get(row["name"], ())) if _is_table(one)
        )
        groups = texts(row.get("groups"))
        developed = row.get("category") == "dev" or (bool(groups) and "main" not in groups)
        wants = tuple(map(libraries.normal, below(row, "dependencies")))
        found.append(_locked(row, elsewhere, files, wants)._replace(developed=developed))
    return Lock(_named(found), None)


def uv(text: str) -> Lock | None:
    """uv.lock."""
    rows = _rows(toml(text))
    if rows is None:
        return None
    found: list[Locked] = []
    roots: list[str] = []
    developed: list[str] = []
    for row in rows:
        source = below(row, "source")
        wants = _wants(row.get("dependencies"))
        optional = [one for each in below(row, "optional-dependencies").values() for one in _wants(each)]
        if {"editable", "virtual"} & set(source):
            roots += [*wants, *optional]
            developed += [one for each in below(row, "dev-dependencies").values() for one in _wants(each)]
            continue
        index = source.get("registry", "")
        elsewhere = "" if str(index).rstrip("/") in _INDEXES else str(next(iter(source.values()), "?"))
        urls = [str(one.get("url", one.get("path", ""))) for one in row.get("wheels", ()) if _is_table(one)]
        files = tuple(url.partition("#")[0].rpartition("/")[2] for url in urls)
        found.append(_locked(row, elsewhere, files, (*wants, *optional)))
    return Lock(_named(found), tuple(roots), tuple(developed))


def pipenv(text: str) -> Lock | None:
    """Pipfile.lock."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("default"), dict):
        return None
    urls = [str(one.get("url")) for one in below(document, "_meta").get("sources", ()) if _is_table(one)]
    other = next((url for url in urls if url.rstrip("/") not in _INDEXES), "")
    found: list[Locked] = []
    for group in ("develop", "default"):  # what is in both is wanted in any case
        for name, row in below(document, group).items():
            row = row if isinstance(row, dict) else {}
            source = next((str(row[key]) for key in ("git", "path", "file", "url") if key in row), "")
            version = str(row.get("version", "")).removeprefix("==")
            elsewhere = source or (other if row.get("index", "pypi") != "pypi" or (other and len(urls) == 1) else "")
            found.append(Locked(libraries.normal(name), version, elsewhere, (), (), group == "develop"))
    return Lock(_named(found), None)


def wanted(lock: Lock, roots: Iterable[str] | None, development: bool) -> list[Locked]:
    """The packages that are installed: all where it is not said what the project wants, or what that brings."""
    if roots is None:
        return [one for one in lock.packages.values() if development or not one.developed]
    left = [*roots, *(lock.developed if development else ())]
    found: dict[str, Locked] = {}
    while left:
        name = left.pop()
        one = lock.packages.get(name)
        if one is not None and name not in found:
            found[name] = one
            left += one.wants
    return [*found.values()]


def _rows(document: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    rows = None if document is None else document.get("package", [])
    if not isinstance(rows, list) or not all(_is_table(row) and isinstance(row.get("name"), str) for row in rows):
        return None
    return rows


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _wants(value: Any) -> list[str]:
    rows = value if isinstance(value, list) else []
    return [libraries.normal(row["name"]) for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)]


def _locked(row: dict[str, Any], elsewhere: str, files: tuple[str, ...], wants: Iterable[str]) -> Locked:
    return Locked(libraries.normal(row["name"]), str(row.get("version", "")), elsewhere, files, tuple(wants))


def _named(found: list[Locked]) -> dict[str, Locked]:
    """By name; of one with several releases, by platform or Python, the last one, with files of none."""
    named: dict[str, Locked] = {}
    for one in found:
        known = named.get(one.name)
        twice = known is not None and known.version != one.version
        named[one.name] = one._replace(files=(), version="?") if twice else one
    return named
