"""The build context, as far as a transform may look into it: the text of a file. Nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from dslim.files import Trouble, read

if TYPE_CHECKING:
    from pathspec import PathSpec, Pattern

LARGEST = 256 * 1024  # bytes of one file
MOST = 4 * 2**20  # bytes of all files that one Dockerfile may ask for
MANY = 20_000  # files of a context; one that has more is not listed


class Context:
    """Gives the text of a file of one folder by its relative path, or None.

    None stands for: no such file, not a regular file, outside the folder (by ``..`` or by a link), left out by
    ``.dockerignore``, not UTF-8, larger than :data:`LARGEST`, or :data:`MOST` bytes were given out already.
    """

    def __init__(self, folder: str, dockerfile: str = "") -> None:
        """``dockerfile`` names the file being rewritten: its own ``<name>.dockerignore`` goes before the folder's."""
        self._folder = folder
        self._dockerfile = dockerfile
        self._root = ""
        self._ignored: PathSpec[Pattern] | None = None
        self._left = MOST
        self._known: dict[str, str | None] = {}
        self._listed: tuple[str, ...] | None = None

    def __call__(self, path: str) -> str | None:
        """The text of the file at ``path``, relative to the context."""
        name = os.path.normpath(path.replace("\\", "/")) if path else ""
        if not name or name.startswith("..") or os.path.isabs(name) or "\0" in name:
            return None
        if name not in self._known:
            self._known[name] = self._text(name)
        return self._known[name]

    def files(self) -> tuple[str, ...] | None:
        """The paths of all files of the context, sorted, each with ``/`` between its parts; None when there are more than
        :data:`MANY`, a folder cannot be read, or one is a link."""
        if self._listed is None:
            self._open()
            found = list(islice(self._walk(), MANY + 1))
            self._listed = tuple(sorted(found))
        return self._listed if len(self._listed) <= MANY and "" not in self._listed else None

    def beside(self, name: str) -> tuple[tuple[str, str], ...]:
        """The files of one name in the context's folder and in those above it up to the repository's root, each with the path
        from there to the context ("" for its own folder) and its text. ``.dockerignore`` does not matter."""
        self._open()
        folders, folder = [self._root], self._root
        while not os.path.exists(os.path.join(folder, ".git")) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
            folders.append(folder)
        if not os.path.exists(os.path.join(folder, ".git")):
            folders = folders[:1]  # no repository: what lies above is another's
        found = []
        for folder in folders:
            data = read(os.path.join(folder, name), LARGEST)
            if not isinstance(data, Trouble):
                way = os.path.relpath(self._root, folder).replace(os.sep, "/")
                found.append(("" if way == "." else way, data.decode("utf-8", "replace")))
        return tuple(found)

    def _walk(self) -> Iterator[str]:
        unread: list[OSError] = []
        for folder, below, names in os.walk(self._root, onerror=unread.append):
            if unread:
                yield ""
                return
            below[:] = [name for name in below if name != ".git"]  # large, and no program reads it
            if any(os.path.islink(os.path.join(folder, name)) for name in below):
                yield ""  # what lies behind a link to a folder is not followed
                return
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self._root).replace(os.sep, "/")
                if self._ignored is None or not self._ignored.match_file(path):
                    yield path
        if unread:
            yield ""

    def _text(self, name: str) -> str | None:
        self._open()
        real = os.path.realpath(os.path.join(self._root, name))
        if os.path.commonpath((real, self._root)) != self._root:
            return None
        if self._ignored is not None and self._ignored.match_file(name):
            return None
        data = read(real, min(LARGEST, self._left))
        if isinstance(data, Trouble):
            return None
        self._left -= len(data)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def _open(self) -> None:
        """Find the folder and what it leaves out, at the first question."""
        if self._root:
            return
        self._root = os.path.realpath(self._folder or ".")
        for path in (f"{self._dockerfile}.dockerignore", os.path.join(self._root, ".dockerignore")):
            data = read(path, LARGEST)
            if not isinstance(data, Trouble):
                self._ignored = ignored(data.decode("utf-8", "replace"))
                return


def ignored(text: str) -> PathSpec[Pattern] | None:
    """What a ``.dockerignore`` leaves out; None for nothing.

    As in Docker a pattern starts at the root of the context, the last one that matches decides, and ``!`` brings back
    even what lies in a folder that is left out.
    """
    patterns = [pattern for line in text.split("\n") if (pattern := _anchored(line))]
    if not patterns:
        return None
    from pathspec import PathSpec

    return PathSpec.from_lines("gitignore", patterns)


def _anchored(line: str) -> str:
    """A line of ``.dockerignore`` in git's language; empty when it says nothing."""
    pattern = line.strip().lstrip("\ufeff")
    if not pattern or pattern.startswith("#"):
        return ""
    mark = "!" if pattern.startswith("!") else ""
    path = os.path.normpath(pattern[len(mark) :].strip() or ".").lstrip("/")
    return "" if path in ("", ".") or path.startswith("..") else f"{mark}/{path}"
