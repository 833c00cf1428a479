"""What does not simply run on musl: a typed view of musl.toml."""

from __future__ import annotations

from functools import cache

from rewriter.knowledge.tables import table


def hazard(ecosystem: str, name: str) -> str:
    """What is known to stand against a library on musl; "" for one that the table does not name, which says nothing."""
    return _rows(ecosystem).get(name.lower(), "")


@cache
def _rows(ecosystem: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table("musl.toml", ecosystem)["rows"].split("\n"):
        names, state, note = row.split("|", 2)
        for name in names.split(" / "):
            found[name.lower()] = note or f"it is no pure package ({state})"
    return found
