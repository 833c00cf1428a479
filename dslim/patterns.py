"""Patterns as in `.gitignore`. pathspec is slow to import, so it is asked for only where there is a pattern.

Patterns are other people's, and Python's regular expressions take for ever on some (``*a*/*a*/*a*/...``). pathspec matches with
RE2 where that is installed, as it is with ``dslim[bot]``: in a time that grows with the length of the path alone, and in bounded
memory. RE2 takes UTF-8, so a byte that is none is any character here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import PathSpec, Pattern


class Patterns:
    """What some patterns match; the last one that does decides. ``folders`` False: ``!`` brings back even what lies in a
    folder that is left out, as in `.dockerignore`."""

    def __init__(self, patterns: Iterable[str], folders: bool = True) -> None:
        """Raises ValueError where one of them is no pattern, or all together take too much memory."""
        from pathspec import GitIgnoreSpec, PathSpec

        lines = [_utf8(pattern) for pattern in patterns]
        try:
            self._spec: PathSpec[Pattern] = (
                GitIgnoreSpec.from_lines(lines) if folders else PathSpec.from_lines("gitignore", lines)
            )
        except ValueError:
            raise
        except Exception as error:  # RE2's own has no name that is there without it
            raise ValueError(f"these patterns are too much together: {error}") from None

    def match(self, path: str) -> bool:
        return self._spec.match_file(_utf8(path))

    def verdict(self, path: str) -> bool | None:
        """As :meth:`match`, and None where no pattern says anything."""
        return self._spec.check_file(_utf8(path)).include


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def lenient(text: str) -> Patterns | None:
    """What the lines of a `.gitignore` match, without those that are none, as git reads it; None for nothing."""
    wanted = [line for raw in text.split("\n") if (line := raw.rstrip("\r")).strip() and not line.startswith("#")]
    if not wanted:
        return None
    try:
        return Patterns(wanted)
    except ValueError:
        return Patterns([line for line in wanted if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        Patterns([line])
    except ValueError:
        return False
    return True
