"""Hard case 19: a sweep is killed and taken up again, and a repository kills it. `make bot` has a thousand of them."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dslim.bot import sweeping
from dslim.bot.database import Database
from dslim.bot.forge.github_installed import installed
from dslim.bot.jobs import DEAD, DONE, PARKED, Jobs
from dslim.bot.tools import Where
from tests.bot import poison
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import APP, TOKENS, app, app_key, seed
from tests.bot.counterparts.wire import Answer, Fault, Request
from tests.bot.process import Process
from tests.bot.robot import FILES, the_pull

KILLED = -9
NAMES = [f"acme/r{number}" for number in range(8)]


class Place:
    """A list of repositories, a ledger, and the command that works on them."""

    def __init__(self, forge: Forge, folder: Path) -> None:
        self.forge = forge
        self.list = folder / "repos.txt"
        self.ledger = folder / "ledger.sqlite"
        self.list.write_text("\n".join(NAMES))
        for name in NAMES:
            forge.world.repository(name, FILES)

    @contextmanager
    def sweep(self, *words: str) -> Iterator[Process]:
        repos = ["bot", "sweep", "--repos", str(self.list), "--gap", "0", "--jobs", "2", *words]
        process = Process(self.forge, self.ledger, words=repos)
        try:
            yield process
        finally:
            process.kill()

    def finish(self, *words: str) -> Process:
        with self.sweep(*words) as process:
            assert process.wait(120) == 0, process.said
        return process

    def here(self, dry: bool = False) -> int:
        """Without a process of its own."""
        asked = sweeping.Asked(str(self.list), "github", self.forge.shim.url, str(self.ledger), gap=0, dry=dry)
        return sweeping.sweep(asked)

    def pulls(self) -> Counter[str]:
        """How many requests for a pull request each repository saw."""
        return Counter("/".join(call.target.split("/")[2:4]) for call in self.forge.shim.like("POST .*/pulls$"))


@pytest.fixture
def place(forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DSLIM_GITHUB_TOKEN", TOKENS["bot"])
    return Place(forge, tmp_path)


def test_case_19_killed_at_40_percent_and_taken_up_again(place: Place) -> None:
    with place.sweep() as first:
        killing = Fault("POST .*/pulls$", drop=True, after=True, skip=len(NAMES) * 4 // 10, then=first.kill)
        place.forge.shim.faults.append(killing)
        assert first.wait(120) == KILLED, first.said
    done = len(place.pulls())
    assert len(NAMES) * 4 // 10 <= done <= len(NAMES) * 7 // 10
    second = place.finish()
    assert "goes on: " in second.said and f"{len(NAMES)} repositories: {len(NAMES)} open" in second.said
    assert place.pulls() == Counter(NAMES), "no repository was asked for a pull request twice"
    for name in NAMES:
        the_pull(place.forge, name)
    place.forge.shim.calls.clear()
    place.finish()
    assert place.forge.shim.writes == []
    assert Counter(call.method for call in place.forge.shim.calls) == {"GET": len(NAMES)}, "one request each"


@pytest.mark.thorough
def test_case_19_asked_to_end_it_ends_well(place: Place) -> None:
    with place.sweep() as first:
        pid = first.pid
        place.forge.shim.faults.append(Fault("POST .*/pulls$", skip=3, then=lambda: os.kill(pid, signal.SIGTERM)))
        assert first.wait(120) == 1, first.said
    assert "stopped; the same command goes on" in first.said
    assert 4 <= len(place.pulls()) <= 6
    assert all(len(place.forge.world.branches(name)) == 1 + place.pulls()[name] for name in NAMES), "nothing half done"
    place.finish()
    assert place.pulls() == Counter(NAMES)


def test_case_19_what_kills_the_planning_is_parked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dslim.bot.jobs._BACKOFF", 0.01)
    monkeypatch.setattr(sweeping, "Planner", poison.planner)
    place.list.write_text("\n".join(NAMES[:4]))
    place.forge.world.push(NAMES[1], "main", {"Dockerfile": poison.DEADLY})
    assert place.here() == 0
    assert place.pulls() == Counter([NAMES[0], NAMES[2], NAMES[3]])
    bad = next(job for job in the_queue(place).all() if job.repository == NAMES[1])
    assert (bad.state, bad.attempts) == (PARKED, 5)
    assert bad.reason == "Poison: the process that planned it died; is there enough memory?"


@pytest.mark.thorough
def test_case_19_what_kills_the_sweep_itself_is_parked(place: Place) -> None:
    names = NAMES[:4]
    place.list.write_text("\n".join(names))
    for _ in range(5):
        with place.sweep("--jobs", "1") as process:
            place.forge.shim.faults[:] = [Fault(f"GET /repos/{names[1]}/git/trees", drop=True, then=process.kill)]
            assert process.wait(120) == KILLED
    place.finish()
    assert place.pulls() == Counter([names[0], names[2], names[3]])
    states = {job.repository: job.state for job in the_queue(place).all()}
    assert states == {names[0]: DONE, names[1]: PARKED, names[2]: DONE, names[3]: DONE}


def test_a_dry_run_writes_nothing_and_remembers_nothing(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert place.here(dry=True) == 0
    assert place.forge.shim.writes == []
    assert capfd.readouterr().err.count("would POST /repos/acme/") >= len(NAMES)
    assert the_queue(place).all() == ()


@pytest.mark.thorough
def test_a_limit_holds_the_sweep_and_nothing_asks_before_its_time(place: Place) -> None:
    place.forge.shim.faults.append(Fault("POST .*/pulls$", 403, "You have exceeded a secondary rate limit",
                                         {"retry-after": "3"}, skip=2))  # fmt: skip
    assert place.here() == 0
    calls = place.forge.shim.calls
    limited = next(call for call in calls if call.status == 403)
    after = [call.at for call in calls if call.at > limited.at + 0.5]
    assert min(after) >= limited.at + 3
    assert place.pulls() == Counter(NAMES) + Counter(["/".join(limited.target.split("/")[2:4])])


def the_queue(place: Place) -> Jobs:
    where = Where("github", place.forge.shim.url)
    return Jobs(Database(str(place.ledger)), sweeping._name(str(place.list), where))


@pytest.fixture
def as_app(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> Forge:
    """The bot is the App ``dslim``, installed on all of ``acme``."""
    forge.restart(seed(apps=[app()]))
    for name in NAMES[:3]:
        forge.world.repository(name, FILES)
    monkeypatch.delenv("DSLIM_GITHUB_TOKEN", raising=False)
    monkeypatch.setenv("DSLIM_GITHUB_APP_ID", str(APP))
    monkeypatch.setenv("DSLIM_GITHUB_APP_KEY", app_key())
    return forge


def test_a_sweep_as_an_app(as_app: Forge, tmp_path: Path) -> None:
    """An owner that the App is not installed on costs nobody else anything."""
    (tmp_path / "repos.txt").write_text("\n".join([NAMES[0], "stranger/x", *NAMES[1:3]]))
    asked = sweeping.Asked(str(tmp_path / "repos.txt"), "github", as_app.shim.url, str(tmp_path / "ledger"), gap=0)
    assert sweeping.sweep(asked) == 0
    jobs = Jobs(Database(asked.ledger), sweeping._name(asked.repos, Where("github", asked.api))).all()
    assert [(job.state, job.outcome) for job in jobs] == [
        (DONE, "open"),
        (DEAD, "dead"),
        (DONE, "open"),
        (DONE, "open"),
    ]
    assert "not installed there" in jobs[1].reason
    assert {one["user"]["login"] for name in NAMES[:3] for one in as_app.world.pulls(name)} == {"dslim[bot]"}


def test_what_an_app_is_installed_on(as_app: Forge) -> None:
    """emulate does not list them; the answer is that of GitHub's documentation."""
    github = as_app.shim.github
    answer = github.answer

    def listed(request: Request) -> Answer:
        if request.path != "/installation/repositories":
            return answer(request)
        found = [as_app.world.call("GET", f"/repos/{name}") for name in NAMES[:3]]
        kind = {"content-type": "application/json"}
        return Answer(200, kind, b"").with_json({"total_count": len(found), "repositories": found})

    vars(github)["answer"] = listed
    assert sorted(installed(as_app.shim.url)) == NAMES[:3]
    assert sorted(call.target.partition("?")[0] for call in as_app.shim.calls) == [
        "/app/installations", "/app/installations/100/access_tokens", "/installation/repositories",
    ]  # fmt: skip
