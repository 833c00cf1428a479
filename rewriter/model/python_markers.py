"""Markers behind a requirement: those that no image of Linux with this Python meets. Source: PEP 508, "Environment Markers"."""

from __future__ import annotations

import re
from typing import Final

#: one comparison of a marker, which may stand in front of ``and``
_SYSTEM: Final = re.compile(r"(?:sys_platform|platform_system|os_name)\s*==\s*['\"](\w+)['\"]")
_PYTHON: Final = re.compile(r"python_version\s*(<=?)\s*['\"](\d+)\.(\d+)['\"]")
_OTHERS: Final = frozenset("win32 cygwin darwin windows nt java".split())


def never(marker: str, python: str) -> bool:
    """True for a marker (``sys_platform == "win32"``) that certainly rules a requirement out; ``python`` is ``3.12``, "" where
    it is not known."""
    if " or " in marker or "(" in marker:
        return False
    return any(_ruled_out(part.strip(), python) for part in marker.strip(" ;").split(" and "))


def _ruled_out(part: str, python: str) -> bool:
    system = _SYSTEM.fullmatch(part)
    if system is not None:
        return system[1].lower() in _OTHERS
    limit = _PYTHON.fullmatch(part)
    if limit is None or not python:
        return False
    ours, theirs = tuple(map(int, python.split("."))), (int(limit[2]), int(limit[3]))
    return ours > theirs if limit[1] == "<=" else ours >= theirs
