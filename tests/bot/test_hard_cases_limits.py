"""Hard cases 1 to 4 and 22: limits, errors of the server and lost answers. By the log of the wire: no request before its time."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path

import pytest

from dslim.bot import states
from tests.bot.conftest import Forge, thoroughly, varied
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import FILES, NAME, Robot, the_pull


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    """Its clock is the forge's, too."""
    forge.world.repository(NAME, FILES)
    robot = Robot(forge, tmp_path)
    forge.shim.clock = robot.clock
    return robot


#: what is refused, at which call, and how long the bot must wait then
REFUSALS = {
    "secondary limit, retry-after": (403, {"retry-after": "7"}, 7),
    "429, retry-after": (429, {"retry-after": "7"}, 7),
    "secondary limit, no header": (403, {}, 60),
    "429, no header": (429, {}, 60),
    "503, retry-after": (503, {"retry-after": "30"}, 0),
}
LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.mark.parametrize(
    ("refusal", "call"),
    varied(REFUSALS, ["GET .*/git/trees/", "POST .*/pulls$", "POST .*/git/commits$", "POST .*/labels$"]),
)
def test_case_1_no_request_before_its_time(robot: Robot, forge: Forge, refusal: str, call: str) -> None:
    status, headers, seconds = REFUSALS[refusal]
    forge.shim.faults.append(Fault(call, status, LIMITED, headers))
    result = robot.run()
    refused = forge.shim.calls[-1]
    assert (refused.status, result.state) == (status, states.WAITING)
    assert result.not_before >= refused.at + seconds
    robot.offset += max(0.0, result.not_before - robot.clock() - 1)
    if seconds:
        robot.run()
        assert forge.shim.calls[-1] == refused  # too early: it did not even ask
    robot.offset += 1.5
    robot.run()
    assert forge.shim.calls[len(forge.shim.calls) - 1].at >= refused.at + seconds
    the_pull(forge)


def test_case_1_without_a_header_the_wait_doubles(robot: Robot, forge: Forge) -> None:
    forge.shim.faults.append(Fault("GET ", 403, LIMITED, times=4))
    for minutes in (1, 2, 4, 8):
        result = robot.run()
        assert result.not_before - forge.shim.calls[-1].at == pytest.approx(60 * minutes, abs=5)
        robot.offset += result.not_before - robot.clock() + 0.5
    assert len(forge.shim.calls) == 4
    robot.run()
    the_pull(forge)


def test_case_1_others_go_on(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    """The wait is of one installation; another's work goes on. The wait outlives the process."""
    forge.world.repository("acme/web", FILES)
    forge.shim.faults.append(Fault("GET ", 429, LIMITED, {"retry-after": "600"}))
    robot.run()
    calls = len(forge.shim.calls)
    assert robot.run("acme/web").state == states.WAITING
    assert len(forge.shim.calls) == calls
    other = Robot(forge, tmp_path, by="alice")
    other.run("acme/web")
    the_pull(forge, "acme/web")


def test_case_2_nothing_remains(robot: Robot, forge: Forge) -> None:
    """As GitHub says it when an hour's requests are used up."""
    until = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(robot.clock()) + 3600)}
    forge.shim.faults.append(Fault("GET ", 403, "API rate limit exceeded for user ID 1.", until, times=9))
    parks(robot, forge)


@pytest.mark.thorough
def test_case_2_the_primary_limit(robot: Robot, forge: Forge) -> None:
    """emulate counts 5,000 an hour for each token, as GitHub does. The bot parks, and does not knock again."""
    forge.world.use_up_the_limit("bot")
    parks(robot, forge)


def parks(robot: Robot, forge: Forge) -> None:
    result = robot.run()
    assert (result.state, len(forge.shim.calls)) == (states.WAITING, 1)
    assert 3000 < result.not_before - robot.clock() <= 3602
    for _ in range(3):
        assert robot.run().state == states.WAITING
    assert len(forge.shim.calls) == 1


@pytest.mark.parametrize("call", ["GET .*/git/trees/", "GET .*/git/blobs/", "GET .*/pulls"])
def test_case_3_a_read_that_fails_is_read_again(robot: Robot, forge: Forge, call: str) -> None:
    forge.shim.faults.append(Fault(call, 502))
    robot.run()
    the_pull(forge)


@pytest.mark.parametrize(
    ("step", "after"), varied(["git/trees", "git/commits", "git/refs", "pulls", "labels"], [False, True])
)
@pytest.mark.parametrize("how", ["502", *thoroughly("cut")])
def test_case_4_a_write_is_looked_up_before_it_is_tried_again(
    robot: Robot, forge: Forge, step: str, after: bool, how: str
) -> None:
    """Cases 3 and 4: whether it was done is not known. One branch, one pull request, its labels."""
    forge.shim.faults.append(Fault(f"POST .*/{step}$", 502 if how == "502" else 0, after=after, drop=how == "cut"))
    robot.run()
    failed = len(forge.shim.like(f"POST .*/{step}$"))
    assert failed == 1  # not sent twice by itself
    robot.later()
    robot.run()
    the_pull(forge)
    (pull,) = forge.world.pulls(NAME)
    assert [label["name"] for label in pull["labels"]] == ["docker"]


def test_case_3_a_forge_that_is_down(robot: Robot, forge: Forge) -> None:
    forge.shim.faults.append(Fault(" ", 503, times=1000))
    result = robot.run()
    assert result.state == states.WAITING
    assert len(forge.shim.calls) <= 5
    forge.shim.faults.clear()
    robot.later()
    robot.run()
    the_pull(forge)


@pytest.mark.parametrize("skew", [-7200.0, 7200.0, *thoroughly(-30.0, 0.0, 30.0)])
@pytest.mark.parametrize("form", ["seconds", "date", "reset"])
def test_case_22_two_clocks(robot: Robot, forge: Forge, form: str, skew: float) -> None:
    """Both forms of retry-after, and the reset of the primary limit, by a clock that is wrong: 100 s are 100 s."""
    forge.shim.clock = lambda: robot.clock() + skew
    there = forge.shim.clock()
    headers = {
        "seconds": {"retry-after": "100"},
        "date": {"retry-after": formatdate(there + 100, usegmt=True)},
        "reset": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(there + 100))},
    }[form]
    forge.shim.faults.append(Fault("GET ", 403, "API rate limit exceeded", headers))
    result = robot.run()
    assert result.not_before - robot.clock() == pytest.approx(100, abs=3)
    robot.offset += 96
    robot.run()
    assert len(forge.shim.calls) == 1
    robot.offset += 8
    robot.run()
    the_pull(forge)


@pytest.mark.parametrize("headers", [{"retry-after": "0"}, {"retry-after": "-5"}, {"retry-after": "soon"}])
def test_case_22_a_time_that_is_past_or_none(robot: Robot, forge: Forge, headers: dict[str, str]) -> None:
    past = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(robot.clock()) - 100)}
    forge.shim.faults.append(Fault("GET ", 403, "API rate limit exceeded", {**past, **headers}))
    before = robot.clock()
    result = robot.run()
    assert result.not_before - before >= 1.0
    assert result.not_before - robot.clock() <= 62
