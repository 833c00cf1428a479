"""Reading the TOML files of this folder, one top-level table at a time.

Parsing a whole file would cost each run more than reading a Dockerfile does, and a run asks for two or three tables.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from typing import Any


@cache
def table(file: str, name: str) -> dict[str, Any]:
    """The table ``[name]`` of ``file`` (``caches.toml``), without tables below it.

    Raises:
        KeyError: the file has no such table.
    """
    # imported here: tomllib brings the calendar along, and most runs need no table

    import tomllib

    return tomllib.loads(_sections(file)[name])


@cache
def text(file: str, name: str, key: str) -> str:
    """One text of a table.

    Raises:
        KeyError: there is no such row.
    """
    value = table(file, name)[key]
    assert isinstance(value, str), f"{file}, {name}: {key} must be a text"
    return value


def names(file: str) -> tuple[str, ...]:
    """The names of all tables of ``file``, in its order."""
    return tuple(_sections(file))


@cache
def _sections(file: str) -> dict[str, str]:
    """The text below each header line. A line that begins with ``[`` is a header: the files are written so."""
    data = pkgutil.get_data("rewriter.knowledge", file)
    assert data is not None, f"{file} is not beside the code"
    found: dict[str, str] = {}
    for part in ("\n" + data.decode("utf-8")).split("\n[")[1:]:
        header, _, text = part.partition("\n")
        found[header.strip().rstrip("]").strip('"')] = text
    return found
