"""What the owner told `dslim rewrite` about a file (`.dslim.toml`, `pyproject.toml`) holds for the bot, too.

It can only make the bot do less: the bot's level is its own, what either ignores is ignored, and what either excludes is
left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dslim import config as owners
from dslim.bot.config import Config
from dslim.bot.forge.protocol import EXECUTABLE, FILE, FOLDER, SUBMODULE, Entry
from dslim.config import NAMES, Options

_ROOT = "/repository"  # where paths are computed with; nothing is read there


class Owners:
    """The owners' configurations of one tree; ``wanted`` grows as with :class:`dslim.bot.tree.TreeContext`."""

    def __init__(self, entries: Mapping[str, Entry], texts: Mapping[str, bytes | None], known: Collection[str]) -> None:
        self.wanted: set[str] = set()
        self._entries = entries
        self._texts = texts
        self._known = known
        self._parsed: dict[str, owners.Config | None] = {}

    def of(self, path: str, config: Config) -> Options | None:
        """The options for one Dockerfile; None when it is excluded.

        Raises:
            dslim.config.Wrong: a configuration of the owner cannot be used.
        """
        found = self._nearest(path.rpartition("/")[0])
        whole = f"{_ROOT}/{path}"
        if any(found.excludes(f"{_ROOT}/{part}", folder) for part, folder in _parts(path)):
            return None
        theirs = found.of(whole)
        return theirs._replace(
            level=config.level,
            select=config.select or theirs.select,
            ignore=(*theirs.ignore, *config.ignore),
            join_runs=theirs.join_runs if config.join_runs == Options().join_runs else config.join_runs,
        )

    def _nearest(self, folder: str) -> owners.Config:
        while True:
            for name in NAMES:
                path = f"{folder}/{name}" if folder else name
                entry = self._entries.get(path)
                if entry is None or entry.mode in (FOLDER, SUBMODULE):
                    continue
                if entry.mode not in (FILE, EXECUTABLE):
                    raise owners.Wrong(f"{path} is a link, and the bot follows none; it may say to leave this alone")
                if path not in self._texts:
                    self.wanted.add(path)
                    continue
                if (data := self._texts[path]) is None:
                    raise owners.Wrong(f"{path} is too large, or one too many; it may say to leave this alone")
                if path not in self._parsed:
                    self._parsed[path] = owners.parse(data, f"{_ROOT}/{path}", path, self._known)
                if (found := self._parsed[path]) is not None:
                    return found
            if not folder:
                return owners.Config(_ROOT)
            folder = folder.rpartition("/")[0]


def _parts(path: str) -> list[tuple[str, bool]]:
    """The folders above a file, from the root down, and the file."""
    names = path.split("/")
    return [("/".join(names[:count]), count < len(names)) for count in range(1, len(names) + 1)]
