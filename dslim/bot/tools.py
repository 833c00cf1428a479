"""What a run, a sweep and a server work with: the ledger, and a forge for each repository by the rights we have there.

Rights belong to an owner (a GitHub App has an installation for each), limits to the rights, and a connection to one thread.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from dslim.bot.database import Database
from dslim.bot.dry import Dry
from dslim.bot.forge.protocol import Forge
from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.ledger import Ledger, ReadOnly
from dslim.bot.limiter import Limiter
from dslim.bot.logs import tell
from dslim.bot.plan import plan
from dslim.bot.run import Bot, Result, handle, troubled
from dslim.bot.stopping import Stop, StoppableLimiter
from dslim.bot.survey import Planner

GITHUB, GITLAB, FORGEJO, GIT = "github", "gitlab", "forgejo", "git"
KINDS = (GITHUB, GITLAB, FORGEJO, GIT)


class Where(NamedTuple):
    """Which forge: one of :data:`KINDS`, and the address of its API ("" for the public one). ``gap`` is in seconds."""

    kind: str = GITHUB
    api: str = ""
    gap: float = 1.0


def default_ledger() -> str:
    """Where the ledger is when nobody says otherwise."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(home, "dslim", "bot.sqlite")


class Tools:
    """Threads share one. ``planner`` makes plans, here or elsewhere; ``dry`` says each write (to ``show``), and does none;
    ``onboard`` asks first where there is no configuration."""

    def __init__(
        self,
        where: Where,
        ledger: str,
        stop: Stop | None = None,
        planner: Planner = plan,
        dry: bool = False,
        show: Callable[[str], None] = tell,
        onboard: bool = False,
    ) -> None:
        self.where = where
        self.stop = stop or Stop()
        self.database = Database(ledger)
        self.ledger = ReadOnly(self.database) if dry else Ledger(self.database)
        self.show = show
        self._place = ledger
        self.planner = planner
        self._dry = dry
        self._onboard = onboard
        self._mine = threading.local()

    def limiter(self, name: str) -> Limiter:
        """The limits of one token or installation."""
        return StoppableLimiter(self.stop, self.database, name, self.where.gap)

    def forge(self, repository: str) -> Forge:
        """The forge with the rights that we have for a repository; for this thread alone.

        Raises:
            dslim.bot.secrets.NoSecret: there is no token.
            dslim.bot.forge.trouble.ForgeTrouble: an App is not installed there, ...
        """
        known: dict[str, Forge] = self._mine.__dict__
        key = self.shares_limits(repository)
        if key not in known:
            known[key] = self._opened(repository)
        return known[key]

    @property
    def host(self) -> str:
        """The forge's name in the ledger."""
        if self.where.kind == GIT:
            return ""
        if self.where.kind != GITHUB:
            return urlsplit(_address(self.where)).netloc
        from dslim.bot.forge.github import host_of
        from dslim.bot.forge.github_client import API

        return host_of(self.where.api or API)

    def let_in(self, repository: str) -> None:
        """Raises NoSecret where no repository could be handled. What is wrong with this one alone is no matter here."""
        with suppress(ForgeTrouble):
            self.forge(repository)

    def handle(self, repository: str, look: bool = True, asked: bool = False) -> Result:
        """Handle one repository; a forge that does not even let us in is a result as well."""
        try:
            bot = self.bot(repository, look, asked)
        except ForgeTrouble as error:
            return troubled(repository, error, time.time())
        return handle(bot, repository)

    def bot(self, repository: str, look: bool = True, asked: bool = False) -> Bot:
        """What `handle` needs for a repository."""
        return Bot(self.forge(repository), self.ledger, self.planner, look=look, asked=asked, onboard=self._onboard)

    def shares_limits(self, repository: str) -> str:
        """How the names of all repositories begin that have one limit together: all of an owner, or all."""
        apart = self.where.kind == GITHUB and (
            "DSLIM_GITHUB_APP_ID" in os.environ or "DSLIM_GITHUB_APP_ID_FILE" in os.environ
        )
        return repository.partition("/")[0] + "/" if apart else ""

    def _opened(self, repository: str) -> Forge:
        forge = _openers()[self.where.kind](self, repository)
        return Dry(forge, self.show) if self._dry else forge

    def close(self) -> None:
        """Give the ledger back."""
        self.database.close()

    @property
    def folder(self) -> str:
        """Where clones may lie: beside the ledger, or where that is a server, in our own state."""
        place = self._place if "://" not in self._place else default_ledger()
        return os.path.join(os.path.dirname(os.path.abspath(place)), "clones")


def _openers() -> dict[str, Callable[[Tools, str], Forge]]:
    return {GITHUB: _github, GITLAB: _gitlab, FORGEJO: _forgejo, GIT: _git}


def _github(tools: Tools, repository: str) -> Forge:
    from dslim.bot.forge.github_sign_in import from_environment

    return from_environment(tools.where.api, tools.limiter, repository)


def _address(where: Where) -> str:
    """Where people see a forge that is not GitHub."""
    from dslim.bot.forge import forgejo_client, gitlab_client

    return where.api or (gitlab_client.URL if where.kind == GITLAB else forgejo_client.URL)


def _gitlab(tools: Tools, repository: str) -> Forge:
    from dslim.bot.forge import gitlab_client
    from dslim.bot.forge.gitlab import GitLab

    url = _address(tools.where)
    return GitLab(gitlab_client.from_environment(url, tools.limiter(f"{url}/token")), url)


def _forgejo(tools: Tools, repository: str) -> Forge:
    from dslim.bot.forge import forgejo_client
    from dslim.bot.forge.forgejo import Forgejo

    url = _address(tools.where)
    return Forgejo(forgejo_client.from_environment(url, tools.limiter(f"{url}/token")), url)


def _git(tools: Tools, repository: str) -> Forge:
    from dslim.bot.forge.git import Git

    return Git(Path(tools.folder), tools.show)
