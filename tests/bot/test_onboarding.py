"""The first question to a repository without a configuration: when it is asked, and that a no is a no."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import onboarding, states
from dslim.bot.config import NAMES, default, parse
from dslim.bot.dry import Dry
from dslim.bot.forge.forgejo_values import files_of
from dslim.bot.forge.gitlab_values import actions_of
from dslim.bot.forge.protocol import FILE, FOLDER, SYMLINK, Change, Entry, NewCommit
from dslim.bot.gittree import tree_sha
from dslim.bot.keys import blob_sha
from dslim.bot.ledger import ReadOnly
from dslim.bot.run import handle
from tests.bot.conftest import Forge
from tests.bot.robot import AFTER, FILES, NAME, Pull, Robot, quiet, the_pull

CONFIG = ".github/dslim.yml"


def asking(forge: Forge, folder: Path) -> Robot:
    robot = Robot(forge, folder)
    robot.bot = robot.bot._replace(onboard=True)
    return robot


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    forge.world.repository(NAME, FILES)
    return asking(forge, tmp_path)


def asked(robot: Robot) -> Pull:
    assert robot.run().state == states.OPEN
    return the_pull(robot.forge)


def test_the_file_holds_the_defaults() -> None:
    assert parse(onboarding.CONTENT.decode(), CONFIG) == default()
    for line in onboarding.CONTENT.decode().splitlines()[2:]:
        parse(line.removeprefix("# "), CONFIG)  # each that is commented out is right, too


def test_it_adds_the_file_and_says_what_would_come(robot: Robot, forge: Forge) -> None:
    pull = asked(robot)
    main = forge.world.tip(NAME, "main")
    assert forge.world.changed(NAME, main, pull.head) == [CONFIG]
    assert forge.world.file(NAME, pull.head, CONFIG) == onboarding.CONTENT
    assert pull.branch.startswith("dslim/onboarding-") and pull.title == "build(docker): configure dslim"
    assert "`Dockerfile` (`" in pull.body and "+RUN apt-get" in pull.body and "close it" in pull.body
    robot.later()
    forge.world.push(NAME, "main", {"README.md": b"more\n"})
    quiet(robot)


def test_merged_is_a_yes(robot: Robot, forge: Forge) -> None:
    forge.world.merge(NAME, asked(robot).number)
    robot.run()
    (pull,) = forge.world.pulls(NAME, "open")
    assert forge.world.file(NAME, forge.world.tip(NAME, pull["head"]["ref"]), "Dockerfile") == AFTER
    quiet(robot)
    forge.world.push(NAME, "main", {CONFIG: None})  # they know us: the defaults hold, and nobody asks again
    robot.later()
    quiet(robot)


def test_closed_is_a_no_for_good(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    number = asked(robot).number
    forge.world.close(NAME, number)
    for one in (robot, robot, asking(forge, tmp_path)):  # the last has lost its ledger
        one.later()
        forge.world.push(NAME, "main", {"Dockerfile": FILES["Dockerfile"] + b"# more\n"})
        result = one.run()
        assert result.state == states.CLOSED and CONFIG in result.reason
    assert len(forge.world.pulls(NAME)) == 1
    (said,) = forge.world.comments(NAME, number)
    assert said.startswith("I will not write here again")
    quiet(robot)


def test_who_asks_no_more_hears_the_answer_all_the_same(robot: Robot, forge: Forge) -> None:
    """`dslim bot run`, or a sweep with --no-onboarding, on what a sweep has asked."""
    number = asked(robot).number
    robot.bot = robot.bot._replace(onboard=False)
    assert quiet(robot).state == states.OPEN
    forge.world.close(NAME, number)
    assert robot.run().state == states.CLOSED
    assert forge.world.pulls(NAME, "open") == []


def test_a_no_is_taken_back(robot: Robot, forge: Forge) -> None:
    number = asked(robot).number
    forge.world.close(NAME, number)
    robot.run()
    forge.world.edit(NAME, number, {"state": "open"})
    assert robot.run().state == states.OPEN
    forge.world.close(NAME, number)
    robot.run()
    forge.world.push(NAME, "main", {CONFIG: b"version: 1\n"})
    robot.later()
    robot.run()
    (pull,) = forge.world.pulls(NAME, "open")
    assert pull["number"] != number


def test_what_a_person_makes_of_it_is_theirs(robot: Robot, forge: Forge) -> None:
    pull = asked(robot)
    forge.world.push(NAME, pull.branch, {CONFIG: b"version: 1\ngroup: directory\n"})
    assert robot.run().state == states.BLOCKED
    forge.world.push(NAME, "main", {"README.md": b"more\n"})
    robot.later()
    quiet(robot)


def test_a_configuration_that_came_otherwise_is_the_answer(robot: Robot, forge: Forge) -> None:
    number = asked(robot).number
    forge.world.push(NAME, "main", {".dslim.yml": b"version: 1\n"})
    robot.later()
    robot.run()
    (pull,) = forge.world.pulls(NAME, "open")
    assert pull["number"] != number and "configure" not in pull["title"]
    assert ".dslim.yml" in forge.world.comments(NAME, number)[0]


def test_where_there_is_nothing_to_propose_nobody_is_asked(forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, {"Dockerfile": AFTER})
    assert quiet(asking(forge, tmp_path)).state == states.NO_CHANGE


def test_who_knows_us_is_not_asked(forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, FILES)
    robot = Robot(forge, tmp_path)
    robot.run()
    for one in (robot, asking(forge, tmp_path)):
        one.bot = one.bot._replace(onboard=True)
        one.later()
        assert quiet(one).state == states.OPEN


def test_a_dry_run_shows_the_file(robot: Robot, forge: Forge) -> None:
    lines: list[str] = []
    ledger = ReadOnly(robot.ledger.database)
    result = handle(robot.bot._replace(forge=Dry(robot.bot.forge, lines.append), ledger=ledger), NAME)
    assert result.state == states.OPEN and forge.shim.writes == []
    assert "    version: 1" in lines and any("configure dslim" in line for line in lines)


def test_a_stop_in_between_is_made_good(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    robot.run()
    other = asking(forge, tmp_path)
    assert quiet(other).state == states.OPEN


def test_beside_a_file_called_github(forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, {**FILES, ".github": ("120000", b"README.md")})
    pull = asked(asking(forge, tmp_path))
    assert forge.world.changed(NAME, forge.world.tip(NAME, "main"), pull.head) == [NAMES[2]]


def test_other_forges_are_told_that_it_is_new() -> None:
    commit = NewCommit("x", (Change(CONFIG, FILE, b"version: 1\n", new=True),))
    (action,) = actions_of(commit)
    (file,) = files_of(commit, {})
    assert (action["action"], action["file_path"]) == ("create", CONFIG)
    assert (file["operation"], file["path"]) == ("create", CONFIG) and "sha" not in file


def test_a_tree_with_more_in_it() -> None:
    """As git names it, with and without the folder."""
    readme = Entry("README.md", FILE, blob_sha(b"x\n"))
    blob = blob_sha(b"version: 1\n")
    whole = (readme, Entry(".github", FOLDER, "0" * 40), Entry(CONFIG, FILE, blob), Entry(".github/x", SYMLINK, blob))
    assert tree_sha((readme,), {CONFIG: blob}, [CONFIG]) == tree_sha(whole[:3], {CONFIG: blob})
    assert tree_sha((whole[0], whole[1], whole[3]), {CONFIG: blob}, [CONFIG]) == tree_sha(whole, {CONFIG: blob})
    with pytest.raises(ValueError, match="is not in the tree"):
        tree_sha((readme,), {CONFIG: blob})
