"""What was delivered and is not done yet, in the ledger: whoever got a 202 from us is not forgotten, also after a power cut."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from dslim.bot.database import Database, commands, deliveries, repositories
from dslim.bot.jobs import Jobs
from dslim.bot.serve.mail import Asked, Mail

QUEUE = "serve"
_KEPT = 14 * 86400.0  # seconds for which a delivery is known; GitHub sends one again for three days at most


class Wanted(NamedTuple):
    """A command that was not obeyed yet."""

    id: str
    repository: str
    number: int
    comment: int
    login: str
    verb: str
    argument: str
    at: float


class Post:
    """The box for deliveries. Threads may share it."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self.jobs = Jobs(database, QUEUE, clock)

    def concerns(self, mail: Mail) -> bool:
        """False for a push to a branch that a repository which we know is not worked on: most pushes are of that kind."""
        if not mail.branch:
            return True
        known = func.lower(repositories.c.name) == mail.repositories[0].lower()
        with self._database.transaction() as there:
            found = [json.loads(heads) for heads in there.execute(select(repositories.c.heads).where(known)).scalars()]
        return not found or any(not heads or mail.branch in heads for heads in found)

    def take_in(self, delivery: str, mail: Mail) -> bool:
        """False when this delivery was taken in before: then nothing is done."""
        now = self._clock()
        with self._database.transaction() as there:
            if there.execute(select(deliveries.c.id).where(deliveries.c.id == delivery)).first() is not None:
                return False
            there.execute(deliveries.insert().values(id=delivery, at=now))
            there.execute(deliveries.delete().where(deliveries.c.at < now - _KEPT))
            if mail.asked is not None and self._is_first(there, mail.asked, now):
                for row in _rows(mail.asked, now):
                    self._database.upsert(there, commands, **row._asdict())
            for name in mail.repositories:
                self.jobs.want_within(there, name, mail.delay)
        return True

    def _is_first(self, there: Connection, asked: Asked, now: float) -> bool:
        """A comment is obeyed once, whatever the delivery calls itself: its name is not signed, only its body is."""
        name = f"comment {asked.repository.lower()} {asked.comment}"
        if there.execute(select(deliveries.c.id).where(deliveries.c.id == name)).first() is not None:
            return False
        there.execute(deliveries.insert().values(id=name, at=now))
        return True

    def asked(self, repository: str) -> tuple[Wanted, ...]:
        """What people want there, in the order in which they said it."""
        query = select(commands).where(commands.c.repository == repository).order_by(commands.c.at, commands.c.id)
        with self._database.transaction() as there:
            return tuple(Wanted(**row._asdict()) for row in there.execute(query).all())

    def done(self, wanted: Wanted) -> None:
        """It was obeyed, or will not be."""
        with self._database.transaction() as there:
            there.execute(commands.delete().where(commands.c.id == wanted.id))


def _rows(asked: Asked, now: float) -> list[Wanted]:
    return [
        Wanted(f"{asked.repository}#{asked.comment}.{nth}", asked.repository, asked.number, asked.comment, asked.login,
               command.verb, command.argument, now)
        for nth, command in enumerate(asked.commands)
    ]  # fmt: skip
