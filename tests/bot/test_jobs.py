"""The queue: what is begun, waits, fails and is taken over, in both databases."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from dslim.bot.database import Database
from dslim.bot.jobs import DEAD, DONE, LEASE, MOST, PARKED, RUNNING, WAITING, Job, Jobs


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(database: Database, clock: Clock) -> Jobs:
    jobs = Jobs(database, "nightly", clock)
    assert jobs.begin(["acme/b", "acme/a", "other/c", "acme/b"]) == 0
    return jobs


def taken(jobs: Jobs) -> Job:
    job = jobs.take()
    assert job is not None
    return job


def states(jobs: Jobs) -> list[tuple[str, str]]:
    return [(job.repository, job.state) for job in jobs.all()]


def test_in_the_order_of_the_file_and_each_once(queue: Jobs) -> None:
    for name in ("acme/b", "acme/a", "other/c"):
        job = taken(queue)
        assert job.repository == name
        queue.done(job, "open", "because")
    assert queue.take() is None and queue.next_time() is None
    assert [(job.state, job.outcome, job.reason) for job in queue.all()] == [(DONE, "open", "because")] * 3


def test_an_unfinished_queue_goes_on_and_a_finished_one_begins_anew(queue: Jobs) -> None:
    queue.done(taken(queue), "open")
    queue.dead(taken(queue), "dead", "archived")
    assert queue.begin(["acme/b", "acme/a", "other/c", "new/d"]) == 2
    assert states(queue) == [("acme/b", DONE), ("acme/a", DEAD), ("other/c", WAITING), ("new/d", WAITING)]
    queue.done(taken(queue))
    queue.done(taken(queue))
    assert queue.begin(["acme/b", "acme/a"]) == 0
    assert states(queue) == [("acme/b", WAITING), ("acme/a", WAITING)]


def test_a_repository_that_left_the_file_leaves_the_queue(queue: Jobs) -> None:
    queue.begin(["other/c"])
    assert states(queue) == [("other/c", WAITING)]


def test_queues_do_not_know_each_other(queue: Jobs, database: Database, clock: Clock) -> None:
    other = Jobs(database, "events", clock)
    assert other.take() is None
    other.want("acme/a")
    assert taken(other).repository == "acme/a"
    assert len(queue.all()) == 3


def test_what_waits_is_not_taken_before_its_time(queue: Jobs, clock: Clock) -> None:
    job = taken(queue)
    queue.wait(job, clock.now + 100, "the forge asked us to wait")
    queue.done(taken(queue))
    queue.done(taken(queue))
    assert queue.take() is None and queue.next_time() == clock.now + 100
    clock.now += 100
    assert taken(queue)._replace(taken=0, until=0, owner="") == job._replace(
        reason="the forge asked us to wait", not_before=1100.0, taken=0, until=0, owner=""
    ), "waiting was no attempt"


def test_poison_is_parked_after_five_attempts_and_the_others_go_on(queue: Jobs, clock: Clock) -> None:
    tries, others = 0, 0
    while (soon := queue.next_time()) is not None:
        clock.now = max(clock.now, soon)
        job = taken(queue)
        if job.repository == "acme/a":
            tries += 1
            assert queue.failed(job, "it hurts") == (tries == MOST)
        else:
            others += 1
            queue.done(job)
    assert (tries, others) == (5, 2)
    assert [(job.state, job.reason) for job in queue.all() if job.repository == "acme/a"] == [(PARKED, "it hurts")]
    queue.begin(["acme/a"])
    assert queue.failed(taken(queue), "it still hurts"), "one try in the next sweep, not five"


def test_each_failure_waits_longer(queue: Jobs, clock: Clock) -> None:
    queue.begin(["acme/a"])
    waits = []
    for _ in range(MOST - 1):
        queue.failed(taken(queue), "")
        soon = queue.next_time()
        assert soon is not None
        waits.append(soon - clock.now)
        clock.now = soon
    assert waits == [30, 60, 120, 240]


def test_a_lease_that_ran_out_is_taken_over_and_counts(database: Database, queue: Jobs, clock: Clock) -> None:
    theirs = Jobs(database, "nightly", clock, owner="another-machine/1/x")
    for attempt in range(1, MOST + 1):
        job = taken(theirs)
        assert (job.repository, job.attempts) == ("acme/b", attempt)
        clock.now += LEASE - 1
        assert all(job.repository != "acme/b" or job.state == RUNNING for job in queue.all())
        clock.now += 2
        theirs = Jobs(database, "nightly", clock, owner=f"another-machine/1/{attempt}")
    queue.done(taken(queue))
    queue.done(taken(queue))
    assert queue.take() is None
    assert states(queue)[0] == ("acme/b", PARKED), "what kills the bot each time is poison too"


def test_who_lost_the_lease_ends_nothing(database: Database, queue: Jobs, clock: Clock) -> None:
    slow = Jobs(database, "nightly", clock, owner="another-machine/1/x")
    job = taken(slow)
    clock.now += LEASE + 1
    assert taken(queue).repository == job.repository
    slow.done(job, "open")
    slow.failed(job, "late")
    assert states(queue)[0] == ("acme/b", RUNNING)


def test_a_lease_that_is_renewed_stays(database: Database, queue: Jobs, clock: Clock) -> None:
    theirs = Jobs(database, "nightly", clock, owner="another-machine/1/x")
    job = taken(theirs)
    for _ in range(5):
        clock.now += LEASE - 1
        theirs.renew([job.repository])
    assert taken(queue).repository != job.repository


@pytest.mark.parametrize("number", ["gone", "ours"])
def test_a_killed_bot_of_this_machine_is_not_waited_for(
    queue: Jobs, database: Database, clock: Clock, number: str
) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    pid = child.pid if number == "gone" else os.getpid()
    killed = Jobs(database, "nightly", clock, owner=f"{socket.gethostname()}/{pid}/x")
    first = taken(killed)
    again = taken(queue)
    assert (again.repository, again.attempts, again.reason) == (
        first.repository,
        2,
        "the bot died while it worked on it",
    )


def test_a_bot_that_lives_keeps_its_lease(queue: Jobs, database: Database, clock: Clock) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    theirs = Jobs(database, "nightly", clock, owner=f"{socket.gethostname()}/{child.pid}/x")
    first = taken(theirs)
    assert taken(queue).repository != first.repository
    child.communicate(b"\n")


def test_wanted_again_while_it_runs(queue: Jobs, clock: Clock) -> None:
    job = taken(queue)
    clock.now += 1
    queue.want("acme/b")
    assert states(queue)[0] == ("acme/b", RUNNING)
    queue.done(job, "open")
    assert states(queue)[0] == ("acme/b", WAITING)
    again = next(job for job in iter(queue.take, None) if job.repository == "acme/b")
    queue.done(again, "open")
    assert states(queue)[0] == ("acme/b", DONE)
    queue.want("acme/b", delay=5)
    assert states(queue)[0] == ("acme/b", WAITING)
    assert "acme/b" not in [job.repository for job in iter(queue.take, None)]


def test_a_limit_holds_all_that_share_it(queue: Jobs, clock: Clock) -> None:
    queue.hold(clock.now + 100, "limit", "acme/")
    assert taken(queue).repository == "other/c"
    assert queue.take() is None
    assert {job.not_before for job in queue.all() if job.repository.startswith("acme/")} == {clock.now + 100}


def test_many_takers_and_nothing_twice(open_database: Callable[[], Database]) -> None:
    names = [f"acme/r{number}" for number in range(60)]
    Jobs(open_database(), "nightly").begin(names)
    handled: list[str] = []

    def work() -> None:
        jobs = Jobs(open_database(), "nightly", owner=f"m/1/{threading.get_ident()}")
        while job := jobs.take():
            handled.append(job.repository)
            jobs.done(job)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(handled) == sorted(names)
