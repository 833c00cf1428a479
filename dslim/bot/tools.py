"""The tools of a run, made from the words of the command line: ledger, limiters, and one client for each forge and owner."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from typing import NamedTuple

from dslim.bot.database import Database
from dslim.bot.dry import Dry
from dslim.bot.forge.protocol import Forge
from dslim.bot.ledger import Ledger, ReadOnly
from dslim.bot.limiter import Limiter
from dslim.bot.places import Place

APP = "DSLIM_GITHUB_APP_ID"


class Tools:
    """Opened once for a run; threads may share it. ``tell`` hears what a dry run would do, and what plain git has to show."""

    def __init__(self, ledger: str, gap: float, dry: bool, tell: Callable[[str], None]) -> None:
        path = ledger or default_ledger()
        self.database = Database(path)
        self.ledger: Ledger = ReadOnly(self.database) if dry else Ledger(self.database)
        self._folder = Path(path if "://" not in path else default_ledger()).parent / "git"
        self._gap = gap
        self._dry = dry
        self._tell = tell
        self._made: dict[_Who, Forge] = {}

    def forge(self, place: Place) -> Forge:
        """The client for one repository; within a thread, those of the same owner share it, and with it token and connections.

        Raises:
            dslim.bot.secrets.NoSecret: the environment has no token for it.
            ForgeTrouble: an App is not installed there.
        """
        who = _Who(place.forge, place.api, self.owner(place), get_ident())
        if who not in self._made:
            made = self._new(place)
            self._made[who] = Dry(made, self._tell) if self._dry else made
        return self._made[who]

    def owner(self, place: Place) -> str:
        """Whose limits a repository shares: an App has some for each owner, a token has one for all ("")."""
        return place.name.partition("/")[0].lower() if place.forge == "github" and _is_app() else ""

    def _new(self, place: Place) -> Forge:
        """Each forge's library is loaded when the first repository is there."""
        if place.forge == "git":
            from dslim.bot.forge.git import Git

            return Git(self._folder, self._tell)
        from dslim.bot.forge.github_sign_in import from_environment

        return from_environment(place.api, self.limiter, place.name)

    def limiter(self, name: str) -> Limiter:
        """The limiter of one token or installation."""
        return Limiter(self.database, name, self._gap)


class _Who(NamedTuple):
    """A connection belongs to one thread."""

    forge: str
    api: str
    owner: str
    thread: int


def _is_app() -> bool:
    return APP in os.environ or f"{APP}_FILE" in os.environ


def default_ledger() -> str:
    """Where the memory is when nobody says: in the folder for programs' state."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(home, "dslim", "bot.sqlite")
