"""Many files of one cause, told as few directories."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dslim.images.entry import Entries


class Roll(NamedTuple):
    """A file, or a directory of which all content in the layer is meant; ``files`` are how many."""

    path: str
    bytes: int
    files: int


def rolled(files: Iterable[tuple[str, int]], entries: Entries) -> Iterator[Roll]:
    """The files, each with its bytes, of one layer: those of a directory as one where they are all that the layer has
    there. The directory is the deepest one that holds them; the root never stands for all."""
    files = list(files)
    if len(files) == 1:
        yield Roll(*files[0], 1)
        return
    mine = Counter(folder for path, _ in files for folder in _folders(path))
    all_of_layer: Counter[str] = Counter()
    for at, path in enumerate(entries.paths()):
        if entries.size(at):
            all_of_layer.update(folder for folder in _folders(path) if folder in mine)
    groups: dict[str, list[tuple[str, int]]] = {}
    for path, size in files:
        whole = (folder for folder in _folders(path) if mine[folder] > 1 and mine[folder] == all_of_layer[folder])
        groups.setdefault(next(whole, path), []).append((path, size))
    for name, members in groups.items():
        if len(members) > 1:
            name = posixpath.commonpath([posixpath.dirname(path) for path, _ in members])
        yield Roll(name, sum(size for _, size in members), len(members))


def _folders(path: str) -> Iterator[str]:
    """The directories above a path, the uppermost first, without the root."""
    end = path.find("/")
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)
