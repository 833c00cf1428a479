"""What `dslim bot sweep` says before it begins anything, when its words make no sense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dslim.asked import Usage
from dslim.bot import sweeping
from dslim.bot.database import Database

ASKED = sweeping.Asked("repos.txt", "github", "http://127.0.0.1:1", "ledger", gap=0)


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DSLIM_GITHUB_TOKEN", "GITHUB_TOKEN", "DSLIM_GITHUB_APP_ID", "DSLIM_GITHUB_APP_KEY"):
        monkeypatch.delenv(name, raising=False)
    Path("repos.txt").write_text("acme/api\n")


def refused(asked: sweeping.Asked) -> tuple[str, str]:
    with pytest.raises(Usage) as told:
        sweeping.sweep(asked)
    return told.value.option, str(told.value)


def test_no_list() -> None:
    assert refused(ASKED._replace(repos="none")) == ("--repos", "none: no such file")


def test_several_forges_in_one_list() -> None:
    Path("repos.txt").write_text("https://github.com/acme/api\nhttps://gitlab.com/acme/api\n")
    option, said = refused(ASKED._replace(forge="", api=""))
    assert option == "--repos" and "make a list for each" in said


def test_no_token() -> None:
    option, said = refused(ASKED)
    assert option == "--forge" and "set DSLIM_GITHUB_TOKEN" in said


def test_a_key_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSLIM_GITHUB_APP_ID", "1")
    monkeypatch.setenv("DSLIM_GITHUB_APP_KEY", "this is no key at all")
    option, said = refused(ASKED)
    assert option == "--forge" and said.startswith("DSLIM_GITHUB_APP_KEY is no private key") and "at all" not in said


def test_a_ledger_of_a_newer_dslim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSLIM_GITHUB_TOKEN", "x")
    database = Database("ledger")
    with database.transaction() as there:
        there.exec_driver_sql("UPDATE about SET value = '99'")
    database.close()
    assert refused(ASKED)[0] == "--ledger"


def test_an_empty_list_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    Path("repos.txt").write_text("# nothing yet\n")
    assert sweeping.sweep(ASKED._replace(form="json")) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["counts"], said["handled"], said["left"]) == ({}, 0, [])


def test_a_forge_that_is_away_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DSLIM_GITHUB_TOKEN", "x")
    assert sweeping.sweep(ASKED._replace(wait=1.0)) == 1
    assert "1 repositories: 1 waiting\n  acme/api waiting until " in capsys.readouterr().out
