"""Patterns as in `.gitignore`. pathspec is slow to import, so it is asked for only where there is a pattern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def strict(patterns: Iterable[str]) -> GitIgnoreSpec:
    """What ``patterns`` match.

    Raises:
        ValueError: one of them is no pattern.
    """
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def lenient(text: str) -> GitIgnoreSpec | None:
    """What the lines of a `.gitignore` match, without those that are none, as git reads it; None for nothing."""
    wanted = [line for raw in text.split("\n") if (line := raw.rstrip("\r")).strip() and not line.startswith("#")]
    if not wanted:
        return None
    try:
        return strict(wanted)
    except ValueError:
        return strict([line for line in wanted if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        strict([line])
    except ValueError:
        return False
    return True
