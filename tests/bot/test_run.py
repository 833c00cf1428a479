"""One repository on a GitHub with state: opened once, kept, updated, left to people, closed, and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import states
from dslim.bot.database import Database
from dslim.bot.forge.github import GitHub
from dslim.bot.forge.github_sign_in import with_token
from dslim.bot.ledger import Ledger
from dslim.bot.limiter import Limiter
from dslim.bot.run import Bot, Result, handle
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS

NAME = "acme/api"
FAT = b'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nCMD ["curl"]\n'


@pytest.fixture
def bot(forge: Forge, tmp_path: Path) -> Bot:
    return a_bot(forge, tmp_path / "ledger.db")


def a_bot(forge: Forge, ledger: Path) -> Bot:
    database = Database(str(ledger))
    github: GitHub = with_token(TOKENS["bot"], Limiter(database, "test", gap=0), forge.shim.url)
    return Bot(github, Ledger(database))


def run(bot: Bot) -> Result:
    return handle(bot, NAME)


def test_a_pull_request_is_opened_once(forge: Forge, bot: Bot) -> None:
    forge.world.repository(NAME, {"Dockerfile": FAT, "other": b"x"})
    result = run(bot)
    print(result, forge.world.pulls(NAME)[0]["body"] if forge.world.pulls(NAME) else None)
    for c in forge.shim.calls:
        print(c.method, c.target, c.status)
    assert result.state == states.OPEN
    forge.shim.calls.clear()
    assert run(bot).state == states.OPEN
    for c in forge.shim.calls:
        print(c.method, c.target, c.status)
    assert not forge.shim.writes
    assert len(forge.world.pulls(NAME)) == 1
