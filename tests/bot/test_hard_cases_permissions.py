"""Hard cases 6, 13 and 14: what the bot may not do, and repositories that are not what they were. A reason, and no retry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dslim.bot import states
from dslim.bot.database import Database
from dslim.bot.forge.github_sign_in import App, as_app
from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.ledger import Ledger
from dslim.bot.limiter import Limiter
from dslim.bot.run import Bot, handle
from tests.bot.conftest import Forge, thoroughly
from tests.bot.counterparts.emulate import ALL_PERMISSIONS, APP, app, app_key, seed
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import AFTER, BEFORE, FILES, NAME, Robot, ours, proposed, quiet, the_pull


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    forge.world.repository(NAME, FILES)
    return Robot(forge, tmp_path)


def as_installation(forge: Forge, tmp_path: Path) -> Robot:
    """The bot as a GitHub App, instead of as a person."""
    robot = Robot(forge, tmp_path)
    database = Database(f"sqlite:///{tmp_path / 'app.sqlite'}")

    def limiter(name: str) -> Limiter:
        return Limiter(database, name, clock=robot.clock, sleep=robot.sleep)

    robot.ledger = Ledger(database, robot.clock)
    github = as_app(App(str(APP), app_key()), forge.shim.url, limiter, NAME)
    robot.bot = Bot(github, robot.ledger, clock=robot.clock)
    return robot


def test_case_6_an_expired_token_is_renewed_once(forge: Forge, tmp_path: Path) -> None:
    forge.restart(seed(apps=[app()]))
    forge.world.repository(NAME, FILES)
    robot = as_installation(forge, tmp_path)
    forge.shim.faults.append(Fault("GET .*/git/trees/", 401, "Bad credentials"))
    robot.run()
    assert the_pull(forge).title
    tokens = [call.token for call in forge.shim.like("/repos/.*/git/")]
    assert len(set(tokens)) == 2
    assert len(forge.shim.like("POST .*/access_tokens$")) == 2
    assert forge.world.pulls(NAME)[0]["user"]["login"] == "dslim[bot]"


def test_case_6_a_token_that_stays_refused(robot: Robot, forge: Forge) -> None:
    forge.shim.faults.append(Fault(" ", 401, "Bad credentials", times=1000))
    result = robot.run()
    assert (result.state, len(forge.shim.calls)) == (states.DEAD, 2)
    assert "token" in result.reason


def test_case_6_the_app_was_uninstalled(forge: Forge, tmp_path: Path) -> None:
    """While we run: the token is refused, and there is no other."""
    forge.restart(seed(apps=[app()]))
    forge.world.repository(NAME, FILES)
    robot = as_installation(forge, tmp_path)
    forge.shim.faults += [
        Fault("GET .*/git/trees/", 401, "Bad credentials"),
        Fault("POST .*/access_tokens$", 404, "Not Found", skip=1, times=1000),
    ]
    result = robot.run()
    assert result.state == states.DEAD
    assert result.reason
    assert forge.shim.writes == []


def test_case_6_the_app_is_not_installed(forge: Forge, tmp_path: Path) -> None:
    forge.restart(seed(apps=[app(installations=[])]))
    forge.world.repository(NAME, FILES)
    with pytest.raises(ForgeTrouble, match="not installed"):
        as_installation(forge, tmp_path)


@pytest.mark.parametrize("lacks", ["contents", "pull_requests", "issues"])
def test_case_6_a_permission_was_taken_away(forge: Forge, tmp_path: Path, lacks: str) -> None:
    """Least permissions: what is asked for is granted, or the reason names it."""
    permissions = {**ALL_PERMISSIONS, lacks: "read"}
    forge.restart(seed(apps=[app(permissions)]))
    forge.world.repository(NAME, FILES)
    robot = as_installation(forge, tmp_path)
    result = robot.run()
    assert result.state == states.DEAD
    assert "permission" in result.reason
    assert forge.shim.writes == []


def test_case_6_no_more_is_asked_for_than_is_used(forge: Forge, tmp_path: Path) -> None:
    """An App without all the rest."""
    needed = ("contents", "pull_requests", "issues", "metadata")
    forge.restart(seed(apps=[app({name: ALL_PERMISSIONS[name] for name in needed})]))
    forge.world.repository(NAME, FILES)
    as_installation(forge, tmp_path).run()
    the_pull(forge)


def test_case_6_a_token_without_rights(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    """A person who may read: nothing is tried that cannot be."""
    result = Robot(forge, tmp_path, by="mallory").run()
    assert result.state == states.DEAD
    assert result.reason
    assert ours(forge) == []
    assert forge.world.pulls(NAME) == []


def test_case_13_a_protected_base_does_not_matter(robot: Robot, forge: Forge) -> None:
    forge.world.protect(NAME, "main")
    proposed(robot)


def test_case_13_our_own_branches_are_protected(robot: Robot, forge: Forge) -> None:
    """emulate refuses a push to a protected branch with 409."""
    first = proposed(robot)
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"-y curl", b"-y wget")})
    forge.world.protect(NAME, first.branch)
    robot.later()
    result = robot.run()
    assert result.state == states.DEAD
    assert "dslim/" in result.reason
    assert forge.world.tip(NAME, first.branch) == first.head


#: what GitHub says about a push to a branch that rules protect; the last three are of rulesets and the merge queue
PROTECTED = [
    "Protected branch update failed for refs/heads/dslim/all-1.",
    "You're not authorized to push to this branch.",
    "This branch must not contain merge commits.",
    'Required status check "build" is expected.',
    "Cannot force-push to this branch",
    "Commits must have verified signatures.",
    "Changes must be made through a pull request.",
    "Repository rule violations found\n\nCannot create ref due to creations being restricted.",
    "A pull request for this branch has been added to a merge queue. Branches that are queued for merging cannot be updated.",
]


@pytest.mark.parametrize("message", PROTECTED)
@pytest.mark.parametrize("call", ["POST .*/git/refs$", *thoroughly("PATCH .*/git/refs/", "POST /graphql$")])
def test_case_13_rules_that_refuse_our_branch(robot: Robot, forge: Forge, call: str, message: str) -> None:
    if not call.endswith("git/refs$"):
        proposed(robot)
        forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"-y curl", b"-y wget")})
        robot.later()
    forge.shim.github.swaps = "graphql" in call
    forge.shim.github.refuses = message  # GraphQL says so with 200
    if "graphql" not in call:
        forge.shim.faults.append(Fault(call, 422, message, times=100))
    result = robot.run()
    assert result.state == states.DEAD
    assert "dslim/" in result.reason  # how to let us
    assert len(forge.shim.like(call)) == 1


def test_case_13_github_signs_our_commits(robot: Robot, forge: Forge) -> None:
    """It does where a commit made by the API names neither an author nor a committer."""
    proposed(robot)
    calls = forge.shim.like("POST .*/git/commits$")
    assert calls
    assert not any(b'"author"' in call.sent or b'"committer"' in call.sent for call in calls)


Make = Callable[[Forge], object]
GONE: dict[str, tuple[Make, str]] = {
    "archived": (lambda forge: forge.world.call("PATCH", f"/repos/{NAME}", {"archived": True}), "archived"),
    "disabled": (
        lambda forge: forge.shim.faults.append(Fault("/repos/", 403, "Repository access blocked: disabled", times=99)),
        "disabled",
    ),
    "removed": (lambda forge: forge.world.call("DELETE", f"/repos/{NAME}"), "not there"),
    "blocked by law": (
        lambda forge: forge.shim.faults.append(Fault("/repos/", 451, "Repository access blocked", times=99)),
        "451",
    ),
}


@pytest.mark.parametrize("what", GONE)
def test_case_14_nobody_can_write_there(robot: Robot, forge: Forge, what: str) -> None:
    make, word = GONE[what]
    make(forge)
    forge.shim.calls.clear()
    result = robot.run()
    assert result.state == states.DEAD
    assert word in result.reason.lower()
    assert len(forge.shim.calls) == 1
    assert forge.shim.writes == []


def test_case_14_archived_while_we_run(robot: Robot, forge: Forge) -> None:
    archive = Fault("POST .*/git/trees$", then=lambda: forge.world.call("PATCH", f"/repos/{NAME}", {"archived": True}))
    forge.shim.faults.append(archive)
    result = robot.run()
    assert (result.state, len(forge.shim.writes)) == (states.DEAD, 1)
    assert "archived" in result.reason


def test_case_14_empty(forge: Forge, tmp_path: Path) -> None:
    forge.world.call("POST", "/orgs/acme/repos", {"name": "api"})
    result = quiet(Robot(forge, tmp_path))
    assert "no commit" in result.reason or "empty" in result.reason.lower()


def test_case_14_without_issues(forge: Forge, tmp_path: Path) -> None:
    """No dashboard there; the pull request is not held up by it."""
    forge.world.repository(NAME, {**FILES, ".github/dslim.yml": b"dashboard: on\n"}, has_issues=False)
    proposed(Robot(forge, tmp_path))


def test_case_14_renamed(robot: Robot, forge: Forge) -> None:
    """By the old name: GitHub redirects, and the memory is of the repository's number."""
    pull = proposed(robot)
    forge.world.rename(NAME, "acme/backend")
    forge.world.push("acme/backend", "main", {"README.md": b"more\n"})
    robot.later()
    quiet(robot, NAME)
    quiet(robot, "acme/backend")
    assert the_pull(forge, "acme/backend") == pull


def test_case_14_transferred(robot: Robot, forge: Forge) -> None:
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    robot.run()
    name = forge.world.transfer(NAME, "alice")
    for asked in (NAME, name):
        robot.later()
        assert quiet(robot, asked).state == states.CLOSED
    assert len(forge.world.pulls(name)) == 1


def test_case_14_another_repository_took_the_old_name(robot: Robot, forge: Forge) -> None:
    """It is another one, whatever was answered in the first."""
    first = proposed(robot)
    forge.world.close(NAME, first.number)
    robot.later()
    robot.run()
    forge.world.call("PATCH", f"/repos/{NAME}", {"name": "old"})
    forge.world.repository(NAME, FILES)
    robot.later()
    second = proposed(robot)
    assert second.branch != first.branch
    assert forge.world.file(NAME, second.head, "Dockerfile") == AFTER


def test_case_14_the_default_branch_has_a_new_name(robot: Robot, forge: Forge) -> None:
    """GitHub moves the base of open pull requests along. Nothing is proposed twice."""
    pull = proposed(robot)
    forge.world.branch(NAME, "trunk")
    forge.world.call("PATCH", f"/repos/{NAME}", {"default_branch": "trunk"})
    forge.world.edit(NAME, pull.number, {"base": "trunk"})
    forge.world.call("DELETE", f"/repos/{NAME}/git/refs/heads/main")
    robot.later()
    robot.run()
    assert [one["number"] for one in forge.world.pulls(NAME)] == [pull.number]
    assert ours(forge) == [pull.branch]


@pytest.mark.parametrize(
    "name", ["acme/none", "acme", "acme/api/more", "../../etc", "acme/api?x=1#y", "acme/%2e%2e", "a b/c\n"]
)
def test_hostile_names_of_repositories(robot: Robot, forge: Forge, name: str) -> None:
    result = handle(robot.bot, name)
    assert result.state == states.DEAD
    assert forge.shim.writes == []
    assert all(call.target.startswith("/repos/") and " " not in call.target for call in forge.shim.calls)
