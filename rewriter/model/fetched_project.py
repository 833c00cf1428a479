"""What the files of a project say about a fetching of its dependencies: which of them are there, and what else is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from rewriter import posixpath
from rewriter.knowledge.fetchers import Fetcher
from rewriter.model.fetching import Fetch
from rewriter.rule import Ask

_DEEPEST: Final = 4  #: files of requirements that name each other
#: beginnings of what is no package of a registry but lies in the project
_LOCAL: Final = ("file:", "link:", "portal:", "workspace:", "patch:", ".", "/", "~")
_ARCHIVES: Final = (".whl", ".tar.gz", ".zip", ".tar.bz2")


class Project:
    """What one fetching reads of the files that COPY brings.

    ``needed`` are the files without which it fails, ``wanted`` all that it may read, by their paths in the image; ``files`` those
    that the COPYs bring, each with True where it is certainly there. ``against`` says why they are not all that is read, "" where
    nothing shows that; ``asks`` is what a person has to confirm; ``seen`` is True where the context shows the project.
    """

    def __init__(self, fetch: Fetch, moving: Callable[[str], str], lying: Callable[[str], str], ask: Ask) -> None:
        """``moving`` gives the path in the context of a path of the image that COPYs bring which move, ``lying`` of any; "" for
        another."""
        self.fetch = fetch
        self.moving = moving
        self.lying = lying
        self.ask = ask
        row = fetch.row
        self.needed = (*fetch.named, *(posixpath.join(fetch.folder, name) for name in row.needs))
        self.wanted = (*self.needed, *(posixpath.join(fetch.folder, name) for name in (*row.may, *row.rare)))
        self.files: dict[str, bool] = {}
        self.nested: list[str] = []  # files that other files name
        self.asks: list[str] = []
        self.against = ""
        self.seen = False
        if any(map(fetch.has, row.maps)) and not fetch.has(row.unseen[-1]):
            self.against = row.unseen_lacks
        self._read()

    def _read(self) -> None:
        listed = self.ask.files() or ()
        held = frozenset(listed)
        self.seen = all(self.lying(path) in held for path in self.needed)
        if self.seen:
            self.files = {path: True for path in self.wanted if self.moving(path) in held}
            self._beside(listed)
        else:
            rare = [posixpath.join(self.fetch.folder, name) for name in self.fetch.row.rare]
            self.files = {path: path in self.needed for path in self.wanted if path not in rare and self.moving(path)}
            self._unseen()
        for path in self.wanted:
            if self.lying(path) in held or self.ask.context(self.lying(path)) is not None:
                self._file(path)
        self._written(held)

    def _unseen(self) -> None:
        row = self.fetch.row
        if any(not self.fetch.has(option) for option in row.unseen):
            self.against = row.unseen_lacks
        names = [posixpath.basename(path) for path in self.needed if self.moving(path)]
        if names:
            self.asks.append(f"{', '.join(dict.fromkeys(names))} of the context lies where the COPY looks for it")
        self.asks += row.asks
        if row.above and "/" in self.moving(self.wanted[0]):
            self.asks.append(f"no {' and no '.join(row.above)} above makes the project a part of another")
        for name in row.fills[:1]:
            if self.moving(posixpath.join(self.fetch.folder, name)):
                self.asks.append(
                    f".dockerignore leaves {name} out: the COPY would put that of the context over what is fetched"
                )

    def _beside(self, listed: tuple[str, ...]) -> None:
        """What the context has beside the files that are copied, and is read or written too."""
        fetch = self.fetch
        for name, why in fetch.row.beside:
            found = self._within(listed, name, self.lying)
            if found:
                self._stop(f"{found} {why}")
        for name in fetch.row.above:
            found = self._above(listed, name)
            if found:
                self._stop(f"{found} lies above, and may make the project a part of another")
        for name in fetch.row.fills:
            found = self._within(listed, name, self.moving)
            if found and found not in map(self.moving, self.files):
                self._stop(f"the context has {found}, which the COPY would put over what was fetched: "
                           f"{name} in .dockerignore leaves it out")  # fmt: skip
        self.asks += fetch.row.asks_always

    def _above(self, listed: tuple[str, ...], name: str) -> str:
        """A file, or a folder, of this name in the folders above; a package.json only where it has workspaces."""
        folder = posixpath.dirname(self.lying(self.wanted[0]))
        while folder:
            folder = posixpath.dirname(folder)
            path = posixpath.join(folder, name)
            there = any(one == path or one.startswith(f"{path}/") for one in listed)
            if there and (name != "package.json" or '"workspaces"' in (self.ask.context(path) or "")):
                return path
        return ""

    def _within(self, listed: tuple[str, ...], name: str, place: Callable[[str], str]) -> str:
        """The first file of the context that a path of the folder is, or lies in."""
        source = place(posixpath.join(self.fetch.folder, name))
        return next((path for path in listed if source and (path == source or path.startswith(f"{source}/"))), "")

    def _written(self, held: frozenset[str]) -> None:
        """Files of the project that the fetching may write: the COPY behind it brings them as they are in the context."""
        fetch, row = self.fetch, self.fetch.row
        paths = [posixpath.join(fetch.folder, name) for name in row.writes]
        there = [path for path in paths if (self.moving(path) in held if self.seen else path in self.files)]
        if there and not fetch.frozen:
            name = posixpath.basename(there[0])
            self.asks.append(f"{fetch.text} leaves {name} as it is: the COPY behind it brings that of the context")

    def _file(self, path: str) -> None:
        """What one of the files says."""
        row, source = self.fetch.row, self.lying(path)
        text = self.ask.context(source)
        if text is None:
            self.asks.append(f"{source}, which is not seen, names no other file of the project")
            return
        squeezed = "".join(text.split())
        for mark in row.marks:
            if mark.text in squeezed and not (mark.unless and self.fetch.has(mark.unless)):
                self._stop(f"{source} {mark.why}")
        if row.tables:
            self._tables(source, text, row)
        if row.named:
            self._requirements(path, text, 0)

    def _tables(self, source: str, text: str, row: Fetcher) -> None:
        """Dependencies in a file of JSON that lie in the project."""
        if posixpath.basename(source) not in row.needs:
            return
        try:
            document: Any = json.loads(text)
        except ValueError:
            self._stop(f"{source} cannot be read as JSON")
            return
        for key in row.tables:
            table = document.get(key, {}) if isinstance(document, dict) else {}
            for name, wanted in table.items() if isinstance(table, dict) else ():
                if isinstance(wanted, str) and wanted.startswith(_LOCAL):
                    self._stop(f"{source} takes {name} from {wanted}, which lies in the project")

    def _requirements(self, path: str, text: str, depth: int) -> None:
        """A file of requirements: the files that it names are read as well."""
        source = self.lying(path)
        for row in text.replace("\\\n", " ").splitlines():
            line = row.split(" #")[0].strip()
            option, _, value = (
                line.replace("=", " ", 1).partition(" ") if line[:2] == "--" else (line[:2], "", line[2:])
            )
            value = value.strip().strip("\"'")
            if not line or line.startswith("#"):
                continue
            if option in ("-r", "-c", "--requirement", "--constraint"):
                self._nested(
                    posixpath.normpath(posixpath.join(posixpath.dirname(path), value.lstrip("= "))), source, depth
                )
            elif option in ("-e", "--editable") or option in ("-f", "--find-links"):
                if "://" not in value or value.startswith("file:"):
                    self._stop(f"{source} names {value or 'a folder'} ({option}), which lies in the project")
            elif line[0] in "./" or "file:" in line or (line.endswith(_ARCHIVES) and "://" not in line):
                self._stop(f"{source} names {line}, which lies in the project")

    def _nested(self, path: str, named_by: str, depth: int) -> None:
        if path in self.wanted or path in self.nested or ":/" in path:
            return
        self.nested.append(path)
        source = self.lying(path)
        text = self.ask.context(source) if source else None
        if text is None or depth > _DEEPEST:
            self._stop(f"{named_by} names {posixpath.basename(path)}, which is not seen where the COPY would bring it")
            return
        if self.moving(path):
            self.files[path] = True
        self._requirements(path, text, depth + 1)

    def _stop(self, why: str) -> None:
        self.against = self.against or why


def questions(projects: Iterable[Project]) -> list[str]:
    """The questions of all, each once."""
    return list(dict.fromkeys(question for project in projects for question in project.asks))
