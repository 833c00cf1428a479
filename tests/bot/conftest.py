"""The forge of the bot's tests: one emulate and one shim for a session, begun anew for each test in milliseconds.

With ``--thorough`` each request of the bot is also held against GitHub's description of its API (a malformed one fails the
test), sizes are those of the largest repositories, and matrices of cases are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.bot import no_power_cut
from tests.bot.counterparts.emulate import Emulate, Seed, seed
from tests.bot.counterparts.git_server import GitServer
from tests.bot.counterparts.prism import Prism
from tests.bot.counterparts.shim import Shim
from tests.bot.counterparts.world import World
from tests.bot.databases import database, open_database, postgres, url

__all__ = ["database", "no_power_cut", "open_database", "postgres", "url"]


_asked: list[pytest.Config] = []


def pytest_configure(config: pytest.Config) -> None:
    """Before the modules of tests are read, which ask for :func:`examples`."""
    _asked.append(config)


def examples(few: int, many: int) -> Callable[[Any], Any]:
    """How many texts, payloads... Hypothesis thinks out for a test: quickly, and with ``--thorough``."""
    most = many if any(config.getoption("--thorough") for config in _asked) else few
    return settings(max_examples=most, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked as thorough is counted as deselected where nobody asked for it."""
    if not config.getoption("--thorough"):
        left = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def thoroughly(*values: object) -> list[object]:
    """Parameters of a test that are tried with ``--thorough`` only."""
    return [pytest.param(value, marks=pytest.mark.thorough) for value in values]


def varied(first: Iterable[object], second: Iterable[object]) -> list[object]:
    """Pairs of parameters of a test: each value of both in some pair; with ``--thorough`` all pairs."""
    first, second = list(first), list(second)
    quick = {(nth % len(first), nth % len(second)) for nth in range(max(len(first), len(second)))}
    return [
        pytest.param(one, other, marks=() if (x, y) in quick else pytest.mark.thorough)
        for x, one in enumerate(first)
        for y, other in enumerate(second)
    ]


class Forge:
    """``shim.url`` is the API for the bot; ``world`` is what people do and see."""

    def __init__(self, emulate: Emulate, shim: Shim, proxy: int | None) -> None:
        self.shim = shim
        self._emulate = emulate
        self._proxy = proxy
        self.restart(seed())

    def restart(self, start_from: Seed) -> None:
        """Another world, of which nobody knows anything yet."""
        self._emulate.start(self.shim.url, start_from)
        self.shim.reset(self._emulate.port, self._proxy)
        self.world = World(self.shim, self._emulate.port)


@pytest.fixture(scope="session")
def _processes() -> Iterator[tuple[Emulate, Shim]]:
    emulate = Emulate()
    shim = Shim()
    yield emulate, shim
    shim.close()
    emulate.close()


@pytest.fixture(scope="session")
def prism(_processes: tuple[Emulate, Shim]) -> Iterator[Prism]:
    """Prism between the shim and emulate. Takes seconds to start."""
    emulate, shim = _processes
    emulate.start(shim.url, seed())
    shim.reset(emulate.port)
    prism = Prism(shim.url)
    yield prism
    prism.close()


@pytest.fixture
def forge(_processes: tuple[Emulate, Shim], request: pytest.FixtureRequest) -> Iterator[Forge]:
    """A GitHub with the people of ``emulate.TOKENS`` and the empty organization ``acme``."""
    emulate, shim = _processes
    proxy = request.getfixturevalue("prism").port if request.config.getoption("--thorough") else None
    yield Forge(emulate, shim, proxy)
    malformed = [(call.method, call.target, call.violations) for call in shim.calls if call.violations]
    assert not malformed, f"GitHub's description of its API refuses {malformed}"


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--thorough"))


@pytest.fixture
def git_server(tmp_path: Path) -> Iterator[GitServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    server = GitServer(folder)
    yield server
    server.close()
