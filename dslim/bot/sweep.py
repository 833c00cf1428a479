"""Many repositories, one after the other and several at once, until each was handled exactly once.

What is done, waits or failed stands in the ledger (`jobs.py`) before the next repository is begun, so that a sweep which was
killed goes on where it was. Threads wait for the forge; planning goes to a :class:`dslim.bot.fleet.Planner`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy.exc import InterfaceError, OperationalError

from dslim.bot import states
from dslim.bot.fleet import NoCluster
from dslim.bot.jobs import DONE, LEASE, PARKED, WAITING, Job, Jobs
from dslim.bot.logs import tell
from dslim.bot.run import Result
from dslim.bot.secrets import redacted
from dslim.bot.stopping import Stop, Stopped

_NO_LEDGER = (OperationalError, InterfaceError)  # not what is wrong with one row
_LOOK = 1.0  # seconds between two looks at the queue while there is nothing to take
_TROUBLED = 5.0  # seconds between two tries while the ledger is out of order
FAILED = "failed"  # once: it will be tried again
PATIENCE = 3600.0  # seconds that a sweep waits for the forge before it ends


class Event(NamedTuple):
    """A repository came to an end, for now: ``outcome`` is one of `states.py`, or of a job (parked, waiting)."""

    repository: str
    outcome: str
    reason: str
    seconds: float


class Sweep:
    """One queue and what is done with it. ``handle`` must be callable from several threads; it raises only for mistakes of ours.

    ``limit`` is how many repositories are begun at most, 0 for all; ``patience`` how many seconds the next may be away.
    ``hold`` gives the beginning of the names of all repositories that share a rate limit with one, as in ``acme/``.
    """

    def __init__(
        self,
        jobs: Jobs,
        handle: Callable[[str], Result],
        stop: Stop,
        heard: Callable[[Event], None] = lambda _: None,
        hold: Callable[[str], str] = lambda _: "",
        patience: float = PATIENCE,
        limit: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._jobs = jobs
        self._handle = handle
        self._stop = stop
        self._heard = heard
        self._hold = hold
        self._patience = patience
        self._clock = clock
        self._limit = limit
        self._counting = threading.Lock()
        self._begun = 0
        #: repositories that came to an end
        self.ended = 0
        self._under_way: set[str] = set()
        self._lost = ""
        self._over = threading.Event()
        self._forever = False

    def run(self, width: int, forever: bool = False) -> str:
        """Work on the queue, on so many repositories at once. Returns why it ended early, "" when it did not.

        ``forever`` is for a server: an empty queue is waited on.
        """
        self._forever, self._lost = forever, ""
        self._over.clear()
        ended = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(ended,), daemon=True)
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(max(width, 1))]
        for thread in (keeper, *workers):
            thread.start()
        for worker in workers:
            while worker.is_alive():
                worker.join(0.2)  # so that signals are heard
        ended.set()
        keeper.join()
        if self._lost:
            return self._lost
        return "stopped; the same command goes on" if self._stop.asked.is_set() else ""

    def _renew(self, ended: threading.Event) -> None:
        while not ended.wait(LEASE / 4):
            with suppress(*_NO_LEDGER):  # who works on it meets the same trouble, and says it
                self._jobs.renew(self._working())

    def _work(self) -> None:
        while not self._stop.asked.is_set() and not self._over.is_set() and self._may_begin():
            try:
                if self._next():
                    continue
                return
            except _NO_LEDGER as error:
                self._count(begun=-1)
                self._without(redacted(f"the ledger is out of order: {str(error).splitlines()[0]}"))

    def _next(self) -> bool:
        """One job, or a little patience. False when there is nothing left to wait for."""
        job = self._jobs.take()
        if job is not None:
            self._do(job)
            return True
        self._count(begun=-1)
        soon = self._jobs.next_time()
        if not self._forever and (soon is None or soon > self._clock() + self._patience):
            return False
        self._stop.asked.wait(_LOOK if soon is None else min(_LOOK, max(soon - self._clock(), 0.05)))
        return True

    def _without(self, said: str) -> None:
        """Something that all repositories need is away: a server waits for it, a sweep ends."""
        tell(said, logging.ERROR)
        if self._forever:
            self._stop.asked.wait(_TROUBLED)
            return
        self._lost = said
        self._over.set()

    def _working(self) -> tuple[str, ...]:
        with self._counting:
            return tuple(self._under_way)

    def _may_begin(self) -> bool:
        """Counts one more, if that is not too many."""
        with self._counting:
            if self._limit and self._begun >= self._limit:
                return False
            self._begun += 1
            return True

    def _count(self, begun: int = 0, ended: int = 0) -> None:
        with self._counting:
            self._begun += begun
            self.ended += ended

    def _do(self, job: Job) -> None:
        begun = time.monotonic()
        with self._counting:
            self._under_way.add(job.repository)
        try:
            outcome, reason = self._tried(job)
        finally:
            with self._counting:
                self._under_way.discard(job.repository)
        self._count(ended=outcome not in (WAITING, FAILED))
        self._heard(Event(job.repository, outcome, reason, time.monotonic() - begun))

    def _tried(self, job: Job) -> tuple[str, str]:
        try:
            return self._settled(job, self._handle(job.repository))
        except Stopped as stopped:
            self._jobs.wait(job, self._clock(), str(stopped))
            return WAITING, str(stopped)
        except NoCluster as lost:
            self._jobs.wait(job, self._clock(), str(lost))
            self._without(str(lost))
            return WAITING, str(lost)
        except _NO_LEDGER:
            raise
        except Exception as error:  # a mistake of ours, or poison: it costs this repository, not the sweep
            reason = redacted(f"{type(error).__name__}: {error}")
            return PARKED if self._jobs.failed(job, reason) else FAILED, reason

    def _settled(self, job: Job, result: Result) -> tuple[str, str]:
        if result.state == states.DEAD:
            self._jobs.dead(job, result.state, result.reason)
        elif result.state == states.WAITING:
            self._jobs.wait(job, result.not_before, result.reason)
            if result.limited and not self._stop.now.is_set():
                self._jobs.hold(result.not_before, result.reason, self._hold(job.repository))
        else:
            self._jobs.done(job, result.state, result.reason)
        return result.state, result.reason


class Tally(NamedTuple):
    """What became of a queue: how many repositories have each outcome, and those that a person should know of."""

    counts: dict[str, int]
    open_ends: tuple[Job, ...]


def tally(jobs: Jobs) -> Tally:
    """Of all repositories of the queue, also those that were handled before the sweep was killed and resumed."""
    counts: dict[str, int] = {}
    open_ends: list[Job] = []
    for job in jobs.all():
        outcome = job.outcome if job.state == DONE else job.state
        counts[outcome] = counts.get(outcome, 0) + 1
        if job.state != DONE:
            open_ends.append(job)
    return Tally(counts, tuple(open_ends))
