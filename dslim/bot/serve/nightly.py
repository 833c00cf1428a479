"""Once a day everything is looked at, since webhooks get lost and nobody sends them again after three days."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dslim.bot.database import Database, about, repositories
from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.jobs import Jobs
from dslim.bot.logs import tell
from dslim.bot.stopping import Stop
from dslim.bot.sweep import Sweep

QUEUE = "nightly"
_LOOK = 60.0  # seconds between two looks at the clock


class Nightly:
    """``lists`` give names beside those that the ledger knows on ``host``; ``due`` the first time to sweep after one."""

    def __init__(
        self,
        database: Database,
        host: str,
        lists: Callable[[], Iterable[str]],
        due: Callable[[float], float],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._host = host
        self._lists = lists
        self._due = due
        self._clock = clock
        self.jobs = Jobs(database, QUEUE, clock)

    def keep_watch(self, work: Sweep, stop: Stop, width: int = 2) -> None:
        """Until we are to stop. What a sweep before us left undone, or missed, is begun at once."""
        while not stop.asked.is_set():
            try:
                if self.is_due() or self.jobs.next_time() is not None:
                    self.begin()
                    work.run(width)
            except SQLAlchemyError as error:
                tell(f"no nightly sweep: the ledger is out of order ({type(error).__name__})")
            stop.asked.wait(_LOOK)

    def is_due(self) -> bool:
        """Whether the time for the next sweep has come since the last one began."""
        return self._due(self._last()) <= self._clock()

    def begin(self) -> int:
        """Everything goes into the queue; returns how many that are."""
        names = {name.lower(): name for name in (*self._known(), *self._listed())}
        with self._database.transaction() as there:
            self._database.upsert(there, about, name=f"swept {self._host}", value=str(self._clock()))
        self.jobs.begin(names.values())
        tell(f"the nightly sweep begins: {len(names)} repositories", repositories=len(names))
        return len(names)

    def _listed(self) -> list[str]:
        try:
            return list(self._lists())
        except ForgeTrouble as error:
            tell(f"the nightly sweep is of known repositories alone: {error}")
            return []

    def _known(self) -> list[str]:
        query = select(repositories.c.name).where(repositories.c.host == self._host).order_by(repositories.c.looked_at)
        with self._database.transaction() as there:
            return list(there.execute(query).scalars())

    def _last(self) -> float:
        """When the last one began; a bot that is new has yet to learn of its repositories, and begins with the lists."""
        query = select(about.c.value).where(about.c.name == f"swept {self._host}")
        with self._database.transaction() as there:
            return float(there.execute(query).scalar() or 0.0)


def at_hours(cron: str) -> Callable[[float], float]:
    """The first time after another that a line of crontab(5) names, in UTC.

    Raises:
        ValueError: the line cannot be read.
    """
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        CronSim(cron, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no line of a crontab: {error}") from None

    def due(after: float) -> float:
        return float(next(CronSim(cron, datetime.fromtimestamp(after, UTC))).timestamp())

    return due
