"""The Docker engine that tests may use: the one that DOCKER_HOST, or the default socket, leads to."""

from __future__ import annotations

import functools

import pytest

from dslim.images.engine import Engine
from tests import lacking


@functools.cache
def _answers() -> bool:
    return not Engine().silence()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine; where none answers, the test is skipped with the one reason that is allowed."""
    if not _answers():
        lacking.skip(lacking.Lacking.ENGINE)
    return Engine()
