"""What is known about Go and its official image: a typed view of golang.toml."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge.tables import table, text

#: a later major version is another module
_MAJOR: Final = re.compile(r"v[1-9]\d*(?:/|$)")


def fact(section: str, key: str) -> str:
    """One text of golang.toml.

    Raises:
        KeyError: there is no such row.
    """
    return text("golang.toml", section, key)


@cache
def names(section: str, key: str) -> frozenset[str]:
    """One list of golang.toml."""
    return frozenset(fact(section, key).split())


@cache
def listed(section: str, key: str) -> tuple[str, ...]:
    """One list of golang.toml, in its order."""
    return tuple(fact(section, key).split())


@cache
def rows(section: str) -> dict[str, str]:
    """One table of golang.toml, whose rows are texts."""
    return {str(key): str(value) for key, value in table("golang.toml", section).items()}


def of_the_build(name: str) -> bool:
    """True for a variable of which a build depends."""
    return name in names("commands", "variables") or name in ("GOPATH", "PATH", "CC", "CXX", "HOME")


def standard(package: str) -> bool:
    """True for a package of the standard library."""
    return package in names("std", "packages")


@cache
def looked_up(package: str) -> str:
    """The module of a package that was looked at and needs nothing of its own, or "" when that is not known."""
    rows = table("go_modules.toml", "modules")
    parts = package.split("/")
    for count in range(len(parts), 0, -1):
        module = "/".join(parts[:count])
        if module in rows:
            rest = "/".join(parts[count:])
            left = str(rows[module]).partition(" except ")[2].split()
            other = _MAJOR.match(rest) or any(rest == one or rest.startswith(one + "/") for one in left)
            return "" if other else module
    return ""


def version_read(module: str) -> str:
    """The version of a module that was looked at, without its ``v``, or "" for one that was not."""
    row = str(table("go_modules.toml", "modules").get(module, " "))
    return row.split(" ")[1].rpartition("-")[0].rpartition(":")[2]


def alpine_under(version: tuple[int, ...]) -> str:
    """The Alpine release below ``golang:<version>-alpine``, or "" when it is not known."""
    found = table("golang.toml", "alpine").get(".".join(str(number) for number in version[:2]), "")
    return str(found)


def debian_under(version: tuple[int, ...]) -> str:
    """The Debian suite below ``golang:<version>``, or "" when it is not known."""
    found = table("golang.toml", "debian").get(".".join(str(number) for number in version[:2]), "")
    return str(found)


def only_for_the_build(path: str) -> bool:
    """True for a file that no running program reads, by its path in the context."""
    *folders, name = path.split("/")
    if not names("files", "folders").isdisjoint(folders):
        return True
    return any(matches(name, pattern) for pattern in names("files", "build"))


def folder_of_sources(path: str) -> bool:
    """True for a folder that holds Go sources by convention."""
    return posixpath.basename(path.rstrip("/")) in names("files", "sources")


def packaged(release: str) -> tuple[int, ...] | None:
    """The version of Go that a release of Debian, Ubuntu or Alpine ("3.20") packages, None when it is not known."""
    found = str(table("golang.toml", "packaged").get(release, ""))
    return tuple(int(part) for part in found.split(".")) if found else None
