"""The words of a Go source: tokens, the package clause and the imports. Source: https://go.dev/ref/spec, go1.24."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|[^\W\d]\w*|\S", re.DOTALL
)
_MAJOR: Final = re.compile(r"v(?:[2-9]|[1-9]\d+)")


class Import(NamedTuple):
    """``name`` is what the source calls the package: ``.`` and ``_`` included."""

    name: str
    path: str


def tokens(text: str) -> Iterator[str]:
    """The tokens, comments left out."""
    for match in _TOKEN.finditer(text):
        if not match[0].startswith(("//", "/*")):
            yield match[0]


def strings(text: str) -> Iterator[str]:
    """The string literals, each with its quotes."""
    return (token for token in tokens(text) if token[0] in '"`')


def header(text: str) -> tuple[str, list[Import]]:
    """The package name of a source and what it imports."""
    name, alias, found, where = "", "", list[Import](), ""
    for token in tokens(text):
        if token == ";":
            continue
        if token in ("package", "import") and where in ("", "done"):
            where, alias = token, ""
        elif where == "package":
            name, where = token, "done"
        elif where in ("import", "list") and token[0] in '"`':
            path = token[1:-1]
            found.append(Import(alias or last_part(path), path))
            where, alias = "done" if where == "import" else where, ""
        elif where == "import" and token == "(":
            where = "list"
        elif where == "list" and token == ")":
            where = "done"
        elif where in ("import", "list"):
            alias = token
        elif where == "done":
            break
    return name, found


def last_part(path: str) -> str:
    """The name that Go gives a program by its import path: ``x`` for ``example.org/x`` and for ``example.org/x/v2``."""
    parts = path.rstrip("/").split("/")
    return parts[-2] if len(parts) > 1 and _MAJOR.fullmatch(parts[-1]) else parts[-1]
