"""The whole bot on plain git, against a real server: what it shows, what it remembers, what it leaves alone."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from dslim.bot import metadata, states
from dslim.bot.database import Database
from dslim.bot.forge.git import Git
from dslim.bot.ledger import Ledger
from dslim.bot.run import Bot, Result, handle
from tests.bot.conftest import thoroughly
from tests.bot.counterparts.git_server import GitServer, git
from tests.bot.robot import AFTER, BEFORE

EDITED = BEFORE.replace(b"-y curl\n", b"-y curl git\n")
_hours = itertools.count(0, 24)


class Plain:
    """The bot, its texts, and the server."""

    def __init__(self, server: GitServer, folder: Path) -> None:
        self.server = server
        self.url = server.repository("api", {"Dockerfile": BEFORE, "README.md": b"x\n"})
        self.shown: list[str] = []
        self._folder = folder
        self.ledger = folder / "ledger.sqlite"

    def run(self) -> Result:
        """A day after the last time."""
        hours = next(_hours)

        def clock() -> float:
            return time.time() + hours * 3600

        ledger = Ledger(Database(f"sqlite:///{self.ledger}"), clock)
        return handle(Bot(Git(self._folder / "clones", self.shown.append), ledger, clock=clock), self.url)

    @property
    def branches(self) -> list[str]:
        return [name for name in self.server.branches("api") if name != "main"]


@pytest.fixture
def plain(git_server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plain:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    return Plain(git_server, tmp_path)


def test_it_pushes_once_and_shows_the_text(plain: Plain) -> None:
    assert plain.run().state == states.OPEN
    (branch,) = plain.branches
    (text,) = plain.shown
    assert branch in text and "Dockerfile" in text
    assert plain.server.file("api", branch, "Dockerfile") == AFTER
    message = git("log", "-1", "--format=%B", branch, cwd=plain.server.bare("api"))
    assert metadata.trailer(message).keys() == {"slot", "change", "tree"}
    tip = plain.server.tip("api", branch)
    plain.server.push("api", "main", {"README.md": b"y\n"})
    assert plain.run().state == states.OPEN
    assert (plain.server.tip("api", branch), len(plain.shown)) == (tip, 1)
    plain.ledger = plain.ledger.with_name("another.sqlite")  # lost
    assert plain.run().state == states.OPEN
    assert (plain.server.tip("api", branch), len(plain.shown)) == (tip, 1)


def test_a_conflict_is_solved_on_the_new_base(plain: Plain) -> None:
    plain.run()
    plain.server.push("api", "main", {"Dockerfile": EDITED})
    assert plain.run().state == states.OPEN
    (branch,) = plain.branches
    assert b"curl git && rm -rf" in plain.server.file("api", branch, "Dockerfile")
    assert git("rev-list", "--count", f"main..{branch}", cwd=plain.server.bare("api")).strip() == "1"


def test_a_branch_that_somebody_deleted_is_a_no(plain: Plain) -> None:
    plain.run()
    git("update-ref", "-d", f"refs/heads/{plain.branches[0]}", cwd=plain.server.bare("api"))
    for _ in range(2):
        assert plain.run().state == states.CLOSED
        assert plain.branches == []
    plain.server.push("api", "main", {"Dockerfile": EDITED})
    assert plain.run().state == states.OPEN


@pytest.mark.parametrize("old", [True, *thoroughly(False)])
def test_the_work_of_people_stays(plain: Plain, old: bool) -> None:
    plain.server.old = old
    plain.run()
    (branch,) = plain.branches
    theirs = plain.server.push("api", branch, {"README.md": b"mine\n"})
    plain.server.push("api", "main", {"Dockerfile": EDITED})
    assert plain.run().state == states.BLOCKED
    assert plain.server.tip("api", branch) == theirs


def test_merged(plain: Plain) -> None:
    plain.run()
    (branch,) = plain.branches
    git("update-ref", "refs/heads/main", f"refs/heads/{branch}", cwd=plain.server.bare("api"))
    assert plain.run().state == states.MERGED
    git("update-ref", "-d", f"refs/heads/{branch}", cwd=plain.server.bare("api"))
    assert plain.run().state == states.MERGED
    assert plain.branches == []
