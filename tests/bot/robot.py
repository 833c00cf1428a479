"""The bot in the test's process: a ledger of its own, and a clock that the test moves instead of waiting."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path
from typing import NamedTuple

from dslim.bot.database import Database
from dslim.bot.forge.github_sign_in import with_token
from dslim.bot.ledger import Ledger
from dslim.bot.limiter import Limiter
from dslim.bot.run import Bot, Result, handle
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS

NAME = "acme/api"
#: a Dockerfile with something to do, and what becomes of it
BEFORE = b'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\n'
AFTER = BEFORE.replace(b"-y curl\n", b"-y curl && rm -rf /var/lib/apt/lists/*\n")
FILES = {"Dockerfile": BEFORE, "README.md": b"# api\n"}

_numbers = itertools.count()


class Robot:
    """``run`` is what `dslim bot run` does with one repository. ``offset`` puts its clock forward, in seconds."""

    def __init__(self, forge: Forge, folder: Path, by: str = "bot", ledger: Path | None = None) -> None:
        self.forge = forge
        self.offset = 0.0
        self.slept = 0.0
        number = next(_numbers)
        self.file = ledger or folder / f"ledger-{number}.sqlite"
        database = Database(f"sqlite:///{self.file}")
        limiter = Limiter(database, by, clock=self.clock, sleep=self.sleep)
        self.ledger = Ledger(database, self.clock)
        self.bot = Bot(
            with_token(TOKENS[by], limiter, forge.shim.url), self.ledger, clock=self.clock, owner=f"robot {number}"
        )

    def clock(self) -> float:
        return time.time() + self.offset

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a test: the clock goes on."""
        self.slept += seconds
        self.offset += seconds

    def later(self, hours: float = 24) -> None:
        """Past the limits on pull requests in an hour, and whatever else waits."""
        self.offset += hours * 3600

    def run(self, name: str = NAME) -> Result:
        return handle(self.bot, name)


class Pull(NamedTuple):
    """What the bot proposed."""

    number: int
    branch: str
    head: str
    title: str
    body: str


def proposed(robot: Robot, name: str = NAME) -> Pull:
    """Runs the bot. It must open the one pull request that is open then."""
    robot.run(name)
    return the_pull(robot.forge, name)


def the_pull(forge: Forge, name: str = NAME) -> Pull:
    """The one open pull request; its branch must be the only one of the bot's."""
    (pull,) = forge.world.pulls(name, "open")
    branch = pull["head"]["ref"]
    assert ours(forge, name) == [branch]
    return Pull(pull["number"], branch, forge.world.tip(name, branch), pull["title"], pull["body"])


def ours(forge: Forge, name: str = NAME) -> list[str]:
    """The bot's branches."""
    return [branch for branch in forge.world.branches(name) if re.match(r"dslim[-/].", branch)]


def quiet(robot: Robot, name: str = NAME) -> Result:
    """Runs the bot; it must not write anything."""
    before = len(robot.forge.shim.writes)
    result = robot.run(name)
    assert robot.forge.shim.writes[before:] == []
    return result
