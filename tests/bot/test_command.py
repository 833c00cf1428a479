"""`dslim bot` as people call it: what it prints, what it asks for, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dslim.commands import app
from dslim.record import schema
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS
from tests.bot.counterparts.wire import Fault
from tests.bot.robot import AFTER, BEFORE, FILES, NAME


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("DSLIM_GITHUB_APP_ID", "GITHUB_TOKEN", "GITHUB_ACTIONS", "DSLIM_BOT_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DSLIM_GITHUB_TOKEN", TOKENS["bot"])
    monkeypatch.chdir(tmp_path)
    return str(tmp_path / "ledger.sqlite")


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["bot", *words])


def run(forge: Forge, ledger: str, *words: str) -> Result:
    return call("run", NAME, "--api", forge.shim.url, "--ledger", ledger, "--gap", "0", *words)


def test_a_run_says_what_it_did(forge: Forge, ledger: str) -> None:
    forge.world.repository(NAME, FILES)
    first = run(forge, ledger)
    assert (first.stdout, first.exit_code) == ("acme/api: open #1\n", 0)
    assert run(forge, ledger).stdout == "acme/api: open #1\n"
    (said,) = json.loads(run(forge, ledger, "--format", "json").stdout)
    assert (said["name"], said["state"], said["slots"][0]["number"]) == (NAME, "open", 1)


def test_a_dry_run_says_each_request_and_makes_none(forge: Forge, ledger: str) -> None:
    forge.world.repository(NAME, FILES)
    forge.shim.calls.clear()
    dry = run(forge, ledger, "--dry-run")
    assert dry.exit_code == 0 and forge.shim.writes == []
    promised = [line.removeprefix("would ") for line in dry.stdout.splitlines() if line.startswith("would ")]
    assert f"-{BEFORE.splitlines()[1].decode()}\n+{AFTER.splitlines()[1].decode()}\n" in dry.stdout
    assert "    Makes the image of `Dockerfile` smaller." in dry.stdout
    assert "    build(docker): make the image smaller\n" in dry.stdout
    run(forge, ledger)
    done = [f"{one.method} {one.target}" for one in forge.shim.writes]
    assert [line.replace("/issues/0/", "/issues/1/") for line in promised] == done


def test_a_dry_run_of_an_update_tells_the_truth_as_well(forge: Forge, ledger: str) -> None:
    forge.world.repository(NAME, FILES)
    run(forge, ledger)
    forge.world.push(NAME, "main", {"Dockerfile": BEFORE.replace(b"curl", b"wget") + b"# caf\xc3\xa9\n"})
    before = len(forge.shim.writes)
    dry = run(forge, ledger, "--dry-run")
    assert len(forge.shim.writes) == before
    promised = [line.removeprefix("would ") for line in dry.stdout.splitlines() if line.startswith("would ")]
    run(forge, ledger)
    assert [f"{one.method} {one.target}" for one in forge.shim.writes[before:]] == promised
    assert [line.split()[0] for line in promised] == ["POST", "POST", "POST", "PATCH"]


def test_status_tells_what_is_known(forge: Forge, ledger: str) -> None:
    assert call("status", "--ledger", ledger).stdout == "nothing yet\n"
    forge.world.repository(NAME, FILES)
    run(forge, ledger)
    assert re.fullmatch(
        r"open       \S+ acme/api dslim/dockerfiles-[0-9a-f]{8} #1\n", call("status", "--ledger", ledger).stdout
    )
    forge.shim.faults.append(Fault("GET .*", 429, headers={"retry-after": "3600"}, times=99))
    limited = run(forge, ledger)
    assert limited.exit_code == 1 and re.search(r"acme/api: waiting: .*429 .*, until 20\d\d-", limited.stdout)
    assert re.search(r"waiting    \S+ acme/api: .*, until 20", call("status", "--ledger", ledger).stdout)
    said = json.loads(call("status", "--ledger", ledger, "--format", "json").stdout)
    assert (said["repositories"][0]["name"], said["slots"][0]["state"]) == (NAME, "open")


def test_explain_says_why_nothing_came(forge: Forge, ledger: str) -> None:
    files = {
        "Dockerfile": b"FROM debian:12\nRUN apt-get update && apt-get install -y curl $X\nADD a b\n",
        "bad/Dockerfile": b"RUN x\0",
    }
    forge.world.repository(NAME, files)
    forge.shim.calls.clear()
    said = call("explain", NAME, "--api", forge.shim.url, "--ledger", ledger)
    assert forge.shim.writes == []
    assert "bad/Dockerfile: left alone: NUL at byte 5: this is not a text file" in said.stdout
    assert "level safe, one pull request for each: one" in said.stdout
    assert call("status", "--ledger", ledger).stdout == "nothing yet\n"


def test_explain_names_the_patterns_that_found_nothing(forge: Forge, ledger: str) -> None:
    forge.world.repository(NAME, {"README.md": b"x"})
    said = call("explain", NAME, "--api", forge.shim.url, "--ledger", ledger)
    assert "no Dockerfile is among Dockerfile, Dockerfile.*, " in said.stdout


def test_a_token_is_asked_for_and_never_printed(forge: Forge, ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forge.world.repository(NAME, FILES)
    token = TOKENS["bot"]
    forge.shim.faults.append(Fault("GET .*", 403, f"who gave you {token}?", times=9))
    said = run(forge, ledger)
    assert said.exit_code == 2 and token not in said.output and "[secret]" in said.output
    monkeypatch.delenv("DSLIM_GITHUB_TOKEN")
    lacking = run(forge, ledger)
    assert lacking.exit_code == 2 and "set DSLIM_GITHUB_TOKEN or GITHUB_TOKEN" in " ".join(lacking.output.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run"], "Missing argument"),
        (["run", "https://github.com/acme"], "names no repository"),
        (["run", "./none"], "is no folder"),
        (["run", "a/b", "--build", "none"], "is not a folder"),
        (["run", "a/b", "--forge", "github", "--gap", "-1"], "greater than or equal to 0"),
    ],
)
def test_wrong_usage(ledger: str, words: list[str], said: str) -> None:
    result = call(*words, *(["--ledger", ledger] if len(words) > 1 else []))
    assert result.exit_code == 2 and said in " ".join(result.output.replace("│", " ").split())


def test_config_check(ledger: str) -> None:
    nothing = call("config", "check")
    assert nothing.exit_code == 2 and "no configuration here" in nothing.output
    Path(".github").mkdir()
    Path(".github/dslim.yml").write_text("group: one\n")
    right = call("config", "check")
    assert (right.exit_code, right.output) == (0, ".github/dslim.yml: right\n")
    Path("other.yml").write_text("grop: one\nrebase: always\n")
    wrong = call("config", "check", "other.yml", ".github/dslim.yml", "none.yml")
    assert wrong.exit_code == 2
    assert wrong.output.splitlines() == [
        "other.yml:1: unknown key 'grop'; did you mean 'group'?",
        "other.yml:2: rebase: unknown value 'always'; known are conflicted, behind, never",
        ".github/dslim.yml: right",
        "none.yml: no such file",
    ]


def test_config_schema(ledger: str) -> None:
    assert call("config", "schema").stdout.encode() == schema("bot-1")


def test_plain_git_pushes_a_branch_and_shows_the_text(ledger: str, tmp_path: Path) -> None:
    import subprocess

    def git(*words: str) -> str:
        made = subprocess.run(
            ["git", "-C", str(tmp_path / "server"), *words], capture_output=True, text=True, check=True
        )
        return made.stdout

    (tmp_path / "server").mkdir()
    git("init", "-q", "-b", "main")
    (tmp_path / "server" / "Dockerfile").write_bytes(BEFORE)
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first")
    said = call("run", "--forge", "git", str(tmp_path / "server"), "--ledger", ledger)
    assert said.exit_code == 0, said.output
    assert "Makes the image of `Dockerfile` smaller." in said.output
    (branch,) = [line for line in git("branch", "--format=%(refname:short)").split() if line.startswith("dslim/")]
    assert git("show", f"{branch}:Dockerfile").encode() == AFTER
