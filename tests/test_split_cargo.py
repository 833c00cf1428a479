"""What Cargo.toml and Cargo.lock say."""

from __future__ import annotations

import pytest

from rewriter.knowledge import dev_packages
from rewriter.model import split_cargo
from rewriter.rule import Ask

PACKAGE = '[package]\nname = "shop"\nversion = "0.1.0"\n'


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        (PACKAGE, ("shop",)),
        (f'{PACKAGE}[[bin]]\nname = "server"\npath = "src/server.rs"\n', ("server",)),
        ('[workspace]\nmembers = ["server"]\n', ()),
        (f"{PACKAGE}bin = 3\n", ("shop",)),
    ],
)
def test_programs(text: str, programs: tuple[str, ...]) -> None:
    assert split_cargo.programs(text) == programs


def test_a_manifest_that_cannot_be_read() -> None:
    assert split_cargo.programs("[package\n") is None


def test_crates_of_a_lock() -> None:
    files = {"Cargo.lock": '[[package]]\nname = "pq-sys"\nversion = "1"\n\n[[package]]\nname = "shop"\n'}
    ask = Ask(context=files.get, files=lambda: tuple(files))
    assert split_cargo.crates(ask) == frozenset(("pq-sys", "shop"))
    assert split_cargo.crates(Ask()) is None


def test_sources_that_are_programs() -> None:
    names = ("src/main.rs", "src/bin/worker.rs", "src/bin/mailer/main.rs", "src/bin/mailer/text.rs")
    assert split_cargo.beside(Ask(files=lambda: names)) == ("worker", "mailer")


def test_libraries_by_release() -> None:
    assert dev_packages.linked("crates", "bookworm")["openssl-sys"] == "libssl3"
    assert dev_packages.linked("gems", "stretch")["mysql2"] == "libmariadbclient18"
    assert dev_packages.linked("gems", "noble") == {}
