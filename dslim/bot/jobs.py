"""Which repositories are still to be handled: a queue in the ledger that a killed bot takes up where it was.

A job is ``waiting`` until its time, ``running`` while somebody holds its lease, and then ``done``, ``dead`` (no later try can
end better) or ``parked`` (it failed :data:`MOST` times: poison, which must not hold up the others). An attempt counts when it
begins, so that a repository which kills the bot itself is parked as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, update

from dslim.bot.alive import gone, me
from dslim.bot.database import Database, jobs

WAITING, RUNNING, DONE, DEAD, PARKED = "waiting", "running", "done", "dead", "parked"
MOST = 5  # attempts
LEASE = 60.0  # seconds; whoever works renews it several times within
_BACKOFF = 30.0  # seconds after the first failure, doubled each time


class Job(NamedTuple):
    """One repository of one queue. ``outcome`` is one of `states.py`; ``owner`` is who holds it, ``until`` then.

    Times are seconds since 1970.
    """

    sweep: str
    repository: str
    state: str
    attempts: int
    not_before: float
    outcome: str
    reason: str
    owner: str
    until: float
    taken: float = 0.0


class Jobs:
    """One queue, ``sweep`` by name, as one worker process sees it. Every method is one transaction."""

    def __init__(self, database: Database, sweep: str, clock: Callable[[], float] = time.time, owner: str = "") -> None:
        self._database = database
        self._sweep = sweep
        self._clock = clock
        self.owner = owner or me()

    def begin(self, repositories: Iterable[str]) -> int:
        """The queue is these repositories, in this order. One that was left unfinished goes on: returns how many of them
        need nothing more. One that was finished begins anew; what was parked has one try then, not five."""
        wanted = list(dict.fromkeys(repositories))
        with self._database.transaction() as there:
            rows = {row.repository: row for row in there.execute(select(jobs).where(self._mine())).all()}
            unfinished = any(row.state in (WAITING, RUNNING) for row in rows.values())
            for name in rows.keys() - set(wanted):
                there.execute(jobs.delete().where(self._mine(name)))
            for position, name in enumerate(wanted):
                self._place(there, rows.get(name), name, position, unfinished)
            return sum(
                row.state not in (WAITING, RUNNING) for name, row in rows.items() if unfinished and name in wanted
            )

    def _place(self, there: Connection, row: object, name: str, position: int, unfinished: bool) -> None:
        if row is None:
            there.execute(jobs.insert().values(sweep=self._sweep, repository=name, position=position))
            return
        values: dict[str, object] = {"position": position}
        if not unfinished:
            attempts = MOST - 1 if getattr(row, "state", "") == PARKED else 0
            values |= {"state": WAITING, "attempts": attempts, "not_before": 0.0, "outcome": "", "reason": ""}
        there.execute(update(jobs).where(self._mine(name)).values(**values))

    def want(self, repository: str, delay: float = 0.0) -> None:
        """Something happened there: it is handled once more, also when it is being handled now."""
        with self._database.transaction() as there:
            self.want_within(there, repository, delay)

    def want_within(self, there: Connection, repository: str, delay: float = 0.0) -> None:
        """The same, as a part of a transaction."""
        now = self._clock()
        row = there.execute(select(jobs.c.state).where(self._mine(repository))).first()
        if row is None:
            values = {"sweep": self._sweep, "repository": repository, "position": 0}
            there.execute(jobs.insert().values(**values, not_before=now + delay, wanted=now))
        elif row.state in (WAITING, RUNNING):
            there.execute(update(jobs).where(self._mine(repository)).values(wanted=now))
        else:
            anew = {"state": WAITING, "attempts": 0, "not_before": now + delay, "reason": "", "wanted": now}
            there.execute(update(jobs).where(self._mine(repository)).values(**anew))

    def take(self) -> Job | None:
        """The next job whose time has come, now ours; a lease that ran out, or whose owner is gone, is taken over."""
        now = self._clock()
        with self._database.transaction() as there:
            self._take_back(there, now)
            ready = self._mine() & (jobs.c.state == WAITING) & (jobs.c.not_before <= now)
            order = (jobs.c.not_before, jobs.c.position, jobs.c.repository)
            row = there.execute(select(jobs).where(ready).order_by(*order).limit(1)).first()
            if row is None:
                return None
            values = {
                "state": RUNNING,
                "attempts": row.attempts + 1,
                "owner": self.owner,
                "until": now + LEASE,
                "taken": max(now, row.wanted + 1e-6),  # after all that was wanted so far
            }
            there.execute(update(jobs).where(self._mine(row.repository)).values(**values))
            return _job({**row._asdict(), **values})

    def _take_back(self, there: Connection, now: float) -> None:
        """Jobs whose worker did not come back. That was an attempt: too many of them, and the job is parked."""
        running = self._mine() & (jobs.c.state == RUNNING) & (jobs.c.owner != self.owner)
        for row in there.execute(select(jobs).where(running)).all():
            if row.until > now and not gone(row.owner):
                continue
            cause = "the bot died while it worked on it"
            too_many = row.attempts >= MOST
            values = {"state": PARKED if too_many else WAITING, "reason": cause, "owner": "", "until": 0.0}
            there.execute(update(jobs).where(self._mine(row.repository)).values(**values))

    def renew(self, repositories: Iterable[str]) -> None:
        """We still work on these."""
        names = tuple(repositories)
        mine = self._mine() & (jobs.c.state == RUNNING) & (jobs.c.owner == self.owner) & jobs.c.repository.in_(names)
        with self._database.transaction() as there:
            there.execute(update(jobs).where(mine).values(until=self._clock() + LEASE))

    def done(self, job: Job, outcome: str = "", reason: str = "") -> None:
        """It was handled. If it was wanted again meanwhile, it waits again."""
        self._end(job, DONE, reason, attempts=0, outcome=outcome)

    def dead(self, job: Job, outcome: str, reason: str) -> None:
        """No later try can end better."""
        self._end(job, DEAD, reason, outcome=outcome)

    def wait(self, job: Job, not_before: float, reason: str) -> None:
        """Not yet. That was no attempt."""
        self._end(job, WAITING, reason, attempts=job.attempts - 1, not_before=not_before)

    def failed(self, job: Job, reason: str) -> bool:
        """An attempt that came to nothing. True when it was the last one: the job is parked."""
        last = job.attempts >= MOST
        later = self._clock() + _BACKOFF * 2 ** (job.attempts - 1)
        self._end(job, PARKED if last else WAITING, reason, not_before=0.0 if last else later)
        return last

    def hold(self, not_before: float, reason: str, prefix: str = "") -> None:
        """Nothing whose name begins with ``prefix`` is begun before that time."""
        held = self._mine() & (jobs.c.state == WAITING) & (jobs.c.not_before < not_before)
        if prefix:
            held &= jobs.c.repository.startswith(prefix, autoescape=True)
        with self._database.transaction() as there:
            there.execute(update(jobs).where(held).values(not_before=not_before, reason=reason))

    def next_time(self) -> float | None:
        """When there is something to take again; None when all is finished. Jobs that others hold count with their leases."""
        waiting = self._mine() & (jobs.c.state == WAITING)
        running = self._mine() & (jobs.c.state == RUNNING)
        with self._database.transaction() as there:
            times = (
                there.execute(select(func.min(jobs.c.not_before)).where(waiting)).scalar(),
                there.execute(select(func.min(jobs.c.until)).where(running)).scalar(),
            )
        return min((time for time in times if time is not None), default=None)

    def counts(self) -> dict[str, int]:
        """How many jobs there are of each state."""
        query = select(jobs.c.state, func.count()).where(self._mine()).group_by(jobs.c.state)
        with self._database.transaction() as there:
            return {str(row[0]): int(row[1]) for row in there.execute(query).all()}

    def all(self) -> tuple[Job, ...]:
        """The whole queue, in its order."""
        with self._database.transaction() as there:
            rows = there.execute(select(jobs).where(self._mine()).order_by(jobs.c.position, jobs.c.repository)).all()
        return tuple(_job(row._asdict()) for row in rows)

    def _end(self, job: Job, state: str, reason: str, **values: object) -> None:
        """Only what is still ours is ended; what was wanted since we took it waits again."""
        ours = self._mine(job.repository) & (jobs.c.owner == self.owner) & (jobs.c.state == RUNNING)
        with self._database.transaction() as there:
            row = there.execute(select(jobs.c.wanted, jobs.c.taken).where(ours)).first()
            if row is None:
                return
            if state != WAITING and row.wanted >= row.taken:
                state, values = WAITING, {**values, "attempts": 0, "not_before": 0.0}
            end = {"state": state, "reason": reason, "owner": "", "until": 0.0}
            there.execute(update(jobs).where(ours).values(**end, **values))

    def _mine(self, repository: str = "") -> ColumnElement[bool]:
        mine = jobs.c.sweep == self._sweep
        return mine & (jobs.c.repository == repository) if repository else mine


def _job(values: dict[str, object]) -> Job:
    return Job._make(values[field] for field in Job._fields)
