"""What the bot remembers of repositories and pull requests, and the leases that keep two bots apart.

The ledger makes the bot quick and saves calls; it is not the truth. Lose it, and it is rebuilt from the pull requests
themselves: their hidden metadata and the trailers of their commits (`metadata.py`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import delete, func, select

from dslim.bot.alive import gone
from dslim.bot.database import Database, about, answers, leases, repositories, slots

Clock = Callable[[], float]


class Known(NamedTuple):
    """A repository as we last saw it. ``heads`` has the commit of each base branch that was looked at, at ``looked_at``, by
    this ``version`` of dslim."""

    host: str
    id: str
    name: str
    default_branch: str
    heads: dict[str, str]
    looked_at: float = 0.0
    version: str = ""
    state: str = ""
    reason: str = ""
    not_before: float = 0.0


class Slot(NamedTuple):
    """A pull request, or the place for one. ``base`` is "" for the default branch; ``state`` is one of `states.py`; ``head``
    the commit that we pushed last.

    ``said`` names the comments that are written only once; ``asked`` is a wish of a person that waits to be fulfilled.
    """

    slot: str
    host: str
    repository: str
    base: str
    grouping: str
    branch: str = ""
    state: str = ""
    change_key: str = ""
    plan_key: str = ""
    tree: str = ""
    head: str = ""
    number: int = 0
    reason: str = ""
    not_before: float = 0.0
    asked: str = ""
    said: tuple[str, ...] = ()
    opened_at: float = 0.0
    updated_at: float = 0.0


class Answer(NamedTuple):
    """What a person did about a question: ``answer`` is "closed" or "merged". ``answer_key`` is that of the question; those of
    older versions are of a whole file. ``place`` is :func:`place` of the slot."""

    place: str
    answer_key: str
    number: int
    answer: str
    at: float = 0.0


def place(host: str, repository: str, base: str) -> str:
    """Where an answer holds: it outlives another grouping of the pull requests."""
    return f"{host}/{repository}/{base}"


class Ledger:
    """The memory. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        self.database = database
        self._clock = clock

    def known(self, host: str, name: str) -> Known | None:
        """The repository that had this name when we last saw it, in any case of letters."""
        wanted = (repositories.c.host == host) & (func.lower(repositories.c.name) == name.lower())
        with self.database.transaction() as there:
            row = there.execute(select(repositories).where(wanted).order_by(repositories.c.looked_at.desc())).first()
        return None if row is None else _known(row._asdict())

    def repositories(self) -> tuple[Known, ...]:
        """All repositories that we ever looked at, by name."""
        with self.database.transaction() as there:
            rows = there.execute(select(repositories).order_by(repositories.c.host, repositories.c.name)).all()
        return tuple(_known(row._asdict()) for row in rows)

    def remember(self, known: Known) -> None:
        """Write what we know of a repository now."""
        values = {**known._asdict(), "heads": json.dumps(known.heads, sort_keys=True)}
        with self.database.transaction() as there:
            self.database.upsert(there, repositories, **values)

    def slot(self, slot: str) -> Slot | None:
        """What we know of one slot."""
        with self.database.transaction() as there:
            row = there.execute(select(slots).where(slots.c.slot == slot)).first()
        return None if row is None else _slot(row._asdict())

    def slots(self, host: str = "", repository: str = "") -> tuple[Slot, ...]:
        """All slots, or those of one repository, in a stable order."""
        query = select(slots).order_by(slots.c.host, slots.c.repository, slots.c.slot)
        if repository:
            query = query.where((slots.c.host == host) & (slots.c.repository == repository))
        with self.database.transaction() as there:
            rows = there.execute(query).all()
        return tuple(_slot(row._asdict()) for row in rows)

    def write(self, slot: Slot) -> Slot:
        """Remember a slot as it is now."""
        slot = slot._replace(updated_at=self._clock())
        with self.database.transaction() as there:
            self.database.upsert(there, slots, **{**slot._asdict(), "said": " ".join(slot.said)})
        return slot

    def answers(self, place: str) -> dict[str, Answer]:
        """What people answered, by the key of the question."""
        with self.database.transaction() as there:
            rows = there.execute(select(answers).where(answers.c.place == place)).all()
        return {row.answer_key: Answer(**row._asdict()) for row in rows}

    def answered(self, given: Iterable[Answer]) -> None:
        """Remember answers."""
        with self.database.transaction() as there:
            for answer in given:
                self.database.upsert(there, answers, **answer._replace(at=answer.at or self._clock())._asdict())

    def forget_answers(self, place: str, keys: Iterable[str]) -> None:
        """A person asked for these changes after all."""
        with self.database.transaction() as there:
            there.execute(delete(answers).where((answers.c.place == place) & answers.c.answer_key.in_(tuple(keys))))

    def note(self, name: str) -> str:
        """What was noted under a name; "" where nothing was."""
        with self.database.transaction() as there:
            return str(there.execute(select(about.c.value).where(about.c.name == name)).scalar() or "")

    def write_note(self, name: str, value: str) -> None:
        """Note it, over what was noted there before."""
        with self.database.transaction() as there:
            self.database.upsert(there, about, name=name, value=value)

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        """True when ``name`` is now ours alone for so long; a lease of our own is prolonged, that of a dead process void."""
        now = self._clock()
        with self.database.transaction() as there:
            row = there.execute(select(leases).where(leases.c.name == name)).first()
            if row is not None and row.owner != owner and row.until > now and not gone(row.owner):
                return False
            self.database.upsert(there, leases, name=name, owner=owner, until=now + seconds)
        return True

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; one that is not ours any more stays."""
        with self.database.transaction() as there:
            there.execute(delete(leases).where((leases.c.name == name) & (leases.c.owner == owner)))


class ReadOnly(Ledger):
    """A memory that is asked and not told: what `--dry-run` uses."""

    def remember(self, known: Known) -> None:
        pass

    def write(self, slot: Slot) -> Slot:
        return slot

    def answered(self, given: Iterable[Answer]) -> None:
        pass

    def forget_answers(self, place: str, keys: Iterable[str]) -> None:
        pass

    def write_note(self, name: str, value: str) -> None:
        pass

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        return True

    def release(self, name: str, owner: str) -> None:
        pass


def _known(values: dict[str, object]) -> Known:
    found = {**values, "heads": json.loads(str(values["heads"]))}
    return Known._make(found[field] for field in Known._fields)


def _slot(values: dict[str, object]) -> Slot:
    known = {**values, "said": tuple(str(values["said"]).split())}
    return Slot._make(known[field] for field in Slot._fields)
