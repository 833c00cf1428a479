"""The scripts of one file and its later states: an edit changes the end of a script, or its middle, and keeps its beginning."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from rewriter.syntax.script import Opaque, Script
from rewriter.syntax.shell import read_shell, reread

_SHORT: Final = 30  # characters; what is alike in fewer of them is read again as fast as it is taken over


class Scripts:
    """Reads scripts, each once. What begins like a script that is known takes over its first commands."""

    def __init__(self) -> None:
        self._read: dict[str, Script | Opaque] = {}
        self._texts: list[str] = []  # sorted, so that of all texts a neighbour begins most alike

    def read(self, text: str) -> Script | Opaque:
        """The script that ``text`` is, as ``read_shell`` reads it."""
        found = self._read.get(text)
        if found is not None:
            return found
        at = bisect_left(self._texts, text)
        near = [one for one in self._texts[max(at - 1, 0) : at + 1] if one[:_SHORT] == text[:_SHORT]]
        alike, nearest = max(((alike_in(text, one), one) for one in near), default=(0, ""))
        before = self._read[nearest] if near else None
        found = reread(text, before, alike) if isinstance(before, Script) else read_shell(text)
        self._read[text] = found
        self._texts.insert(at, text)
        return found


def alike_in(one: str, other: str) -> int:
    """How many first characters two texts have in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if other.startswith(one[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
