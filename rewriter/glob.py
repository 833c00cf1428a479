"""Shell patterns: ``fnmatch``, and faster where ``*`` is the only sign, as it is nearly always."""

from __future__ import annotations

from fnmatch import fnmatchcase


def matches(text: str, pattern: str) -> bool:
    """True when the pattern (``*``, ``?``, ``[...]``; a ``*`` goes over slashes) matches the whole text."""
    if "?" in pattern or "[" in pattern:
        return fnmatchcase(text, pattern)
    if "*" not in pattern:
        return text == pattern
    first, *middle, last = pattern.split("*")
    if not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end
