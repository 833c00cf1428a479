"""No request before its time: one limiter for each installation (or token), in the ledger, so that it outlives us.

The order is GitHub's: ``Retry-After``, else ``X-RateLimit-Reset`` when nothing remains, else a minute, doubled each time.
Nobody sleeps on it for long: whoever comes too early is told when to come back, and its work is parked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection, delete, insert, select

from dslim.bot.database import Database, limits, writes
from dslim.bot.forge.trouble import RateLimited

#: what one installation may make, from GitHub's documentation of its secondary limits: in a minute, in an hour
PER_MINUTE, PER_HOUR = 80, 500
_LEAST = 1.0  # seconds that any wait lasts
_UNTOLD = 60.0  # seconds to wait where the forge does not say how long, the first time
_LONGEST = 3600.0
_FARTHEST = 86_400.0  # a forge that names a time behind this one is mistaken, and would be asked nothing for years
_PATIENCE = 5.0  # seconds that a write waits for its turn before its work is parked


class Limiter:
    """Shared by all that use one token. ``gap`` is the least number of seconds between two writes."""

    def __init__(
        self,
        database: Database,
        installation: str,
        gap: float = 1.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._installation = installation
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._struck = False  # when we looked last

    def pass_(self, writes_: bool = False, content: bool = False) -> None:
        """Called before each request; ``content`` is what people are notified of (a pull request, a comment).

        Raises:
            RateLimited: not yet.
        """
        wait = self._booked(writes_, content)
        if wait > 0:
            self._sleep(wait)

    def _booked(self, writing: bool, content: bool) -> float:
        """Seconds until our turn. A write is booked when it is allowed, so that two of us never have the same turn."""
        now = self._clock()
        with self._database.transaction() as there:
            row = there.execute(select(limits).where(limits.c.installation == self._installation)).first()
            self._struck = row is not None and row.strikes > 0
            if row is not None and row.not_before > now:
                raise RateLimited("the forge asked us to wait", row.not_before)
            if not writing:
                return 0.0
            turn = max(now, (row.wrote_at if row is not None else 0.0) + self._gap)
            if content:
                turn = self._counted(there, now, turn)
            strikes = row.strikes if row is not None else 0
            self._database.upsert(there, limits, installation=self._installation, strikes=strikes, wrote_at=turn)
            return float(turn - now)

    def _counted(self, there: Connection, now: float, turn: float) -> float:
        """When so few were written before that one more is allowed; a turn that is soon is booked and waited for."""
        mine = writes.c.installation == self._installation
        there.execute(delete(writes).where(mine & (writes.c.at < now - 3600)))
        for seconds, most in ((60.0, PER_MINUTE), (3600.0, PER_HOUR)):
            newest_first = select(writes.c.at).where(mine).order_by(writes.c.at.desc())
            before = there.execute(newest_first.offset(most - 1).limit(1)).scalar()
            if before is None:
                continue
            if before + seconds > now + _PATIENCE:
                raise RateLimited(f"{most} writes in {seconds:.0f} s are enough", before + seconds)
            turn = max(turn, before + seconds)
        there.execute(insert(writes).values(installation=self._installation, at=turn))
        return turn

    def refused(self, headers: Mapping[str, str]) -> float:
        """The forge said "not so fast". Remembers until when, and returns that time (seconds since 1970)."""
        now = self._clock()
        told = wait_told(headers, now)
        with self._database.transaction() as there:
            row = there.execute(select(limits).where(limits.c.installation == self._installation)).first()
            strikes = row.strikes if row is not None else 0
            wait = told if told is not None else min(_UNTOLD * 2**strikes, _LONGEST)
            self._struck = True
            until = max(now + min(max(wait, _LEAST), _FARTHEST), row.not_before if row is not None else 0.0)
            self._database.upsert(there, limits, installation=self._installation, not_before=until, strikes=strikes + 1)
        return until

    def accepted(self) -> None:
        """A request went well: the next wait of unknown length begins with a minute again. Mostly there is nothing to forget."""
        if not self._struck:
            return
        with self._database.transaction() as there:
            row = there.execute(select(limits).where(limits.c.installation == self._installation)).first()
            if row is not None and row.strikes:
                self._database.upsert(there, limits, installation=self._installation, strikes=0)


def wait_told(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait that an answer names; None when it names none.

    A point in time is held against the forge's own clock (its ``Date``), so that ours may be wrong.
    """
    said = {name.lower(): value for name, value in headers.items()}
    there = _date(said.get("date", "")) or now
    after = said.get("retry-after", "").strip()
    if after.isascii() and after.replace(".", "", 1).isdigit():
        return float(after)
    if (until := _date(after)) is not None:
        return max(until - there, _LEAST)
    reset = said.get("x-ratelimit-reset", "")
    if said.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(int(reset) - there + 1, _LEAST)  # in which part of that second is not said
    return None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError):
        return None
