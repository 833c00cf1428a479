"""What an image carries without need, who put it there, and what cures it."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from dslim.layers import places
from dslim.layers.history import Script
from dslim.layers.rolled import rolled
from dslim.layers.stack import Seen, Stack
from rewriter.knowledge.filetools import INSTALLERS, UNPACKERS
from rewriter.model.command import Command
from rewriter.syntax.script import Word

#: bytes from which on a second copy of a file is waste: a block of most file systems
SMALLEST_DUPLICATE = 4096
#: bytes from which on a file is large
SMALLEST_LARGE = 1 << 20
#: kinds that count as wasted bytes. The others are worth a look, and may well be needed.
COUNTED = ("deleted", "overwritten", "metadata", "cache", "archive", "temporary", "duplicate")
KINDS = (*COUNTED, "large", "debug", "static", "headers", "docs", "locales")


class Waste(NamedTuple):
    """Bytes of one layer that the image could do without.

    ``kind`` is one of :data:`KINDS`. ``path`` is a file, or a directory whose ``files`` are meant. ``layer`` has the
    bytes; ``by`` is the later layer that hides them, None where nothing does. ``transform`` is the transform that the
    place itself names (a cache's), else "".
    """

    kind: str
    layer: int
    path: str
    bytes: int
    files: int = 1
    by: int | None = None
    transform: str = ""


def waste(stack: Stack, scripts: Sequence[Script], top: int = 10) -> list[Waste]:
    """All waste of the layers, the most bytes first. ``scripts`` are the instructions that made them; ``top`` is how many
    large files are named.

    No byte counts twice: what is hidden is not looked at again, and of what is seen the first of cache, archive,
    temporary file, duplicate wins. Only the kinds that do not count name files that others named too.
    """
    found = list(_hidden(stack))
    left: list[Seen] = []
    grouped: defaultdict[tuple[int, places.Place], list[Seen]] = defaultdict(list)
    unpacked = _Unpacked(stack, scripts)
    for one in stack.seen():
        script = scripts[one.layer]
        cache = places.cache(one.path, script.tools)
        if cache is not None:
            grouped[one.layer, cache].append(one)
        elif places.archive_stem(one.path) and unpacked(one):
            found.append(Waste("archive", one.layer, one.path, one.bytes))
        elif places.temporary(one.path) and script.instruction.name == "RUN":
            grouped[one.layer, places.Place("temporary", "")].append(one)
        else:
            left.append(one)
    left = list(_without_duplicates(stack, left, found))
    for one in left:
        place = places.seldom_needed(one.path)
        if place is not None:
            grouped[one.layer, place].append(one)
    for (layer, place), files in grouped.items():
        if place.kind == "temporary":
            found += _rolled("temporary", layer, None, [(one.path, one.bytes) for one in files], stack)
            continue
        size = sum(one.bytes for one in files)
        found.append(Waste(place.kind, layer, place.directory, size, len(files), transform=place.transform))
    large = sorted((one for one in left if one.bytes >= SMALLEST_LARGE), key=lambda one: -one.bytes)
    found += [Waste("large", one.layer, one.path, one.bytes) for one in large[:top]]
    return sorted(found, key=lambda one: (-one.bytes, one.layer, one.path, one.kind))


def wasted_bytes(found: Sequence[Waste]) -> int:
    """The bytes of all kinds that count."""
    return sum(one.bytes for one in found if one.kind in COUNTED)


def _hidden(stack: Stack) -> Iterator[Waste]:
    for why, files in stack.hidden.items():
        yield from _rolled(why.kind, why.layer, why.by, files, stack)


def _rolled(kind: str, layer: int, by: int | None, files: list[tuple[str, int]], stack: Stack) -> Iterator[Waste]:
    for one in rolled(files, stack.entries[layer]):
        yield Waste(kind, layer, one.path, one.bytes, one.files, by)


def _without_duplicates(stack: Stack, files: Sequence[Seen], found: list[Waste]) -> Iterator[Seen]:
    """The files without those whose content is there already, below them or before them; these are ``found``."""
    known: set[bytes] = set()
    again: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for one in files:
        if one.bytes < SMALLEST_DUPLICATE:
            yield one
            continue
        digest = stack.digest(one)
        if digest in known:
            again[one.layer].append((one.path, one.bytes))
            continue
        known.add(digest)
        yield one
    for layer, copies in again.items():
        found += _rolled("duplicate", layer, None, copies, stack)


class _Unpacked:
    """Whether what is in an archive lies in the image too: something of its name without the ending stands beside it, or
    an instruction unpacks or installs it."""

    def __init__(self, stack: Stack, scripts: Sequence[Script]) -> None:
        self._stack = stack
        self._patterns = [
            (layer, pattern)
            for layer, script in enumerate(scripts)
            for command in script.commands
            if _unpacks(command)
            for pattern in map(_pattern, command.arguments)
            if places.archive_stem(pattern) or pattern.strip("*") not in ("", pattern)
        ]

    def __call__(self, one: Seen) -> bool:
        beside = posixpath.join(posixpath.dirname(one.path), places.archive_stem(one.path))
        if beside in self._stack.paths:
            return True
        name = posixpath.basename(one.path)
        return any(layer >= one.layer and fnmatchcase(name, pattern) for layer, pattern in self._patterns)


def _unpacks(command: Command) -> bool:
    """True for a command that takes something out of the archives that its words name."""
    if command.tool in ("tar", "bsdtar"):
        first = (command.arguments[0].value or "") if command.arguments else ""
        return command.has("-x", "--extract", "--get") or (not first.startswith("-") and "x" in first)
    if command.tool in ("dpkg", "rpm"):
        return command.has("-i", "--install", "-U", "-x")
    return command.tool in UNPACKERS | INSTALLERS


def _pattern(word: Word) -> str:
    """The last part of the path that a word of a script is, with ``*`` for its variables."""
    text = []
    rest = iter(posixpath.basename(word.raw.replace('"', "").replace("'", "").replace("${", "$")))
    for character in rest:
        if character != "$":
            text.append(character)
            continue
        text.append("*")
        for following in rest:  # the variable's name, and the character behind it
            if not (following.isalnum() or following == "_"):
                text.append("" if following == "}" else following)
                break
    return "".join(text)
