"""Reading a TOML file of the build context."""

from __future__ import annotations

from typing import Any


def toml(text: str | None) -> dict[str, Any] | None:
    """The tables of a text; None where there is none, or it is no TOML."""
    if text is None:
        return None
    # imported here: tomllib brings the calendar along, and most runs need no table

    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def below(table: Any, *keys: str) -> dict[str, Any]:
    """The table at the end of some keys; empty where there is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def texts(value: Any) -> list[str]:
    """The texts of a list, or of one text."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
