"""A forced push to GitHub is a compare-and-swap: what a person pushes in the last moment before ours is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import states
from dslim.bot.forge import trouble
from dslim.bot.forge.protocol import DropBranch
from tests.bot.conftest import Forge
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import AFTER, BEFORE, FILES, NAME, Robot, proposed, the_pull

EDITED = BEFORE.replace(b"-y curl\n", b"-y curl git\n")


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    forge.world.repository(NAME, FILES)
    return Robot(forge, tmp_path)


@pytest.mark.parametrize("base", [EDITED, AFTER], ids=["made anew", "superseded"])
def test_a_push_in_the_very_last_moment_stays(robot: Robot, forge: Forge, base: bytes) -> None:
    """After the bot's last look, before its request arrives."""
    pull = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": base})
    theirs: list[str] = []

    def push() -> None:
        theirs.append(forge.world.push(NAME, pull.branch, {"README.md": b"mine\n"}))

    forge.shim.faults.append(Fault("POST /graphql$", then=push))
    robot.later()
    robot.run()
    assert theirs == [forge.world.tip(NAME, pull.branch)]
    assert forge.shim.like("(PATCH|DELETE) .*/git/refs") == []
    robot.later()
    assert robot.run().state in (states.BLOCKED, states.SUPERSEDED)
    assert theirs == [forge.world.tip(NAME, pull.branch)]


@pytest.mark.parametrize("how", ["an old server", "no GraphQL", "a token without GraphQL"])
def test_where_it_is_missing_the_branch_is_read_and_forced(robot: Robot, forge: Forge, how: str) -> None:
    pull = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    if how == "an old server":
        forge.shim.github.swaps = False
    elif how == "no GraphQL":
        forge.shim.faults.append(Fault("POST /graphql$", 404, "Not Found"))
    else:
        forge.shim.faults.append(Fault("POST /graphql$", 403, "Resource not accessible by personal access token"))
    robot.later()
    robot.run()
    assert the_pull(forge).head != pull.head
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"curl", b"wget")})
    robot.later()
    robot.run()
    assert len(forge.shim.like("POST /graphql$")) == 1, "it is not tried twice"
    assert len(forge.shim.like("PATCH .*/git/refs")) == 2


def test_a_lost_answer_is_looked_up(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    forge.shim.faults.append(Fault("POST /graphql$", drop=True, after=True))
    robot.later()
    assert robot.run().state == states.WAITING
    moved = forge.world.tip(NAME, pull.branch)
    assert moved != pull.head
    robot.later()
    assert robot.run().state == states.OPEN
    assert the_pull(forge).head == moved and len(forge.shim.like("POST /graphql$")) == 1


def test_a_rule_that_refuses_is_told_from_a_branch_that_moved(robot: Robot, forge: Forge) -> None:
    forge.world.branch(NAME, "dslim/x")
    tip = forge.world.tip(NAME, "main")
    robot.bot.forge.repository(NAME)
    with pytest.raises(trouble.Conflict, match="points at"):
        robot.bot.forge.drop_branch(NAME, DropBranch("dslim/x", "1" * 40))
    forge.world.protect(NAME, "dslim/x")
    with pytest.raises(trouble.Refused, match="allow the bot to push"):
        robot.bot.forge.drop_branch(NAME, DropBranch("dslim/x", tip))


def test_a_limit_of_graphql_is_a_limit(robot: Robot, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with 200."""
    pull = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": EDITED})
    said = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    client = robot.bot.forge.__dict__["_client"]
    monkeypatch.setattr(client, "_answer", _instead(client._answer, said))
    robot.later()
    result = robot.run()
    assert result.limited and result.not_before > robot.clock()
    assert the_pull(forge).head == pull.head


def _instead(real: object, said: object) -> object:
    def answer(verb: str, path: str, *more: object) -> object:
        assert callable(real)
        return said if path.endswith("/graphql") else real(verb, path, *more)

    return answer
