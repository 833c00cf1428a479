"""The issue that surveys a repository: when it comes, what it says, and that a person who closes it has peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import dashboard, states
from dslim.bot.ledger import Slot
from tests.bot.conftest import Forge
from tests.bot.robot import BEFORE, NAME, Robot

FOUR = {f"svc{number}/Dockerfile": BEFORE for number in range(4)}
CONFIG = b"group: directory\nlimits: {open_prs: 3, prs_per_hour: 9}\n"


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    return Robot(forge, tmp_path)


def issues(forge: Forge, state: str = "open") -> list[dict[str, str]]:
    found = forge.world.call("GET", f"/repos/{NAME}/issues?state={state}")
    return [one for one in found if "pull_request" not in one]


def test_one_issue_that_says_it_all_and_is_left_alone_while_nothing_changes(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {**FOUR, ".github/dslim.yml": CONFIG})
    robot.run()
    (issue,) = issues(forge)
    assert issue["title"] == dashboard.TITLE and dashboard.MARK in issue["body"]
    assert issue["body"].count("\n- #") == 3 and "- `svc3`: " in issue["body"]
    before = len(forge.shim.writes)
    robot.run()
    assert forge.shim.writes[before:] == []
    forge.world.close(NAME, forge.world.pulls(NAME)[0]["number"])
    robot.run()
    (issue,) = issues(forge)
    assert "### Closed by you\n\n- #" in issue["body"]


def test_it_is_found_again_when_the_ledger_is_lost(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, {**FOUR, ".github/dslim.yml": CONFIG})
    robot.run()
    Robot(forge, tmp_path).run()
    assert len(issues(forge)) == 1


def test_a_person_closes_it(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {**FOUR, ".github/dslim.yml": CONFIG})
    robot.run()
    (issue,) = issues(forge)
    forge.world.call("PATCH", f"/repos/{NAME}/issues/{issue['number']}", {"state": "closed"})
    forge.world.close(NAME, forge.world.pulls(NAME)[0]["number"])
    robot.later()
    for _ in range(2):
        robot.run()
        assert issues(forge) == [] and len(issues(forge, "all")) == 1


@pytest.mark.parametrize(
    ("config", "count"),
    [(b"", 0), (b"dashboard: on\n", 1), (CONFIG + b"dashboard: off\n", 0)],
    ids=["one pull request", "on", "off"],
)
def test_when_there_is_one(robot: Robot, forge: Forge, config: bytes, count: int) -> None:
    forge.world.repository(NAME, {**FOUR, ".github/dslim.yml": config})
    robot.run()
    assert len(issues(forge)) == count


def test_a_repository_without_issues(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {**FOUR, ".github/dslim.yml": CONFIG}, has_issues=False)
    assert robot.run().state in (states.OPEN, states.GATED)
    forge.shim.calls.clear()
    robot.run()
    assert forge.shim.like("/issues[?]|POST .*/issues$") == [], "it is asked once"


def test_what_strangers_named_is_inert() -> None:
    slot = Slot(
        "0" * 8, "h", "1", "x`<!--", "@org/team|](http://x)", state=states.GATED, reason="@all --> #1", not_before=60.0
    )
    text = dashboard.body([slot])
    assert (
        "### Waiting\n\n- `@org/team¦](http://x)` for ``x`<!--``: `@all --> #1`, until 1970-01-01 00:01 UTC\n" in text
    )
    assert text.count("<!--") == 2
