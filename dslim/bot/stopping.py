"""Ending without losing anything: finish what is under way for a while, then give it back.

The first SIGTERM (or Ctrl-C) asks: nothing new is begun. When the grace is over, or at the second signal, the limiter lets no
request through any more (:class:`Stopped`), so that each repository under way ends at its next step; every step can be taken
up again by the next run.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dslim.bot.database import Database
from dslim.bot.forge.trouble import RateLimited
from dslim.bot.limiter import Limiter


class Stopped(RateLimited):
    """We are ending: this goes on with the next run."""

    def __init__(self) -> None:
        super().__init__("the bot was stopped; the next run goes on here", time.time())


class Stop:
    """Whether we are asked to end (``asked``), and whether at once (``now``). ``grace`` is in seconds."""

    def __init__(self, grace: float = 30.0) -> None:
        self.asked = threading.Event()
        self.now = threading.Event()
        self._grace = grace

    def ask(self) -> None:
        """Once: begin to end. Twice: end."""
        if self.asked.is_set():
            self.now.set()
            return
        self.asked.set()
        timer = threading.Timer(self._grace, self.now.set)
        timer.daemon = True
        timer.start()

    def check(self) -> None:
        """Raises Stopped when nothing more may be done."""
        if self.now.is_set():
            raise Stopped

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT ask, as long as this holds. Only in the main thread."""
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        for number in before:
            signal.signal(number, lambda *_: self.ask())
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class StoppableLimiter(Limiter):
    """A limiter that lets nothing through once we are to end at once."""

    def __init__(
        self,
        stop: Stop,
        database: Database,
        installation: str,
        gap: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(database, installation, gap, clock, sleep=self._slept)
        self._stop = stop

    def pass_(self, writes_: bool = False, content: bool = False) -> None:
        self._stop.check()
        super().pass_(writes_, content)

    def _slept(self, seconds: float) -> None:
        self._stop.now.wait(seconds)
        self._stop.check()
