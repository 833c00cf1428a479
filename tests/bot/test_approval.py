"""Where the owner wants to be asked first: what waits, who says yes and how, and how long a yes holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import gates, states
from dslim.bot.config import Wrong, parse
from dslim.bot.serve.obey import Hands, obey
from dslim.bot.serve.post import Wanted
from dslim.bot.wishes import Wishes
from tests.bot.conftest import Forge
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import BEFORE, NAME, Robot, quiet
from tests.bot.test_dashboard import issues

CONFIG = b"group: directory\napproval: dashboard\nlimits: {open_prs: 1}\n"
FILES = {"a/Dockerfile": BEFORE, "b/Dockerfile": BEFORE, ".github/dslim.yml": CONFIG}


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    """It has looked once."""
    forge.world.repository(NAME, FILES)
    robot = Robot(forge, tmp_path)
    robot.run()
    return robot


def edited(forge: Forge, *changes: tuple[str, str]) -> None:
    """A person edits the dashboard."""
    (issue,) = issues(forge)
    body = issue["body"]
    for before, after in changes:
        assert before in body
        body = body.replace(before, after)
    forge.world.call("PATCH", f"/repos/{NAME}/issues/{issue['number']}", {"body": body})


def box(robot: Robot, group: str, mark: str = " ") -> str:
    (slot,) = (slot for slot in robot.ledger.slots() if slot.grouping == group)
    return f"- [{mark}] <!-- dslim:approve {slot.slot} -->"


def said(robot: Robot, argument: str, number: int, login: str = "alice") -> str:
    wanted = Wanted(
        "x", NAME, number, robot.forge.world.comment(NAME, number, "hello"), login, "approve", argument, 0.0
    )
    return obey(Hands(robot.bot.forge, robot.ledger, Wishes(robot.ledger.database), lambda: None), wanted)


def test_nothing_opens_before_a_person_says_yes(robot: Robot, forge: Forge) -> None:
    assert forge.world.pulls(NAME) == []
    (issue,) = issues(forge)  # though there are fewer than three
    for group in "ab":
        assert f"{box(robot, group)} `{group}`: waits for approval; it would change" in issue["body"]
    assert "@dslim approve" in issue["body"]
    assert quiet(robot).state == states.GATED


def test_a_tick_opens_that_one_and_no_other(robot: Robot, forge: Forge) -> None:
    edited(forge, (box(robot, "b"), box(robot, "b", "x")))
    assert robot.run().state == states.OPEN
    (pull,) = forge.world.pulls(NAME)
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), forge.world.tip(NAME, pull["head"]["ref"])) == [
        "b/Dockerfile"
    ]
    (issue,) = issues(forge)
    assert box(robot, "a") in issue["body"] and issue["body"].count("dslim:approve ") == 1
    quiet(robot)


def test_a_yes_outlives_a_limit_and_is_used_once(robot: Robot, forge: Forge) -> None:
    edited(forge, *((box(robot, group), box(robot, group, "X")) for group in "ab"))
    robot.run()
    (first,) = forge.world.pulls(NAME)  # limits.open_prs is 1
    assert "[x]" not in issues(forge)[0]["body"].lower()
    forge.world.merge(NAME, first["number"])
    robot.run()
    assert len(forge.world.pulls(NAME)) == 2
    forge.world.merge(NAME, forge.world.pulls(NAME, "open")[0]["number"])
    robot.run()
    assert {slot.state for slot in robot.ledger.slots()} == {states.MERGED}
    forge.world.push(NAME, "main", {"a/Dockerfile": BEFORE.replace(b"curl", b"wget")})
    assert robot.run().state == states.GATED
    assert forge.world.pulls(NAME, "open") == []


def test_a_tick_while_we_work_is_not_lost(robot: Robot, forge: Forge) -> None:
    boxes = {group: (box(robot, group), box(robot, group, "x")) for group in "ab"}
    edited(forge, boxes["a"])
    forge.shim.faults.append(Fault("POST .*/pulls$", then=lambda: edited(forge, boxes["b"])))
    robot.run()
    assert boxes["b"][1] in issues(forge)[0]["body"]
    robot.run()
    assert len(forge.world.pulls(NAME)) == 1  # limits.open_prs is 1
    forge.world.merge(NAME, forge.world.pulls(NAME, "open")[0]["number"])
    robot.run()
    (pull,) = forge.world.pulls(NAME, "open")
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), forge.world.tip(NAME, pull["head"]["ref"])) == [
        "b/Dockerfile"
    ]


def test_a_comment_says_yes_as_well(robot: Robot, forge: Forge) -> None:
    number = int(issues(forge)[0]["number"])
    assert said(robot, "a", number, login="mallory").startswith("ignored: mallory may not write")
    assert said(robot, "c", number) == "nothing of this name waits for approval"
    assert quiet(robot).state == states.GATED
    assert said(robot, "all", number) == "approved: a, b"
    robot.run()
    assert len(forge.world.pulls(NAME)) == 1
    assert all(not slot.asked for slot in robot.ledger.slots() if slot.state == states.OPEN)


def test_a_dashboard_that_was_closed_counts_when_it_is_opened_again(robot: Robot, forge: Forge) -> None:
    (issue,) = issues(forge)
    path = f"/repos/{NAME}/issues/{issue['number']}"
    edited(forge, (box(robot, "a"), box(robot, "a", "x")))
    forge.world.call("PATCH", path, {"state": "closed"})
    assert quiet(robot).state == states.GATED
    forge.world.call("PATCH", path, {"state": "open"})
    robot.run()
    assert len(forge.world.pulls(NAME)) == 1 and len(issues(forge, "all")) == 1


def test_where_there_are_no_issues_nothing_opens(forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, FILES, has_issues=False)
    result = Robot(forge, tmp_path).run()
    assert (result.state, forge.world.pulls(NAME)) == (states.GATED, [])
    assert result.reason.startswith(gates.APPROVAL)


def test_somebody_elses_issue_opens_nothing(robot: Robot, forge: Forge) -> None:
    body = f"<!-- dslim:dashboard -->\n{box(robot, 'a', 'x')}"
    forge.world.call("POST", f"/repos/{NAME}/issues", {"title": "mine", "body": body})
    assert robot.run().state == states.GATED
    assert forge.world.pulls(NAME) == []


def test_without_a_dashboard_there_is_no_approval() -> None:
    with pytest.raises(Wrong, match=r"dslim\.yml:2: approval: dashboard needs a dashboard"):
        parse("dashboard: off\napproval: dashboard\n", "dslim.yml")
