"""What is built, what starts it and what only serves the build, language by language: a typed view of languages.toml."""

from __future__ import annotations

from functools import cache

from rewriter.knowledge.tables import text


def fact(language: str, key: str) -> str:
    """One text.

    Raises:
        KeyError: there is no such row.
    """
    return text("languages.toml", language, key)


@cache
def names(language: str, key: str) -> frozenset[str]:
    """One list."""
    return frozenset(fact(language, key).split())


@cache
def listed(language: str, key: str) -> tuple[str, ...]:
    """One list, in its order."""
    return tuple(fact(language, key).split())
