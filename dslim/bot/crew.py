"""The tools of a sweep and of a server: those of a run, for many threads, with plans made elsewhere and an end on request."""

from __future__ import annotations

import time

from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.limiter import Limiter
from dslim.bot.logs import tell
from dslim.bot.places import Place, place
from dslim.bot.run import Bot, Result, handle, troubled
from dslim.bot.stopping import Stop, StoppableLimiter
from dslim.bot.survey import Planner
from dslim.bot.tools import Tools


class Crew(Tools):
    """``forge_name`` and ``api`` say which forge the names of repositories belong to, where they do not say so themselves."""

    def __init__(
        self, ledger: str, gap: float, dry: bool, stop: Stop, planner: Planner, forge_name: str = "", api: str = ""
    ) -> None:
        super().__init__(ledger, gap, dry, tell)
        self.stop = stop
        self._planner = planner
        self._forge_name = forge_name
        self._api = api

    def place(self, name: str) -> Place:
        """Raises :class:`dslim.bot.places.Unclear`."""
        return place(name, self._forge_name, self._api)

    def limiter(self, name: str) -> Limiter:
        return StoppableLimiter(self.stop, self.database, name, self._gap)

    def handle(self, name: str, look: bool = True, asked: bool = False) -> Result:
        """Handle one repository; a forge that does not even let us in is a result as well."""
        where = self.place(name)
        try:
            bot = Bot(self.forge(where), self.ledger, self._planner, look=look, asked=asked)
        except ForgeTrouble as error:
            return troubled(name, error, time.time())
        return handle(bot, where.name)

    def shares_limits(self, name: str) -> str:
        """How the names of all repositories begin that have one limit with this one: all of an owner, or all."""
        owner = self.owner(self.place(name))
        return f"{name[: len(owner)]}/" if owner and name.lower().startswith(f"{owner}/") else ""
