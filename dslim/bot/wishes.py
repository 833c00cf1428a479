"""What people told the bot for good, in a comment: leave this rule alone, this file, or the whole repository.

It is kept beside the owner's configuration, and laid over it: whoever wants it otherwise writes it into the file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import select

from dslim.bot.config import Config
from dslim.bot.database import Database, wishes

RULE, FILE, PAUSE = "ignore-rule", "ignore-file", "pause"


class Wish(NamedTuple):
    """``value`` is a rule or a path, "" for a pause; ``login`` is who said it, ``at`` when (seconds since 1970)."""

    host: str
    repository: str
    kind: str
    value: str
    login: str
    at: float


class Wishes:
    """All of them. A repository is named by the forge's number for it."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def add(self, host: str, repository: str, kind: str, value: str, login: str) -> None:
        """Remember one."""
        row = Wish(host, repository, kind, value, login, self._clock())
        with self._database.transaction() as there:
            self._database.upsert(there, wishes, **row._asdict())

    def drop(self, host: str, repository: str, kind: str) -> None:
        """Forget all of a kind: somebody asked for the opposite."""
        gone = (wishes.c.host == host) & (wishes.c.repository == repository) & (wishes.c.kind == kind)
        with self._database.transaction() as there:
            there.execute(wishes.delete().where(gone))

    def of(self, host: str, repository: str) -> tuple[Wish, ...]:
        """Those of one repository, in a stable order."""
        wanted = (wishes.c.host == host) & (wishes.c.repository == repository)
        query = select(wishes).where(wanted).order_by(wishes.c.kind, wishes.c.value)
        with self._database.transaction() as there:
            return tuple(Wish(**row._asdict()) for row in there.execute(query).all())

    def over(self, host: str, repository: str, config: Config) -> Config:
        """The configuration with them."""
        found = self.of(host, repository)
        rules = tuple(wish.value for wish in found if wish.kind == RULE)
        files = tuple(_literally(wish.value) for wish in found if wish.kind == FILE)
        return config._replace(ignore=(*config.ignore, *rules), exclude=(*config.exclude, *files))

    def paused(self, host: str, repository: str) -> str:
        """Who paused the repository; "" when nobody did."""
        return next((wish.login for wish in self.of(host, repository) if wish.kind == PAUSE), "")


def _literally(path: str) -> str:
    """A pattern that only this path has a match for."""
    return "/" + "".join(f"\\{one}" if one in "*?[]\\!# " else one for one in path)
