"""What Cargo.toml and Cargo.lock say: the programs of a package, and the crates that are linked."""

from __future__ import annotations

import re
from typing import Final

from rewriter.model import split_compilers
from rewriter.rule import Ask

_BESIDE: Final = re.compile(r"/src/bin/([\w-]+)(?:\.rs|/main\.rs)$")
_LOCKED: Final = re.compile(r'^name = "([^"]+)"', re.MULTILINE)


def programs(manifest: str) -> tuple[str, ...] | None:
    """The names of the programs that a Cargo.toml builds, () where it has none of its own; None for one that cannot be read."""
    import tomllib

    try:
        found = tomllib.loads(manifest)
    except tomllib.TOMLDecodeError:
        return None
    package, bins = found.get("package"), found.get("bin")
    names = [one.get("name") for one in bins if isinstance(one, dict)] if isinstance(bins, list) else []
    if not names and isinstance(package, dict):
        names = [package.get("name")]
    return tuple(one for one in names if isinstance(one, str))


def beside(ask: Ask) -> tuple[str, ...]:
    """The programs that sources of the context below src/bin make, beside those that a Cargo.toml names."""
    found = (_BESIDE.search(f"/{path}") for path in ask.files() or ())
    return tuple(match[1] for match in found if match)


def crates(ask: Ask) -> frozenset[str] | None:
    """The crates that the Cargo.lock of the context names; None where none is seen."""
    return split_compilers.locked(ask, "Cargo.lock", _LOCKED)
