"""Plain git on a whole forge that nobody here wrote: Pagure, with its own accounts, hooks and checks before a push."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dslim.bot import states
from dslim.bot.database import Database
from dslim.bot.forge.git import Git
from dslim.bot.ledger import Ledger
from dslim.bot.run import Bot, Result, handle
from tests.bot.counterparts.git_server import git
from tests.bot.counterparts.pagure_server import Pagure
from tests.bot.robot import AFTER, BEFORE

pytestmark = pytest.mark.thorough


@pytest.fixture
def pagure() -> Iterator[Pagure]:
    server = Pagure()
    yield server
    server.close()


class Person:
    """Somebody with a clone; also what reads the forge for the test."""

    def __init__(self, server: Pagure, folder: Path) -> None:
        self._url = server.url.replace("://", f"://bot:{server.token}@")
        self._at = folder / "clone"
        for _ in range(100):  # it listens a moment after it said that all is there
            try:
                git("clone", "--quiet", self._url, str(self._at), cwd=folder)
                return
            except AssertionError:
                time.sleep(0.3)
        raise AssertionError("Pagure does not answer")

    def push(self, branch: str, name: str, content: bytes) -> None:
        git("fetch", "--quiet", "origin", cwd=self._at)
        git("checkout", "--quiet", "-B", "work", f"origin/{branch}", cwd=self._at)
        (self._at / name).write_bytes(content)
        git("add", name, cwd=self._at)
        git("commit", "--quiet", "-m", "Some work", cwd=self._at)
        git("push", "--quiet", "origin", f"work:{branch}", cwd=self._at)

    def branches(self) -> dict[str, str]:
        said = git("ls-remote", "--heads", "origin", cwd=self._at).split()
        return {name.removeprefix("refs/heads/"): sha for sha, name in zip(said[::2], said[1::2], strict=True)}

    def file(self, branch: str, name: str) -> str:
        git("fetch", "--quiet", "origin", cwd=self._at)
        return git("show", f"origin/{branch}:{name}", cwd=self._at)


def test_a_branch_on_pagure(pagure: Pagure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pushed with the token of git's credential helper, left alone, made anew, and never over a person's work."""
    person = Person(pagure, tmp_path)
    person.push("main", "Dockerfile", BEFORE.replace(b"\n", b"\r\n"))
    secret = tmp_path / "secret"
    secret.write_text(pagure.url.replace("://", f"://bot:{pagure.token}@") + "\n")
    configuration = tmp_path / "gitconfig"
    configuration.write_text(f"[credential]\n\thelper = store --file={secret}\n\tuseHttpPath = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    shown: list[str] = []
    hours = iter(range(0, 1000, 24))

    def run() -> Result:
        now = time.time() + next(hours) * 3600
        ledger = Ledger(Database(str(tmp_path / "ledger.sqlite")), lambda: now)
        return handle(Bot(Git(tmp_path / "clones", shown.append), ledger, clock=lambda: now), pagure.url)

    assert run().state == states.OPEN
    (branch,) = set(person.branches()) - {"main"}
    assert person.file(branch, "Dockerfile").encode() == AFTER.replace(b"\n", b"\r\n")
    before = person.branches()
    assert run().state == states.OPEN and person.branches() == before
    person.push("main", "Dockerfile", BEFORE.replace(b"curl", b"wget"))
    assert run().state == states.OPEN
    assert "wget && rm -rf" in person.file(branch, "Dockerfile")
    person.push(branch, "NOTES", b"mine\n")
    person.push("main", "Dockerfile", BEFORE.replace(b"curl", b"git"))
    before = person.branches()
    result = run()
    assert result.state == states.BLOCKED, result.reason
    assert person.branches() == before
    assert pagure.token not in "".join(shown) + (tmp_path / "ledger.sqlite").read_bytes().decode("latin-1")
