"""The forge of the bot's tests: one emulate and one shim for a session, begun anew for each test in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.bot.counterparts.emulate import Emulate, seed
from tests.bot.counterparts.shim import Shim
from tests.bot.counterparts.world import World


class Forge(NamedTuple):
    """``shim.url`` is the API for the bot; ``world`` is what people do and see."""

    shim: Shim
    world: World


@pytest.fixture(scope="session")
def _processes() -> Iterator[tuple[Emulate, Shim]]:
    emulate = Emulate()
    shim = Shim()
    yield emulate, shim
    shim.close()
    emulate.close()


@pytest.fixture
def forge(_processes: tuple[Emulate, Shim]) -> Forge:
    """A GitHub with the people of ``emulate.TOKENS`` and the empty organization ``acme``."""
    emulate, shim = _processes
    emulate.start(shim.url, seed())
    shim.reset(emulate.port)
    return Forge(shim, World(shim, emulate.port))
