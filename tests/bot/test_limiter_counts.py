"""How many pull requests and comments go out in a minute and an hour, with many threads that want to write."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import pytest

from dslim.bot.database import Database
from dslim.bot.forge.trouble import RateLimited
from dslim.bot.limiter import PER_HOUR, PER_MINUTE, Limiter


class Clock:
    """Goes on while a limiter sleeps, and when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def written(limiter: Limiter, clock: Clock, until: float) -> list[float]:
    """When writes went out, as fast as they were let."""
    times: list[float] = []
    while clock.now < until:
        try:
            limiter.pass_(True, content=True)
        except RateLimited as limited:
            assert limited.not_before > clock.now
            clock.now = limited.not_before
            continue
        times.append(clock.now)
    return times


def test_what_github_asks_for() -> None:
    assert (PER_MINUTE, PER_HOUR) == (80, 500)


def test_never_more_than_a_minute_and_an_hour_allow(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a fifth of the numbers, which are for writing fewer rows here."""
    for name, most in (("PER_MINUTE", PER_MINUTE // 5), ("PER_HOUR", PER_HOUR // 5)):
        monkeypatch.setattr(f"dslim.bot.limiter.{name}", most)
    clock = Clock()
    times = written(Limiter(database, "bot", 0.1, clock, clock.sleep), clock, clock.now + 2 * 3600)
    for seconds, most in ((60, PER_MINUTE // 5), (3600, PER_HOUR // 5)):
        within = [bisect_left(times, time + seconds) - nth for nth, time in enumerate(times)]
        assert max(within) <= most
    assert len(times) >= 2 * (PER_HOUR // 5), "and no fewer than that"


def test_who_comes_a_little_early_waits_and_who_comes_much_too_early_is_sent_away(database: Database) -> None:
    clock = Clock()
    limiter = Limiter(database, "bot", 0.0, clock, clock.sleep)
    for _ in range(PER_MINUTE):
        limiter.pass_(True, content=True)
    with pytest.raises(RateLimited, match=f"{PER_MINUTE} writes in 60 s are enough"):
        limiter.pass_(True, content=True)
    clock.now += 56
    limiter.pass_(True, content=True)
    assert clock.now == 1_000_060.0


def test_two_that_wait_do_not_get_the_same_turn(open_database: Callable[[], Database]) -> None:
    clock = Clock()
    slept: list[float] = []
    one, other = (Limiter(open_database(), "bot", 1.0, clock, slept.append) for _ in range(2))
    one.pass_(True, content=True)
    other.pass_(True, content=True)
    one.pass_(True, content=True)
    assert slept == [1.0, 2.0]
