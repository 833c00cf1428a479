"""A sweep with a handler of the test: threads, stopping, waiting, poison, and planning in processes that die."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from dslim.bot import states
from dslim.bot.config import default
from dslim.bot.database import Database
from dslim.bot.fleet import NoCluster, Planner, Poison
from dslim.bot.jobs import DEAD, DONE, PARKED, WAITING, Job, Jobs
from dslim.bot.names import BadList, is_name, repositories
from dslim.bot.plan import Plan, Snapshot, Source
from dslim.bot.run import Result
from dslim.bot.stopping import Stop, StoppableLimiter, Stopped
from dslim.bot.sweep import Event, Sweep, tally

NAMES = [f"acme/r{number}" for number in range(30)]


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    queue = Jobs(Database(str(tmp_path / "ledger.sqlite")), "nightly")
    queue.begin(NAMES)
    return queue


def opened(name: str) -> Result:
    return Result(name, states.OPEN)


def test_each_once_whatever_the_width(jobs: Jobs) -> None:
    seen: Counter[str] = Counter()
    heard: list[Event] = []

    def handle(name: str) -> Result:
        seen[name] += 1
        return opened(name)

    work = Sweep(jobs, handle, Stop(), heard.append)
    assert work.run(5) == ""
    assert seen == Counter(NAMES) and work.ended == 30
    assert sorted(event.repository for event in heard) == sorted(NAMES)
    assert tally(jobs) == ({states.OPEN: 30}, ())


def test_a_limit_is_kept_and_the_next_run_goes_on(jobs: Jobs) -> None:
    seen: list[str] = []

    def handle(name: str) -> Result:
        seen.append(name)
        return opened(name)

    for run in (1, 2, 3):
        work = Sweep(jobs, handle, Stop(), limit=10)
        assert work.run(4) == ""
        assert (work.ended, len(seen)) == (10, 10 * run)
    assert sorted(seen) == sorted(NAMES)


def test_dead_waiting_and_limited(jobs: Jobs) -> None:
    later = time.time() + 5000

    def handle(name: str) -> Result:
        if name == "acme/r0":
            return Result(name, states.DEAD, "archived")
        if name == "acme/r1":
            return Result(name, states.WAITING, "another bot works on it", later)
        if name == "acme/r2":
            return Result(name, states.WAITING, "limit", later, limited=True)
        return opened(name)

    jobs.begin([*NAMES[:3], "other/x", "acme/y"])
    Sweep(jobs, handle, Stop(), hold=lambda name: name.partition("/")[0] + "/", patience=10).run(1)
    found = {job.repository: (job.state, job.reason) for job in jobs.all()}
    assert found == {
        "acme/r0": (DEAD, "archived"),
        "acme/r1": (WAITING, "another bot works on it"),
        "acme/r2": (WAITING, "limit"),
        "other/x": (DONE, ""),
        "acme/y": (WAITING, "limit"),
    }


def test_it_waits_for_what_comes_soon(jobs: Jobs) -> None:
    jobs.begin(["acme/r0"])
    times: list[float] = []

    def handle(name: str) -> Result:
        times.append(time.time())
        return Result(name, states.WAITING, "soon", times[0] + 0.5) if len(times) == 1 else opened(name)

    Sweep(jobs, handle, Stop()).run(2)
    assert times[1] - times[0] >= 0.5
    assert tally(jobs).counts == {states.OPEN: 1}


def test_a_mistake_of_ours_costs_one_repository(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dslim.bot.jobs._BACKOFF", 0.01)

    def handle(name: str) -> Result:
        if name == "acme/r7":
            raise RuntimeError("token ghp_0123456789abcdefghij in it")
        return opened(name)

    Sweep(jobs, handle, Stop()).run(3)
    counts, (bad,) = tally(jobs)
    assert counts == {states.OPEN: 29, PARKED: 1}
    assert (bad.repository, bad.attempts, bad.reason) == ("acme/r7", 5, "RuntimeError: token [secret] in it")


def test_a_signal_ends_it_and_nothing_is_lost(jobs: Jobs) -> None:
    stop = Stop(grace=30)
    seen: list[str] = []

    def handle(name: str) -> Result:
        seen.append(name)
        if len(seen) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        if len(seen) >= 5:  # the main thread hears the signal when its turn comes
            stop.asked.wait(60)
        return opened(name)

    before = signal.getsignal(signal.SIGTERM)
    with stop.by_signals():
        why = Sweep(jobs, handle, stop).run(3)
    assert signal.getsignal(signal.SIGTERM) is before
    assert why == "stopped; the same command goes on"
    assert 5 <= len(seen) <= 7, "what was under way was finished, nothing new begun"
    states_ = Counter(job.state for job in jobs.all())
    assert states_ == {DONE: len(seen), WAITING: 30 - len(seen)}
    rest: list[str] = []

    def go_on(name: str) -> Result:
        rest.append(name)
        return opened(name)

    assert jobs.begin(NAMES) == len(seen)
    Sweep(jobs, go_on, Stop()).run(3)
    assert sorted(seen + rest) == sorted(NAMES)


def test_after_the_grace_what_is_under_way_is_given_back(jobs: Jobs, tmp_path: Path) -> None:
    stop = Stop(grace=0.1)
    limiter = StoppableLimiter(stop, Database(str(tmp_path / "ledger.sqlite")), "bot", gap=1000)
    limiter.pass_(True)

    def handle(name: str) -> Result:
        stop.ask()
        limiter.pass_(True)  # the next write would be in 1000 s
        raise AssertionError("it was let through")

    jobs.begin(["acme/r0"])
    begun = time.monotonic()
    Sweep(jobs, handle, stop).run(1)
    assert time.monotonic() - begun < 20
    (job,) = jobs.all()
    assert (job.state, job.attempts) == (WAITING, 0), "no attempt was lost"


def test_two_requests_end_it_at_once() -> None:
    stop = Stop(grace=1000)
    stop.ask()
    stop.check()
    stop.ask()
    with pytest.raises(Stopped):
        stop.check()


class Away:
    """A method that fails some times before it works."""

    def __init__(self, works: Callable[[], Job | None], times: int) -> None:
        self._works = works
        self.times = times

    def __call__(self) -> Job | None:
        self.times -= 1
        if self.times >= 0:
            raise OperationalError("UPDATE", {}, RuntimeError("disk full\nwith a long story"))
        return self._works()


def test_a_sweep_without_a_ledger_ends_and_says_so(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "take", Away(jobs.take, 1))
    stop = Stop()
    assert "the ledger is out of order: (builtins.RuntimeError) disk full" in Sweep(jobs, opened, stop).run(3)
    assert not stop.asked.is_set(), "who else runs here goes on"


def test_a_server_waits_for_its_ledger(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dslim.bot.sweep._TROUBLED", 0.01)
    monkeypatch.setattr(jobs, "take", Away(jobs.take, 9))
    stop = Stop()

    def handle(name: str) -> Result:
        if name == NAMES[-1]:
            stop.ask()
        return opened(name)

    Sweep(jobs, handle, stop).run(2, forever=True)
    assert tally(jobs).counts[states.OPEN] >= 29


def test_a_cluster_that_goes_costs_no_attempt(jobs: Jobs) -> None:
    def handle(name: str) -> Result:
        raise NoCluster("the Dask cluster was lost")

    assert Sweep(jobs, handle, Stop()).run(2) == "the Dask cluster was lost"
    assert {(job.state, job.attempts) for job in jobs.all()} == {(WAITING, 0)}


# planning in processes


def a_snapshot(content: bytes = b"FROM debian\nRUN apt-get update && apt-get install -y curl\n") -> Snapshot:
    return Snapshot((), (Source("Dockerfile", "100644", content),), {}, default())


def deadly(snapshot: Snapshot) -> Plan:
    if b"poison" in snapshot.sources[0].content:
        os._exit(9)
    time.sleep(0.05)
    return Plan()


def endless(snapshot: Snapshot) -> Plan:
    time.sleep(1000 if b"poison" in snapshot.sources[0].content else 0)
    return Plan()


def wrong(snapshot: Snapshot) -> NoReturn:
    raise LookupError("a mistake of ours")


def test_a_plan_made_elsewhere_is_the_same() -> None:
    from dslim.bot.plan import plan

    with Planner(1) as planner:
        made = planner(a_snapshot())
    assert made == plan(a_snapshot()) and made.proposals


def test_poison_brings_down_only_its_own_plan() -> None:
    made: list[Plan] = []
    troubles: list[str] = []

    def ask(planner: Planner, content: bytes) -> None:
        try:
            made.append(planner(a_snapshot(content)))
        except Poison as error:
            troubles.append(str(error))

    with Planner(2, work=deadly) as planner:
        threads = [threading.Thread(target=ask, args=(planner, text)) for text in (b"a", b"poison", b"b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ask(planner, b"afterwards")
    assert made == [Plan()] * 3
    assert troubles == ["the process that planned it died; is there enough memory?"]


@pytest.mark.thorough
def test_a_plan_that_does_not_end_is_poison() -> None:
    with Planner(1, work=endless, longest=3) as planner:
        with pytest.raises(Poison, match="took longer than 3 s"):
            planner(a_snapshot(b"poison"))
        assert planner(a_snapshot(b"fine")) == Plan()


def test_a_mistake_in_a_plan_arrives() -> None:
    with Planner(1, work=wrong) as planner, pytest.raises(LookupError, match="a mistake of ours"):
        planner(a_snapshot())


def test_planning_ends_when_we_are_to_end() -> None:
    stop = Stop()
    with Planner(1, stop=stop, work=endless) as planner:
        for seconds in (0.9, 1):
            threading.Timer(seconds, stop.ask).start()
        with pytest.raises(Stopped):
            planner(a_snapshot(b"poison"))


def test_no_cluster_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dslim.bot.fleet._ANSWER", 0.5)
    with pytest.raises(NoCluster, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1\b"):
        Planner(cluster="tcp://127.0.0.1:1")


# lists


def test_a_list_of_repositories(tmp_path: Path) -> None:
    file = tmp_path / "repos.txt"
    file.write_text("\ufeff# ours\nacme/api\n\n  Acme/API  # again\ngroup/sub/web.app\r\n")
    assert repositories(str(file)) == ("acme/api", "group/sub/web.app")


@pytest.mark.parametrize("line", ["acme", "acme/..", "../x/y", "a b/c", "acme/a?b", "-x/y", "acme//x", "é/x"])
def test_a_line_that_is_no_repository(tmp_path: Path, line: str) -> None:
    file = tmp_path / "repos.txt"
    file.write_text(f"acme/api\n{line}\n")
    with pytest.raises(BadList, match=r"repos\.txt:2: .* write owner/name, or a URL"):
        repositories(str(file))


def test_addresses_are_names(tmp_path: Path) -> None:
    file = tmp_path / "repos.txt"
    file.write_text("https://host/x.git\ngit@host:x.git\n/srv/git/x\n")
    assert len(repositories(str(file))) == 3


def test_a_missing_list(tmp_path: Path) -> None:
    with pytest.raises(BadList, match="no such file"):
        repositories(str(tmp_path / "none"))


def test_names_that_could_lead_elsewhere() -> None:
    assert [is_name(name) for name in ("a/b", "a/./b", "a/b/..", "a/b\n", "/a/b", "a/b/")] == [True] + [False] * 5
