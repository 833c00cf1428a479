"""One repository on a GitHub with state: what a run costs, what configuration changes, and what is told to whom."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dslim.bot import states
from dslim.bot.body import Proof
from dslim.bot.ledger import Ledger
from dslim.bot.plan import Proposal
from dslim.bot.run import Bot, handle
from dslim.bot.wishes import PAUSE, RULE, Wishes
from tests.bot.conftest import Forge
from tests.bot.robot import AFTER, BEFORE, FILES, NAME, Robot, ours, proposed, quiet, the_pull

TWO_RULES = BEFORE.replace(b"CMD", b"RUN pip install flask\nCMD")


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    return Robot(forge, tmp_path)


def configured(forge: Forge, text: str, files: dict[str, bytes] | None = None) -> None:
    forge.world.repository(NAME, {**FILES, **(files or {}), ".github/dslim.yml": text.encode()})


def test_what_a_run_asks_for(robot: Robot, forge: Forge) -> None:
    """The calls that bot.run makes are part of what it promises: a fleet pays for each."""
    forge.world.repository(NAME, FILES)
    forge.shim.calls.clear()
    proposed(robot)
    asked = [
        f"{call.method} {call.target.partition('?')[0].removeprefix(f'/repos/{NAME}')}" for call in forge.shim.calls
    ]
    head, blob = (call.target.rpartition("/")[2] for call in forge.shim.calls[2:4])
    branch = ours(forge)[0]
    assert asked[: asked.index("POST /issues/1/labels") + 1] == [
        "GET ",
        "GET /git/ref/heads/main",
        f"GET /git/trees/{head.partition('?')[0]}",
        f"GET /git/blobs/{blob}",
        "GET /user",
        "GET /pulls",  # open ones of a lost ledger
        "GET /pulls",  # all of this branch
        "GET /pulls",  # how many are open
        f"GET /git/ref/heads/{branch}",
        "POST /git/trees",
        "POST /git/commits",
        "POST /git/refs",
        "POST /pulls",
        "POST /issues/1/labels",
    ]


def test_an_unchanged_repository_costs_one_request(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    proposed(robot)
    sweep = robot.bot._replace(look=False)
    forge.shim.calls.clear()
    result = handle(sweep, NAME)
    assert (result.state, len(forge.shim.calls)) == (states.OPEN, 1)
    robot.later(hours=21)  # once in a while it is looked at again
    handle(sweep, NAME)
    assert len(forge.shim.calls) > 2 and not forge.shim.writes
    forge.world.push(NAME, "main", {"README.md": b"more"})
    forge.shim.calls.clear()
    assert handle(sweep, NAME).state == states.OPEN
    assert len(forge.shim.calls) > 2 and not forge.shim.writes


def test_where_nothing_can_happen_nobody_looks_again(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {"README.md": b"# api\n"})
    robot.run()
    robot.later(hours=1000)
    forge.shim.calls.clear()
    assert handle(robot.bot._replace(look=False), NAME).state == states.NO_CHANGE
    assert len(forge.shim.calls) == 1


def test_a_repository_without_dockerfiles(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {"README.md": b"# api\n"})
    result = quiet(robot)
    assert (result.state, result.reason, result.slots) == (states.NO_CHANGE, "nothing to propose", ())


def test_a_wish_makes_it_anew_over_a_persons_work(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.push(NAME, pull.branch, {"Dockerfile": b"FROM scratch\n"})
    robot.later()
    assert robot.run().state == states.BLOCKED
    (slot,) = robot.ledger.slots()
    robot.ledger.write(slot._replace(asked="rebase"))  # this is not enough: it would lose somebody's work
    assert quiet(robot).state == states.BLOCKED
    robot.ledger.write(slot._replace(asked="recreate"))
    assert robot.run().state == states.OPEN
    assert forge.world.file(NAME, forge.world.tip(NAME, pull.branch), "Dockerfile") == AFTER
    assert the_pull(forge).number == pull.number
    assert robot.ledger.slots()[0].asked == ""
    quiet(robot)


def test_a_tick_does_the_same_once(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.push(NAME, pull.branch, {"Dockerfile": b"FROM scratch\n"})
    forge.world.edit(NAME, pull.number, {"body": pull.body.replace("- [ ] <!--", "- [x] <!--")})
    robot.later()
    assert robot.run().state == states.OPEN
    now = the_pull(forge)
    assert forge.world.file(NAME, now.head, "Dockerfile") == AFTER and "- [ ] <!--" in now.body
    quiet(robot)


def test_a_closed_one_comes_back_when_it_is_asked_for(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    assert robot.run().state == states.CLOSED
    (slot,) = robot.ledger.slots()
    robot.ledger.write(slot._replace(asked="recreate"))
    assert robot.run().state == states.OPEN
    assert the_pull(forge).number > pull.number
    quiet(robot)


def test_a_closed_one_that_a_person_reopens_is_kept_up(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    robot.run()
    forge.world.edit(NAME, pull.number, {"state": "open"})
    assert quiet(robot).state == states.OPEN
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"curl", b"wget")})
    robot.later()
    assert robot.run().state == states.OPEN
    assert b"wget" in forge.world.file(NAME, the_pull(forge).head, "Dockerfile")


def test_one_more_file_does_not_bring_back_what_was_closed(robot: Robot, forge: Forge) -> None:
    """The closed pull request was of one file: only the other is proposed now."""
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    forge.world.push(NAME, "main", {"web/Dockerfile": BEFORE})
    robot.later()
    second = proposed(robot)
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), second.head) == ["web/Dockerfile"]


def test_merged_and_taken_back_is_an_answer(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    forge.world.call("PUT", f"/repos/{NAME}/pulls/{pull.number}/merge", {})
    robot.later()
    assert robot.run().state == states.MERGED
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE}, "Revert")
    robot.later()
    assert quiet(robot).state == states.MERGED


def test_commits_by_rule(robot: Robot, forge: Forge) -> None:
    configured(forge, "pr: {commits: rule}", {"Dockerfile": TWO_RULES, "web/Dockerfile": TWO_RULES})
    pull = proposed(robot)
    said = forge.world.call("GET", f"/repos/{NAME}/compare/main...{pull.head}")
    subjects = [one["commit"]["message"].splitlines()[0] for one in said["commits"]]
    assert len(subjects) == len(set(subjects)) > 1
    assert all(subject.startswith("build(docker): ") for subject in subjects)
    assert b"--no-cache-dir" in forge.world.file(NAME, pull.head, "web/Dockerfile")
    quiet(robot)


def test_groups_have_a_pull_request_each_and_limits_hold(robot: Robot, forge: Forge) -> None:
    files = {f"{name}/Dockerfile": BEFORE for name in "abcd"}
    configured(forge, "group: directory\nlimits: {open_prs: 3, prs_per_hour: 2}", files)
    result = robot.run()
    assert sorted(slot.state for slot in result.slots) == [states.GATED] * 3 + [states.OPEN] * 2
    assert "prs_per_hour" in next(slot.reason for slot in result.slots if slot.state == states.GATED)
    quiet(robot)
    robot.later(hours=2)
    result = robot.run()
    assert len(forge.world.pulls(NAME, "open")) == 3
    assert "limits.open_prs is 3" in next(slot.reason for slot in result.slots if slot.state == states.GATED)
    robot.later(hours=2)
    quiet(robot)


def test_a_schedule_holds_up_all_writes_but_a_persons(robot: Robot, forge: Forge) -> None:
    configured(forge, "schedule: {cron: '0 0 29 2 *', hours: 1}")
    result = quiet(robot)
    assert result.state == states.GATED and "outside the schedule 0 0 29 2 * (UTC)" in result.reason
    assert result.not_before > robot.clock()
    assert handle(robot.bot._replace(asked=True), NAME).state == states.OPEN


def test_what_must_be_built_waits_for_a_build(robot: Robot, forge: Forge) -> None:
    configured(forge, "verify: build\nmin_saving: {bytes: 5MB, percent: 10}")
    assert "start the bot with --build" in quiet(robot).reason

    def built(before: int, after: int, holds: bool = True) -> Bot:
        def prove(proposal: Proposal) -> dict[str, Proof]:
            return {
                file.path: Proof("equivalent" if holds else "different", before, after, (), holds)
                for file in proposal.files
            }

        return robot.bot._replace(prove=prove)

    assert (
        handle(built(100_000_000, 90_000_001, holds=False), NAME).reason
        == "`dslim verify` says of Dockerfile: different"
    )
    crumb = handle(built(100_000_000, 97_000_000), NAME)
    assert (crumb.state, crumb.reason) == (states.GATED, "saves 3.0 MB (3.0 %), less than min_saving")
    assert forge.shim.writes == []
    assert handle(built(10_000_000, 8_000_000), NAME).state == states.OPEN
    assert "**10.0 MB → 8.0 MB** (-20%), measured by building" in the_pull(forge).body


def test_what_nobody_measured_is_no_crumb(robot: Robot, forge: Forge) -> None:
    configured(forge, "min_saving: {bytes: 5GB}")
    proposed(robot)


def test_people_who_cannot_be_asked_are_no_obstacle(robot: Robot, forge: Forge) -> None:
    configured(forge, "pr: {labels: [a, b], assignees: [nobody-there], reviewers: [alice, 'team:none']}")
    result = robot.run()
    assert result.state == states.OPEN
    (pull,) = forge.world.pulls(NAME)
    assert sorted(label["name"] for label in pull["labels"]) == ["a", "b"]


def test_a_pause_and_an_ignored_rule(robot: Robot, forge: Forge) -> None:
    number = str(forge.world.repository(NAME, {"Dockerfile": TWO_RULES}))
    wishes = Wishes(robot.ledger.database)
    wishes.add(robot.bot.forge.host, number, PAUSE, "", "alice")
    assert quiet(robot).reason == "paused by alice; `@dslim resume` goes on"
    wishes.drop(robot.bot.forge.host, number, PAUSE)
    wishes.add(robot.bot.forge.host, number, RULE, "pip-cache-kept", "alice")
    assert b"--no-cache-dir" not in forge.world.file(NAME, proposed(robot).head, "Dockerfile")


def test_other_base_branches(robot: Robot, forge: Forge) -> None:
    configured(forge, "base_branches: [main, release]")
    forge.world.branch(NAME, "release")
    result = robot.run()
    assert {pull["base"]["ref"] for pull in forge.world.pulls(NAME, "open")} == {"main", "release"}
    assert len({slot.branch for slot in result.slots}) == 2
    forge.world.push(NAME, "main", {".github/dslim.yml": b"base_branches: [main]\n"})
    robot.later()
    robot.run()
    assert [pull["base"]["ref"] for pull in forge.world.pulls(NAME, "open")] == ["main"]
    assert "release is not among `base_branches` in" in forge.world.comments(NAME, 2)[0]
    forge.world.push(NAME, "main", {".github/dslim.yml": b"base_branches: [main, release]\n"})
    forge.world.call("DELETE", f"/repos/{NAME}/git/refs/heads/release")
    result = robot.run()
    assert result.state == states.DEAD and "has no branch release" in result.reason


def test_a_fork_is_left_alone_unless_it_asks(robot: Robot, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    forge.world.repository(NAME, FILES)
    github = robot.bot.forge
    found = github.repository(NAME)
    monkeypatch.setattr(github, "repository", lambda name: found._replace(fork=True))
    assert quiet(robot).reason.startswith("a fork; .github/dslim.yml there")
    forge.world.push(NAME, "main", {".github/dslim.yml": b"enabled: true\n"})
    proposed(robot)


def test_a_lost_ledger_is_rebuilt(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, FILES)
    pull = proposed(robot)
    fresh = Robot(forge, tmp_path)
    assert quiet(fresh).state == states.OPEN
    before, after = robot.ledger.slots()[0], fresh.ledger.slots()[0]
    same = ("slot", "branch", "head", "tree", "change_key", "plan_key", "number", "state")
    assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]
    forge.world.push(NAME, "main", {"Dockerfile": AFTER})  # the proposal is gone, and so is the ledger
    fresh = Robot(forge, tmp_path)
    assert fresh.run().state == states.SUPERSEDED
    assert forge.world.pulls(NAME)[0]["state"] == "closed" and ours(forge) == []
    assert isinstance(fresh.ledger, Ledger) and pull.number == 1


def test_another_bots_commit_is_neither_a_persons_nor_overwritten(robot: Robot, forge: Forge) -> None:
    configured(forge, "ignored_authors: [alice@example.com]")
    pull = proposed(robot)
    theirs = forge.world.push(NAME, pull.branch, {"README.md": b"formatted"})
    robot.later()
    assert quiet(robot).state == states.OPEN
    assert forge.world.tip(NAME, pull.branch) == theirs
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"curl", b"wget")})
    robot.later()
    assert robot.run().state == states.OPEN
    assert b"wget" in forge.world.file(NAME, the_pull(forge).head, "Dockerfile")


def test_what_is_made_anew_does_not_bring_back_what_was_closed(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, FILES)
    forge.world.close(NAME, proposed(robot).number)
    forge.world.push(NAME, "main", {"web/Dockerfile": BEFORE})
    robot.later()
    proposed(robot)
    (slot,) = robot.ledger.slots()
    robot.ledger.write(slot._replace(asked="recreate"))
    assert robot.run().state == states.OPEN
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), the_pull(forge).head) == ["web/Dockerfile"]


def test_a_build_that_takes_long_does_not_lose_the_repository(
    robot: Robot, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is renewed meanwhile, and given back afterwards."""
    configured(forge, "verify: build")
    monkeypatch.setattr("dslim.bot.run.LEASE", 0.15)
    renewed = threading.Event()
    lease = robot.ledger.lease

    def seen(name: str, owner: str, seconds: float) -> bool:
        ours = lease(name, owner, seconds)
        if building.is_set():
            assert ours
            renewed.set()
        return ours

    building = threading.Event()

    def prove(proposal: Proposal) -> dict[str, Proof]:
        building.set()
        assert renewed.wait(60)
        building.clear()
        assert not lease(f"{robot.bot.forge.host}/{NAME}", "somebody else", 1)
        return {"Dockerfile": Proof("equivalent", 9_000_000, 1_000_000)}

    monkeypatch.setattr(robot.ledger, "lease", seen)
    robot.bot = robot.bot._replace(prove=prove)
    assert robot.run().state == states.OPEN
    assert lease(f"{robot.bot.forge.host}/{NAME}", "somebody else", 1)
