"""Hard cases 7 to 11, 18 and 21: what people did with our branch and our pull request is never overwritten or asked twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dslim.bot import states
from tests.bot.conftest import Forge, varied
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import AFTER, BEFORE, FILES, NAME, Pull, Robot, ours, proposed, quiet, the_pull
from tests.bot.test_dashboard import issues

#: the same instruction changed by its owner: another proposal
EDITED = BEFORE.replace(b"-y curl\n", b"-y curl git\n")
#: the file changed elsewhere: the same proposal
ELSEWHERE = b"# a new comment\n" + BEFORE + b"EXPOSE 80\n"


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    forge.world.repository(NAME, FILES)
    return Robot(forge, tmp_path)


def test_case_7_our_own_branch_is_adopted(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    """The branch is there, the pull request is not, and the ledger that knew is lost."""
    forge.shim.faults.append(Fault("POST .*/pulls$", drop=True))
    robot.run()
    assert forge.world.pulls(NAME) == []
    (branch,) = ours(forge)
    head = forge.world.tip(NAME, branch)
    forge.shim.calls.clear()
    pull = proposed(Robot(forge, tmp_path))
    assert (pull.branch, pull.head) == (branch, head)
    assert forge.shim.like("(POST|PATCH) .*/git/") == []


def the_branch_it_will_make(forge: Forge, robot: Robot) -> str:
    """By a first try of which nothing arrives."""
    forge.shim.faults.append(Fault("POST .*/git/refs$", drop=True))
    robot.run()
    (call,) = forge.shim.like("POST .*/git/refs$")
    return str(json.loads(call.sent)["ref"]).removeprefix("refs/heads/")


def test_case_7_a_branch_of_somebody_else_is_left_alone(robot: Robot, forge: Forge) -> None:
    branch = the_branch_it_will_make(forge, robot)
    forge.world.branch(NAME, branch)
    theirs = forge.world.push(NAME, branch, {"README.md": b"mine\n"})
    robot.later()
    result = robot.run()
    assert (result.state, forge.world.tip(NAME, branch)) == (states.BLOCKED, theirs)
    assert forge.world.pulls(NAME) == []
    robot.later()
    assert quiet(robot).state == states.BLOCKED


def test_case_7_a_branch_with_the_name_of_our_folder(robot: Robot, forge: Forge) -> None:
    forge.world.branch(NAME, "dslim")
    pull = proposed(robot)
    assert not pull.branch.startswith("dslim/")
    assert forge.world.file(NAME, pull.head, "Dockerfile") == AFTER
    quiet(robot)


@pytest.mark.parametrize(
    ("step", "after"),
    varied(["pulls", "git/refs", "labels", "git/trees", "git/commits"], [True, False]),
)
def test_case_8_two_bots_at_once(robot: Robot, forge: Forge, tmp_path: Path, step: str, after: bool) -> None:
    """Another process, which shares nothing with us but the forge, does all its work in the middle of ours."""
    other = Robot(forge, tmp_path)
    forge.shim.faults.append(Fault(f"POST .*/{step}$", after=after, then=other.run))
    robot.run()
    for one in (robot, other, robot):
        one.later()
        one.run()
    the_pull(forge)
    assert len(forge.world.pulls(NAME)) == 1


def test_case_8_one_ledger_lets_one_work(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    """Two processes with one ledger: the second does not even look."""
    seen: list[int] = []
    other = Robot(forge, tmp_path, ledger=robot.file)

    def second() -> None:
        before = len(forge.shim.calls)
        assert other.run().state == states.WAITING
        seen.append(len(forge.shim.calls) - before)

    forge.shim.faults.append(Fault("POST .*/git/trees$", then=second))
    robot.run()
    assert seen == [0]
    the_pull(forge)


def test_case_9_a_closed_pull_request_is_not_opened_again(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    assert robot.run().state == states.CLOSED
    (said,) = forge.world.comments(NAME, pull.number)
    assert "dslim" in said
    for change in ({}, {"Dockerfile": ELSEWHERE}, {"README.md": b"more\n"}):
        if change:
            forge.world.push(NAME, "main", change)
        for one in (robot, Robot(forge, tmp_path)):  # the second has lost its ledger
            one.later()
            assert one.run().state == states.CLOSED
            assert len(forge.world.pulls(NAME)) == 1
    assert len(forge.world.comments(NAME, pull.number)) == 1


def test_case_9_another_proposal_is_made_after_the_instruction_was_edited(robot: Robot, forge: Forge) -> None:
    first = proposed(robot)
    forge.world.close(NAME, first.number)
    robot.later()
    robot.run()
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    robot.later()
    robot.run()
    second = the_pull(forge)
    assert second.number > first.number
    assert b"curl git && rm -rf" in forge.world.file(NAME, second.head, "Dockerfile")


def test_case_9_a_new_name_does_not_break_the_memory(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    robot.run()
    forge.world.rename(NAME, "acme/backend")
    robot.later()
    for name in (NAME, "acme/backend"):
        assert robot.run(name).state == states.CLOSED
    assert len(forge.world.pulls("acme/backend")) == 1


Human = Callable[[Forge, Pull], object]


def trailers(forge: Forge, pull: Pull) -> str:
    """The last paragraph of the bot's commit, which somebody who edits the message leaves there."""
    return str(forge.world.commit(NAME, pull.head)["message"]).split("\n\n")[-1]


HUMANS: dict[str, Human] = {
    "commit": lambda forge, pull: forge.world.push(NAME, pull.branch, {"Dockerfile": AFTER + b"# mine\n"}),
    "commit elsewhere": lambda forge, pull: forge.world.push(NAME, pull.branch, {"README.md": b"mine\n"}),
    "commit as us": lambda forge, pull: forge.world.push(NAME, pull.branch, {"README.md": b"mine\n"}, by="bot"),
    "amend": lambda forge, pull: forge.world.amend(NAME, pull.branch, {"README.md": b"mine\n"}),
    "amend the message": lambda forge, pull: forge.world.amend(
        NAME, pull.branch, {}, "My words\n\n" + trailers(forge, pull)
    ),
    "force-push": lambda forge, pull: forge.world.move(
        NAME, pull.branch, forge.world.write(NAME, {"README.md": b"mine\n"}, forge.world.tip(NAME, "main"))
    ),
    "base": lambda forge, pull: forge.world.edit(NAME, pull.number, {"base": "next"}),
    "title": lambda forge, pull: forge.world.edit(NAME, pull.number, {"title": "A better title"}),
}


@pytest.mark.parametrize("what", HUMANS)
def test_case_10_what_people_change_is_theirs(robot: Robot, forge: Forge, tmp_path: Path, what: str) -> None:
    """Blocked once, in one comment; also when there is much to do for us, and when the ledger is lost."""
    forge.world.branch(NAME, "next")
    pull = proposed(robot)
    HUMANS[what](forge, pull)
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    as_they_left_it = (forge.world.tip(NAME, pull.branch), forge.world.pulls(NAME)[0])
    for one in (robot, robot, Robot(forge, tmp_path)):
        one.later()
        assert one.run().state == states.BLOCKED
        now = forge.world.pulls(NAME)[0]
        assert forge.world.tip(NAME, pull.branch) == as_they_left_it[0]
        assert [now[key] for key in ("title", "base", "state")] == [
            as_they_left_it[1][key] for key in ("title", "base", "state")
        ]
    assert len(forge.world.comments(NAME, pull.number)) == 1
    assert len(forge.world.pulls(NAME)) == 1


def test_case_10_labels_that_people_changed_stay(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.label(NAME, pull.number, ["urgent"])
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    robot.later()
    robot.run()
    now = forge.world.pulls(NAME)[0]
    assert [label["name"] for label in now["labels"]] == ["urgent"]
    assert now["head"]["ref"] == pull.branch
    assert the_pull(forge).head != pull.head  # the conflict was solved all the same


def test_case_11_a_base_that_moved_elsewhere_costs_nothing(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    for change in ({"README.md": b"more\n"}, {"Dockerfile": BEFORE + b"EXPOSE 80\n"}):
        forge.world.push(NAME, "main", change)
        robot.later()
        quiet(robot)
    assert the_pull(forge) == pull


def test_case_11_a_conflict_is_solved_on_the_new_base(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    tip = forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    assert not forge.shim.github.merges(NAME, "main", pull.head)
    robot.later()
    robot.run()
    now = the_pull(forge)
    assert (now.number, now.branch) == (pull.number, pull.branch)
    assert forge.world.call("GET", f"/repos/{NAME}/git/commits/{now.head}")["parents"][0]["sha"] == tip
    assert forge.shim.github.merges(NAME, "main", now.head)
    assert forge.world.file(NAME, now.head, "Dockerfile").startswith(EDITED[:40])
    robot.later()
    quiet(robot)


def test_case_11_what_people_did_themselves_needs_no_pull_request(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": AFTER})
    robot.later()
    assert robot.run().state == states.SUPERSEDED
    assert forge.world.pulls(NAME, "open") == []
    assert len(forge.world.comments(NAME, pull.number)) == 1
    robot.later()
    quiet(robot)
    # closed by us, so it is not an answer of a person: the same proposal is made again when it is needed again
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE})
    robot.later()
    robot.run()
    the_pull(forge)


def test_case_21_an_invalid_configuration_is_said_once(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.push(NAME, "main", {".github/dslim.yml": b"version: 1\ngruop: one\n"})
    for _ in range(2):
        robot.later()
        result = robot.run()
        assert "gruop" in result.reason and ".github/dslim.yml:2" in result.reason
    (said,) = forge.world.comments(NAME, pull.number)
    assert "gruop" in said and "group" in said
    assert the_pull(forge) == pull


def test_case_21_an_invalid_configuration_is_said_in_the_dashboard(robot: Robot, forge: Forge) -> None:
    forge.world.push(NAME, "main", {".github/dslim.yml": b"enabled: [\n"})
    assert ".github/dslim.yml" in robot.run().reason
    assert forge.world.pulls(NAME) == []
    (issue,) = issues(forge)
    assert "To be mended" in issue["body"] and ".github/dslim.yml:" in issue["body"]
    robot.later()
    quiet(robot)
    forge.world.push(NAME, "main", {".github/dslim.yml": b"enabled: true\n"})
    robot.later()
    robot.run()
    (issue,) = issues(forge)
    assert "To be mended" not in issue["body"]
    the_pull(forge)


def test_case_21_switched_off_with_an_open_pull_request(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.push(NAME, "main", {".github/dslim.yml": b"enabled: false\n"})
    robot.later()
    assert robot.run().state == states.SUPERSEDED
    assert forge.world.pulls(NAME, "open") == []
    assert len(forge.world.comments(NAME, pull.number)) == 1
    robot.later()
    quiet(robot)


def test_case_21_a_configuration_that_went_means_the_defaults(robot: Robot, forge: Forge) -> None:
    forge.world.push(NAME, "main", {".github/dslim.yml": b"enabled: false\n"})
    quiet(robot)
    forge.world.push(NAME, "main", {".github/dslim.yml": None})
    robot.later()
    proposed(robot)
