"""Where a path leads in a root file system, and what a word of a command names, without running anything."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import NamedTuple

from dslim.images.entry import Entry
from dslim.verify.compare import environment

#: gives the content of a regular file by its path in the tree; None when it cannot be read
Contents = Callable[[str], "bytes | None"]
_LINKS = 40  #: as the kernel: more symbolic links on the way are a circle
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  #: Docker's own, for an image that sets none


def with_folders(tree: Mapping[str, Entry]) -> dict[str, Entry]:
    """The tree with an entry for every folder that has something in it; an archive need not have one."""
    folders = {path.rpartition("/")[0] for path in tree}
    while above := {path.rpartition("/")[0] for path in folders} - folders:
        folders |= above
    return {path: Entry(path, "directory", 0o755) for path in folders if path and path not in tree} | dict(tree)


class Root(NamedTuple):
    """An image as a program sees it: its files (see :func:`with_folders`), their content, and the configuration that it is
    started with."""

    tree: Mapping[str, Entry]
    contents: Contents
    config: Mapping[str, object]

    @property
    def folder(self) -> str:
        """The absolute path that a process starts in."""
        return str(self.config.get("WorkingDir") or "/")

    @property
    def search(self) -> list[str]:
        """The folders of PATH."""
        return (environment(self.config).get("PATH") or _PATH).split(":")

    def real(self, path: str) -> str | None:
        """The path in the tree that an absolute path leads to, through all symbolic links; None when it leads nowhere."""
        parts = [part for part in path.split("/") if part]
        links = 0
        here = ""
        while parts:
            part = parts.pop(0)
            if part in (".", ".."):
                here = posixpath.dirname(here) if part == ".." else here
                continue
            step = f"{here}/{part}" if here else part
            entry = self.tree.get(step)
            if entry is None:
                return None
            if entry.kind != "symlink":
                here = step
                continue
            links += 1
            if links > _LINKS:
                return None
            parts = [piece for piece in entry.link.split("/") if piece] + parts
            here = "" if entry.link.startswith("/") else here
        return here

    def file(self, path: str) -> Entry | None:
        """The regular file that an absolute path leads to."""
        found = self.real(path)
        entry = self.tree.get(found) if found else None
        return entry if entry is not None and entry.kind in ("file", "hardlink") else None

    def absolute(self, word: str) -> str:
        """A path of the command line as an absolute one."""
        return posixpath.normpath(posixpath.join(self.folder, word))

    def program(self, word: str, folder: str = "") -> Entry | None:
        """The file that is started for the first word of a command: a path, or a name that PATH knows.

        As execvp does, a name is looked up to the first file that may be executed; where none may, the first file.
        """
        if not word:
            return None
        if "/" in word:
            return self.file(posixpath.join(folder or self.folder, word))
        found = [one for place in self.search if (one := self.file(f"{place or self.folder}/{word}")) is not None]
        return next((one for one in found if one.mode & 0o111), found[0] if found else None)

    def executable(self, entry: Entry) -> bool:
        """True when the image's user may execute the file."""
        user = self.user
        if user is None:
            return bool(entry.mode & 0o111)  # the user is not known here: that is a check of its own
        uid, groups = user
        if uid == 0:
            return bool(entry.mode & 0o111)
        if entry.uid == uid:
            return bool(entry.mode & 0o100)
        return bool(entry.mode & (0o010 if entry.gid in groups else 0o001))

    @property
    def user(self) -> tuple[int, frozenset[int]] | None:
        """User id and group ids of the image's process; None when USER names someone that /etc/passwd does not know."""
        name, _, group = str(self.config.get("User") or "0").partition(":")
        rows = self._rows("etc/passwd")
        row = next((row for row in rows if name in (row[0], row[2])), None)
        if row is None and not name.isdigit():
            return None
        uid = int(row[2]) if row else int(name)
        own = int(row[3]) if row else 0
        groups = self._rows("etc/group")
        if group:
            found = next((one for one in groups if group in (one[0], one[2])), None)
            if found is None and not group.isdigit():
                return None
            return uid, frozenset({int(found[2]) if found else int(group)})
        login = row[0] if row else ""
        others = {int(one[2]) for one in groups if login and login in one[-1].split(",")}
        return uid, frozenset({own, *others})

    def _rows(self, path: str) -> list[list[str]]:
        """The rows of a table with colons in which the third field, and the fourth of passwd, are numbers."""
        data = self.contents(path) if self.file("/" + path) is not None else None
        rows = [line.split(":") for line in (data or b"").decode("utf-8", "replace").splitlines()]
        passwd = path.endswith("passwd")
        return [row for row in rows if len(row) >= 4 and row[2].isdigit() and (not passwd or row[3].isdigit())]
