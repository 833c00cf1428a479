"""``pytest --bless`` rewrites expectations from what the code does now. Read the diff before you commit it."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.engine import engine as engine

# No test asserts times, and neither do those that Hypothesis writes: a machine with much else to do is no failure.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="rewrite after.Dockerfile files and the catalogue")
    parser.addoption(
        "--thorough", action="store_true", help="the bot: requests held against GitHub's description, full sizes"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--bless") and os.environ.get("CI"):
        raise pytest.UsageError("--bless is refused where CI is set: expectations are blessed by a person")
