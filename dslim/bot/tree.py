"""A repository's tree, as far as it was fetched: which files are Dockerfiles, and what a transform may see of the rest.

Nothing here asks a forge. What is lacking is written down as wanted, and the caller fetches it and plans again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from dslim.bot.forge.protocol import EXECUTABLE, FILE, FOLDER, SUBMODULE, SYMLINK, Entry
from dslim.context import CI, LARGEST, MANY, MOST, deploys, ignored, may_build, may_start
from dslim.discover import SKIPPED
from dslim.patterns import Patterns

BUILDERS = 200  # files that may build an image, for one question about it
LONGEST = 1 << 20  # bytes of a Dockerfile that is read
_MOST_LINES = 1_000  # of a .dockerignore
_MOST_MATCHES = 5_000_000  # of a file with a line of it


class Found(NamedTuple):
    """The Dockerfiles of a tree, and those that are left out, with the reason."""

    files: tuple[Entry, ...]
    skipped: tuple[tuple[str, str], ...]


def dockerfiles(entries: Iterable[Entry], include: Iterable[str], exclude: Iterable[str]) -> Found:
    """The files that the owner's patterns call Dockerfiles, by path. Links and submodules are somebody else's."""
    wanted, unwanted = _patterns(tuple(include)), _patterns(tuple(exclude))
    files: list[Entry] = []
    skipped: list[tuple[str, str]] = []
    for entry in sorted(entries):
        if entry.mode in (FOLDER, SUBMODULE) or entry.path.endswith(".dockerignore"):
            continue
        name = entry.path.replace("\n", "?")  # which a pattern's * does not match
        if not wanted.match(name) or unwanted.match(name):
            continue
        if not SKIPPED.isdisjoint(entry.path.split("/")[:-1]):
            continue
        if entry.mode == SYMLINK:
            skipped.append((entry.path, "a link; what it points at is rewritten where that lies"))
        elif entry.mode not in (FILE, EXECUTABLE):
            skipped.append((entry.path, f"no regular file (mode {entry.mode})"))
        elif entry.size > LONGEST:
            skipped.append((entry.path, f"larger than {LONGEST:,} bytes"))
        else:
            files.append(entry)
    return Found(tuple(files), tuple(skipped))


@lru_cache(maxsize=4)  # the defaults, mostly; others may be large
def _patterns(patterns: tuple[str, ...]) -> Patterns:
    return Patterns(patterns)


class TreeContext:
    """The build context of one Dockerfile, as :class:`dslim.context.Context` is for a folder on a disk."""

    def __init__(self, dockerfile: str, entries: Mapping[str, Entry], texts: Mapping[str, bytes | None]) -> None:
        """``texts`` has what was fetched; None for what could not be. ``wanted`` grows while a transform asks."""
        self.wanted: set[str] = set()
        folder = dockerfile.rpartition("/")[0]
        self._prefix = f"{folder}/" if folder else ""
        self._entries = entries
        self._texts = texts
        self._left = MOST
        self._beside: tuple[tuple[str, str, str], ...] | None = None
        self._blind = False  # what is left out of the context is not known
        self._lines = 0
        self._ignored: Patterns | None = self._left_out(dockerfile)

    def __call__(self, path: str) -> str | None:
        """The text of the file at ``path``, relative to the context; None when there is none that we may see (yet)."""
        parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
        if path.startswith("/") or ".." in parts or not parts:
            return None
        name = "/".join(parts)
        entry = self._entries.get(self._prefix + name)
        if entry is None or entry.mode not in (FILE, EXECUTABLE) or self._hides(name):
            return None
        data = self._data(entry.path) if entry.size <= min(LARGEST, self._left) else None
        if data is None or len(data) > min(LARGEST, self._left):
            return None
        self._left -= len(data)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def files(self) -> tuple[str, ...] | None:
        """The paths of all files of the context, sorted; None where they are too many, or not all of them are here."""
        below = [entry for path, entry in self._entries.items() if path.startswith(self._prefix)]
        if self._blind or len(below) > MANY or self._lines * len(below) > _MOST_MATCHES:
            return None
        if any(entry.mode in (SYMLINK, SUBMODULE) for entry in below):
            return None
        names = (entry.path[len(self._prefix) :] for entry in below if entry.mode != FOLDER)
        return tuple(sorted(name for name in names if not self._hides(name)))

    def beside(self) -> tuple[tuple[str, str, str], ...]:
        """As :meth:`dslim.context.Context.beside`: what may start containers of the image and is no part of the context."""
        if self._beside is None:
            self._beside = tuple(self._starters())
        return self._beside

    def building(self) -> tuple[tuple[str, str | None], ...] | None:
        """As :meth:`dslim.context.Context.building`: what may build the image, by its path in the repository; None also where
        that would be more files than are worth fetching."""
        if self.files() is None:
            return None
        entries = [entry for entry in self._entries.values() if self._builds(entry)]
        if len(entries) > BUILDERS:
            return None
        found: list[tuple[str, str | None]] = []
        for entry in entries:
            data = self._data(entry.path) if entry.mode != SYMLINK and entry.size <= LARGEST else None
            found.append((entry.path, None if data is None else data.decode("utf-8", "replace")))
        return tuple(found)

    def _builds(self, entry: Entry) -> bool:
        """True for what may build the image: in the context, in a folder above it, or beside that in one for CI."""
        folder = entry.path.rpartition("/")[0]
        if entry.mode not in (FILE, EXECUTABLE, SYMLINK) or not may_build(entry.path):
            return False
        for name in ("", *CI):
            if folder == name or folder.endswith(f"/{name}"):
                above = folder[: len(folder) - len(name)] if name else f"{folder}/" if folder else ""
                if self._prefix.startswith(above):
                    return True
        return entry.path.startswith(self._prefix)

    def _starters(self) -> Iterator[tuple[str, str, str]]:
        for path, entry in self._entries.items():
            if entry.mode not in (FILE, EXECUTABLE) or entry.size > min(LARGEST, self._left):
                continue
            folder, _, name = path.rpartition("/")
            above = f"{folder}/" if folder else ""
            inside = path.startswith(self._prefix)
            if inside and not (may_start(path) and self._hides(path[len(self._prefix) :])):
                continue
            if not inside and not (deploys(name) and self._prefix.startswith(above)):
                continue
            data = self._data(path)
            if data is not None:
                way = "" if inside else self._prefix[len(above) :].rstrip("/")
                relative = path[len(self._prefix) :] if inside else "../" * (way.count("/") + 1) + name
                yield relative, way, data.decode("utf-8", "replace")

    def _left_out(self, dockerfile: str) -> Patterns | None:
        for path in (f"{dockerfile}.dockerignore", f"{self._prefix}.dockerignore"):
            entry = self._entries.get(path)
            if entry is None:
                continue
            data = self._data(path) if entry.mode in (FILE, EXECUTABLE) else None
            text = (data or b"").decode("utf-8", "replace")
            self._lines = text.count("\n") + 1
            self._blind = data is None or self._lines > _MOST_LINES
            try:
                return None if self._blind else ignored(text)
            except ValueError:
                self._blind = True
        return None

    def _hides(self, name: str) -> bool:
        return self._blind or (self._ignored is not None and self._ignored.match(name))

    def _data(self, path: str) -> bytes | None:
        if path not in self._texts:
            self.wanted.add(path)
        return self._texts.get(path)
