"""Where files lie that an image could do without, by their paths."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from functools import cache as cache_of_calls
from functools import lru_cache
from typing import NamedTuple

from rewriter.knowledge.caches import Cache, all_caches
from rewriter.knowledge.filetools import ARCHIVES, TEMPORARY

#: endings of archives proper: installers and packages of languages are what a program is made of
ENDINGS = tuple(ending for ending in ARCHIVES if ending not in (".whl", ".gem", ".run", ".bin", ".bsx", ".sh"))
_HOME = "~/"
_SHARES = ("usr/share", "usr/local/share")

#: Directories with what only people or other programs than those of the image read. Source: Filesystem Hierarchy
#: Standard 3.0 (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html), and GNU gettext and gdb for the last two.
_DIRECTORIES = {
    "headers": ("usr/include", "usr/local/include"),
    "docs": tuple(f"{share}/{name}" for share in _SHARES for name in ("doc", "man", "info", "gtk-doc", "help")),
    "locales": (*(f"{share}/{name}" for share in _SHARES for name in ("locale", "i18n")), "usr/lib/locale"),
    "debug": ("usr/lib/debug",),
}

_INSIDE = tuple(f"{directory}/" for directories in _DIRECTORIES.values() for directory in directories)
_TEMPORARY = tuple(f"{place[1:]}/" for place in TEMPORARY)


class Place(NamedTuple):
    """A kind of waste and the directory that it fills. ``transform`` is the one that keeps a cache away, else ""."""

    kind: str
    directory: str
    transform: str = ""


def cache(path: str, tools: frozenset[str]) -> Place | None:
    """The package index or download cache that ``path`` lies in. ``tools`` are those of the instruction that made the
    file: places that a tool may have been told to use count only where it ran."""
    return _cached(posixpath.dirname(path), tools)


@lru_cache(maxsize=4096)
def _cached(folder: str, tools: frozenset[str]) -> Place | None:
    for row, place in _places(tools):
        start = _start(folder, place)
        if start and not (place in row.elsewhere and posixpath.basename(start) in row.tools):
            return Place("cache", start, row.transform)
    return None


@cache_of_calls
def _places(tools: frozenset[str]) -> tuple[tuple[Cache, str], ...]:
    """Where caches may be: where they always are, and for these tools also elsewhere."""
    rows = all_caches()
    certain = [(row, place) for row in rows for place in row.directories]
    told = [(row, place) for row in rows for place in row.elsewhere if not row.tools.isdisjoint(tools)]
    return (*certain, *told)


def _start(folder: str, place: str) -> str:
    """The directory at which a cache begins that ``folder`` lies in; "" when it lies in none."""
    if place.startswith("/"):
        directory = place[1:]
        return directory if f"{folder}/".startswith(f"{directory}/") else ""
    if place.startswith(_HOME):
        head, found, _ = f"/{folder}/".partition(f"/{place[len(_HOME) :]}/")
        return f"{head}/{place[len(_HOME) :]}".lstrip("/") if found else ""
    parts = folder.split("/")
    for end in range(1, len(parts) + 1):
        directory = "/".join(parts[:end])
        if fnmatchcase(f"/{directory}", place):
            return directory
    return ""


def temporary(path: str) -> bool:
    """True for a file of a directory that nobody keeps files in."""
    return path.startswith(_TEMPORARY)


def seldom_needed(path: str) -> Place | None:
    """What a running program seldom needs, by directory: headers, documents, translations, debug symbols, static
    libraries."""
    if path.startswith(_INSIDE):
        return next(
            Place(kind, directory)
            for kind, directories in _DIRECTORIES.items()
            for directory in directories
            if path.startswith(f"{directory}/")
        )
    folder, name = posixpath.split(path)
    if name.endswith((".a", ".la")):
        return Place("static", folder)
    if name.endswith(".debug"):
        return Place("debug", folder)
    if name.endswith((".ri", ".rbs")) and "/gems/" in path:
        return Place("docs", folder)
    return None


def archive_stem(path: str) -> str:
    """The name of an archive without its ending; "" for what is no archive by its name."""
    if not path.endswith(ENDINGS):
        return ""
    name = posixpath.basename(path)
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return ""
