"""No request before its time, by a clock of the test's own."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path

import pytest

from dslim.bot.database import Database
from dslim.bot.forge.trouble import RateLimited
from dslim.bot.limiter import PER_HOUR, PER_MINUTE, Limiter, wait_told

NOW = 1_800_000_000.0


class Clock:
    """Stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(str(tmp_path / "ledger.db"))


def limiter(database: Database, clock: Clock, name: str = "one", gap: float = 1.0) -> Limiter:
    return Limiter(database, name, gap, clock, clock.sleep)


def opens(one: Limiter) -> float:
    """Seconds until a request is let through; 0 for at once."""
    try:
        one.pass_()
    except RateLimited as error:
        return error.not_before - NOW
    return 0.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"Retry-After": formatdate(NOW + 90, usegmt=True)}, 90.0),
        ({"Retry-After": formatdate(NOW - 90, usegmt=True)}, 1.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 30)}, 31.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) - 30)}, 1.0),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": str(int(NOW) + 30)}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, None),
        ({"Retry-After": "later"}, None),
        ({}, None),
    ],
)
def test_what_an_answer_says(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_told(headers, NOW) == seconds


def test_the_forges_clock_counts() -> None:
    """Ours is an hour slow: what lies an hour ahead of us is now."""
    headers = {"Date": formatdate(NOW + 3600, usegmt=True), "X-RateLimit-Remaining": "0"}
    assert wait_told({**headers, "X-RateLimit-Reset": str(int(NOW) + 3610)}, NOW) == 11.0
    assert wait_told({**headers, "Retry-After": formatdate(NOW + 3620, usegmt=True)}, NOW) == 20.0


def test_a_refusal_holds_for_all_of_the_installation_and_outlives_us(database: Database, clock: Clock) -> None:
    one, other = limiter(database, clock), limiter(database, clock, "other")
    assert one.refused({"retry-after": "20"}) == NOW + 20
    again = limiter(Database(str(database.engine.url)), clock)
    assert (opens(one), opens(again), opens(other)) == (20.0, 20.0, 0.0)
    clock.now += 20
    assert opens(again) == 0.0


def test_an_earlier_time_does_not_shorten_a_wait(database: Database, clock: Clock) -> None:
    one = limiter(database, clock)
    one.refused({"retry-after": "50"})
    one.refused({"retry-after": "2"})
    assert opens(one) == 50.0


def test_untold_waits_double_and_begin_anew(database: Database, clock: Clock) -> None:
    one = limiter(database, clock)
    waits = []
    for _ in range(8):
        waits.append(one.refused({}) - clock.now)
        clock.now += waits[-1]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    one.accepted()
    assert one.refused({}) - clock.now == 60


def test_writes_have_a_second_between_them(database: Database, clock: Clock) -> None:
    one, same = limiter(database, clock), limiter(database, clock)
    for each in (one, same, one):
        each.pass_(writes_=True)
    assert clock.slept == [1.0, 1.0]
    one.pass_()
    assert len(clock.slept) == 2


def test_what_people_are_told_of_is_counted(database: Database, clock: Clock) -> None:
    one = limiter(database, clock, gap=0)
    for _ in range(PER_MINUTE):
        one.pass_(True, content=True)
    with pytest.raises(RateLimited) as error:
        one.pass_(True, content=True)
    assert error.value.not_before == NOW + 60
    one.pass_(True)  # of a branch nobody is told


def test_an_hour_has_its_most(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PER_HOUR == 500
    monkeypatch.setattr("dslim.bot.limiter.PER_HOUR", 70)
    one = limiter(database, clock, gap=0)
    for _ in range(70):
        one.pass_(True, content=True)
        clock.now += 1
    with pytest.raises(RateLimited) as error:
        one.pass_(True, content=True)
    assert error.value.not_before == NOW + 3600
    clock.now = NOW + 3601
    one.pass_(True, content=True)
