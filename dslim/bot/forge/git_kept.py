"""What plain git cannot remember of the branches that we proposed: their titles, their texts, and what became of them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dslim.bot.forge.protocol import OPEN
from dslim.bot.forge.trouble import NotFound


class Kept(NamedTuple):
    """A branch that we proposed; ``head`` as it was then."""

    number: int
    base: str
    title: str
    body: str
    head: str
    state: str = OPEN


class Shelf:
    """A file for each repository, whole at any moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self, repo: str) -> dict[str, Kept]:
        """By branch."""
        file = self._file(repo)
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return {branch: Kept(**kept) for branch, kept in known.items()}

    def keep(self, repo: str, branch: str, kept: Kept) -> None:
        everything = {**self.all(repo), branch: kept}
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = self._file(repo).with_suffix(".new")
        scratch.write_text(json.dumps({name: one._asdict() for name, one in everything.items()}, indent=1), "utf-8")
        scratch.replace(self._file(repo))

    def branch(self, repo: str, number: int) -> str:
        """The branch of this number. Raises NotFound."""
        for branch, kept in self.all(repo).items():
            if kept.number == number:
                return branch
        raise NotFound(f"{repo}: no branch of ours has the number {number}")

    def _file(self, repo: str) -> Path:
        return self._folder / f"{sha256(repo.encode()).hexdigest()[:16]}.json"
