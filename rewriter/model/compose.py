"""Compose files, read line by line: which lines belong to which service.

Source: https://docs.docker.com/reference/compose-file/services.
"""

from __future__ import annotations

from rewriter import posixpath
from rewriter.glob import matches


def composed(path: str) -> bool:
    """True for a compose file."""
    return matches(posixpath.basename(path), "*compose*.y*ml")


def services(lines: list[str]) -> list[list[str]]:
    """The services, each with its lines; its name is in the first one. ``lines`` are those that are neither blank nor comments.
    Without a line ``services:`` all of them count, as in the first version of the format."""
    start = next((at + 1 for at, line in enumerate(lines) if line.startswith("services:")), 0)
    end = next((at for at in range(start, len(lines)) if start and not lines[at].startswith(" ")), len(lines))
    depth = indent(lines[start]) if start < end else 0
    found: list[list[str]] = []
    for line in lines[start:end]:
        if indent(line) <= depth or not found:
            found.append([])
        found[-1].append(line)
    return found


def indent(line: str) -> int:
    """How many blanks stand in front."""
    return len(line) - len(line.lstrip())
