"""Layers laid on one another: what is seen in the end, and which bytes a later layer hides."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from dslim.images.entry import Entries
from dslim.images.image import Image, hides, whiteouts
from dslim.layers.efficiency import Efficiency
from rewriter.lazy import lazy

_SHIFT = 40  # a place is a number: the layer's, and below it that of the entry in its layer
_MASK = (1 << _SHIFT) - 1


class Hidden(NamedTuple):
    """Why bytes are hidden: the layer that has them, the layer that hides them, and how: "deleted", "overwritten" with
    other content, or the same content again for other "metadata"."""

    kind: str
    layer: int
    by: int


class Seen(NamedTuple):
    """A file with content in the final file system: its ``layer``, the ``place`` of its content there, ``path``, bytes."""

    layer: int
    place: int
    path: str
    bytes: int


class Stack:
    """All layers of an image on one another.

    ``hidden`` are the paths that a later layer hides, by why, each with the bytes of its content. A file with several
    hard links is hidden when the last of them is. ``efficiency`` is dive's score.
    """

    def __init__(self, image: Image) -> None:
        self.entries = tuple(layer.entries for layer in image.layers)
        self.hidden: defaultdict[Hidden, list[tuple[str, int]]] = defaultdict(list)
        self._places: dict[str, int] = {}  # of each path that is seen
        self._targets: dict[str, int] = {}  # of each hard link that is seen: where its content is
        self._links: dict[int, int] = {}  # how many paths show content that has hard links
        self._score = Efficiency()
        self._leaves: set[str] = set()  # directories that are empty in some layer: dive's score knows only these
        for layer, entries in enumerate(self.entries):
            self._leaves |= _leaves(entries)
            self._hide(layer, entries)
            for at, path in enumerate(entries.paths()):
                if hides(path) is None:
                    self._add(layer, at, path, entries)
        self.efficiency = self._score.value

    def seen(self) -> list[Seen]:
        """The files of the final file system that have content, hard links once, by layer and place in it."""
        found: dict[int, str] = {}
        for path, place in self._places.items():
            content = self._targets.get(path, place)
            if content not in found or content == place:
                found[content] = path
        files = (Seen(place >> _SHIFT, place & _MASK, path, self._size(place)) for place, path in found.items())
        return sorted(one for one in files if one.bytes)

    def digest(self, one: Seen) -> bytes:
        """The SHA-256 of a file's content."""
        return self.entries[one.layer].digest(one.place)

    @lazy
    def paths(self) -> frozenset[str]:
        """All paths of the final file system, with the directories that only their content tells of."""
        folders = {path.rpartition("/")[0] for path in self._places}
        while above := {folder.rpartition("/")[0] for folder in folders} - folders:
            folders |= above
        return frozenset(folders.union(self._places))

    def _add(self, layer: int, at: int, path: str, entries: Entries) -> None:
        place = layer << _SHIFT | at
        kind = entries.kind(at)
        target = self._content(entries.link(at)) if kind == "hardlink" else place
        before = self._places.get(path)
        if kind != "directory":
            self._score.met(path, entries.size(at), self._before(path))
        if before is not None and before >> _SHIFT < layer:
            if self._kind(before) == "directory" and kind != "directory":
                for below, _ in self._below({path}):
                    self._gone(below, layer, "deleted")
            same = target is not None and self._digest(self._content(path)) == self._digest(target)
            self._gone(path, layer, "metadata" if same else "overwritten")
        elif before is not None:
            self._forget(path)  # twice in one tar: the first counts nowhere
        self._places[path] = place
        if kind == "hardlink" and target is not None:
            self._targets[path] = target
            self._links[target] = self._links.get(target, 1) + 1

    def _hide(self, layer: int, entries: Entries) -> None:
        directories: set[str] = set()
        opaque: set[str] = set()
        for path, below_only in whiteouts(entries):
            place = self._places.get(path)
            if below_only:
                opaque.add(path)
            elif place is None or self._kind(place) == "directory":
                directories.add(path)
        if directories or opaque:
            self._hide_below(layer, directories, opaque)
        for path, below_only in whiteouts(entries):
            if not below_only and path not in directories:
                self._score.met(path, 0, self._before(path))
            if not below_only and path in self._places:
                self._gone(path, layer, "deleted")

    def _hide_below(self, layer: int, directories: set[str], opaque: set[str]) -> None:
        sizes = dict.fromkeys(directories, 0)
        for path, directory in self._below(directories | opaque):
            if directory in sizes:
                sizes[directory] += self._size(self._places[path])
            self._gone(path, layer, "deleted")
        for directory, size in sizes.items():
            self._score.met(directory, size, self._before(directory))

    def _before(self, path: str) -> int | None:
        """The size that dive's score knows of a path that is seen; None for a directory that was never empty."""
        place = self._places.get(path)
        if place is None or (self._kind(place) == "directory" and path not in self._leaves):
            return None
        return self._size(place)

    def _below(self, directories: set[str]) -> list[tuple[str, str]]:
        """The paths that are seen below these directories, each with its directory. One look at all paths, however many
        directories there are."""
        found = ((path, _inside(path, directories)) for path in self._places)
        return [(path, directory) for path, directory in found if directory is not None]

    def _gone(self, path: str, by: int, kind: str) -> None:
        content = self._content(path)
        known = self._before(path)
        if known is not None:
            self._score.hidden(path, known)
        shown = self._forget(path)
        if content is None or shown or self._kind(content) != "file":
            return
        size = self._size(content)
        if size:
            layer, at = content >> _SHIFT, content & _MASK
            self.hidden[Hidden(kind, layer, by)].append((self.entries[layer].path(at), size))

    def _forget(self, path: str) -> int:
        """Take out a path. The result is how many other paths show its content."""
        place = self._places.pop(path)
        content = self._targets.pop(path, place)
        if content not in self._links:
            return 0
        self._links[content] -= 1
        return self._links[content]

    def _content(self, path: str) -> int | None:
        return self._targets.get(path, self._places.get(path))

    def _kind(self, place: int) -> str:
        return self.entries[place >> _SHIFT].kind(place & _MASK)

    def _size(self, place: int) -> int:
        return self.entries[place >> _SHIFT].size(place & _MASK)

    def _digest(self, place: int | None) -> bytes | None:
        """The digest of a file's content; None for what is no file, which is unlike everything."""
        if place is None or self._kind(place) != "file":
            return None
        return self.entries[place >> _SHIFT].digest(place & _MASK)


def _inside(path: str, directories: set[str]) -> str | None:
    """The nearest of the directories that ``path`` lies below."""
    end = path.rfind("/")
    while end > 0:
        if path[:end] in directories:
            return path[:end]
        end = path.rfind("/", 0, end)
    return "" if path and "" in directories else None


def _leaves(entries: Entries) -> set[str]:
    """The directories in which the layer has nothing."""
    directories = {path for at, path in enumerate(entries.paths()) if entries.kind(at) == "directory"}
    for path in entries.paths():
        hidden = hides(path)
        if hidden is None or not (hidden[1] or hidden == ("", False)):
            directories.discard(path.rpartition("/")[0])
    return directories
