"""The ledger's two databases for a test: it runs once with each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dslim.bot.database import Database
from tests.bot.counterparts.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    folder = tempfile.mkdtemp(prefix="dslim-pg")  # short: the path of a socket must be
    server = Postgres(Path(folder))
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty ledger is."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def open_database(url: str) -> Iterator[Callable[[], Database]]:
    """Opens it once more, as another process would."""
    opened: list[Database] = []

    def once_more() -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield once_more
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    return open_database()
