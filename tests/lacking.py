"""What a machine may lack. These are the only reasons for which a test is skipped, and this is the only place that skips."""

from __future__ import annotations

from enum import Enum
from typing import NoReturn

import pytest


class Lacking(Enum):
    """Each says what to do about it."""

    ENGINE = "no Docker engine answers (DOCKER_HOST, or the default socket)"
    NODE = "no Node.js 20 or newer (node and npm on PATH): the forge of the bot's tests comes from npm"
    PACKAGES = "npm could not install the forge of the bot's tests (its message is in the output)"
    GIT_SERVER = "git has no http-backend here (it comes with git itself in most packages)"
    PAGURE = "no Pagure here (as root, 640 MB: tests/bot/counterparts/pagure/make-root.sh ~/.cache/dslim-tests/pagure)"
    POSTGRES = "no PostgreSQL here (apt-get install postgresql): the ledger is tested with SQLite alone"


def skip(lacking: Lacking) -> NoReturn:
    """This test cannot be made here."""
    pytest.skip(lacking.value)
