"""Hard cases 17 and 18: webhooks that are forged, repeated, out of order, huge or missed; commands of whom we do not obey."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dslim.bot.database import Database
from dslim.bot.ledger import Ledger
from tests.bot.conftest import Forge
from tests.bot.robot import FILES, NAME, the_pull
from tests.bot.server import Server, about, signed

BASE = {"ref": "refs/heads/main"}


@pytest.fixture
def server(forge: Forge, tmp_path: Path) -> Iterator[Server]:
    forge.world.repository(NAME, FILES)
    made = Server(forge, tmp_path)
    yield made
    made.process.kill()


def push(repository: str = NAME) -> Any:
    return about("push", None, repository, lambda sent: sent.update(BASE))


def comment(forge: Forge, number: int, body: str, login: str = "alice", kind: str = "User", name: str = NAME) -> Any:
    """Written on the forge, and the delivery that tells of it."""
    made = forge.world.comment(name, number, body, by=login)

    def change(sent: dict[str, Any]) -> None:
        sent["issue"]["number"] = number
        sent["comment"].update(id=made, body=body, user={"login": login, "type": kind})

    return about("issue_comment", "created", name, change)


def test_case_17_forged_repeated_and_huge(server: Server, forge: Forge) -> None:
    body = json.dumps(push()).encode()
    right = signed("push", body, "repeated")
    forged = {
        "none": {key: value for key, value in right.items() if key != "x-hub-signature-256"},
        "of another secret": {**right, "x-hub-signature-256": "sha256=" + "0" * 64},
        "of another kind": {**right, "x-hub-signature-256": "sha1=" + "0" * 40},
        "no ASCII": {**right, "x-hub-signature-256": "sha256=é"},
    }
    assert {what: server.post(body, headers) for what, headers in forged.items()} == dict.fromkeys(forged, 401)
    assert server.post(body + b" ", right) == 401, "one byte more"
    huge = b'{"a": "' + b"x" * 25 * 2**20 + b'"}'
    with suppress(ConnectionError):  # the door is closed before all of it was pushed through
        server.post(huge, signed("push", huge))
    server.wait_for('"push 413: more than 26,214,400 bytes"')
    whole = b'{"a": "' + b"x" * (25 * 2**20 - 9) + b'"}'
    assert len(whole) == 25 * 2**20 and server.post(whole, signed("push", whole)) == 202, "as large as GitHub's largest"
    assert forge.shim.calls == [], "nothing was believed"
    assert server.post(body, right) == 202
    server.wait_for(f'"{NAME} open')
    assert server.post(body, right) == 202
    server.wait_for("taken in before")
    assert server.deliver("push", push()) == 202
    server.wait_for(f'"{NAME} open', times=2)
    the_pull(forge)
    assert len(forge.shim.like("POST .*/pulls$")) == 1
    assert server.ask("GET", "/healthz") == (200, '{"message":"fine"}')
    said = server.ask("GET", "/metrics")[1]
    assert 'dslim_deliveries_total{event="push",status="401"} 5.0' in said
    assert 'dslim_slots{state="open"} 1.0' in said


def answered(connection: socket.socket) -> bytes:
    """Until the server closes the connection."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    connection.close()
    return b"".join(parts)


def test_case_17_garbage_and_silence(server: Server) -> None:
    start = b"POST /webhook HTTP/1.1\r\nHost: x\r\n"
    for said, status in (
        (b"\x00\x01\x02 garbage\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),  # TLS
        (start + b"X: " + b"y" * 100_000 + b"\r\n\r\n", b"4"),
        (start + b"Content-Length: -1\r\n\r\n", b"400"),
        (start + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"400"),
        (start + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"4"),
    ):
        assert answered(server.connected(said)).startswith(b"HTTP/1.1 " + status), said[:80]
    silent = [server.connected(b"") for _ in range(40)] + [server.connected(start) for _ in range(40)]
    for one in silent:
        answered(one)  # ends, since they are sent away
    assert server.ask("GET", "/healthz") == (200, '{"message":"fine"}')
    assert server.deliver("ping", {}) == 202


@pytest.mark.thorough
def test_case_17_out_of_order(server: Server, forge: Forge) -> None:
    """What is told last is not what happened last; only the forge knows."""
    server.deliver("push", push())
    server.wait_for(f'"{NAME} open')
    pull = the_pull(forge)
    forge.world.close(NAME, pull.number)

    def ours(sent: dict[str, Any]) -> None:
        sent["pull_request"]["head"]["ref"] = pull.branch

    for action in ("closed", "opened", "reopened"):
        assert server.deliver("pull_request", about("pull_request", action, NAME, ours)) == 202
    server.wait_for(f'"{NAME} closed')
    assert [one["state"] for one in forge.world.pulls(NAME)] == ["closed"]


@pytest.mark.thorough
def test_case_17_missed_for_a_day(forge: Forge, tmp_path: Path) -> None:
    """Nobody told us of a push; the nightly sweep finds it. A server that was down at night begins with it."""
    forge.world.repository(NAME, FILES)
    (tmp_path / "repos.txt").write_text(NAME)
    server = Server(forge, tmp_path, "--repos", str(tmp_path / "repos.txt"), "--nightly", "* * * * *")
    try:
        server.wait_for("the nightly sweep begins: 1 repositories")
        server.wait_for(f'"{NAME} open')
        the_pull(forge)
    finally:
        server.process.kill()


@pytest.mark.thorough
def test_case_17_killed_after_the_answer(forge: Forge, tmp_path: Path) -> None:
    forge.world.repository(NAME, FILES)
    first = Server(forge, tmp_path)
    assert first.deliver("push", push()) == 202
    first.process.kill()
    second = Server(forge, tmp_path)
    second.wait_for(f'"{NAME} open')
    os.kill(second.process.pid, signal.SIGTERM)
    assert second.process.wait(60) == 0, second.process.said
    the_pull(forge)


def test_case_18_commands(server: Server, forge: Forge, tmp_path: Path) -> None:
    """Of strangers, in quotes, of bots: nothing. Of a maintainer: done, with a thumb up."""
    server.deliver("push", push())
    server.wait_for(f'"{NAME} open')
    pull = the_pull(forge)
    forge.world.push(NAME, pull.branch, {"other": b"alice was here\n"})
    before = forge.world.tip(NAME, pull.branch)
    for body, login, kind in (
        ("@dslim recreate", "mallory", "User"),
        ("> @dslim recreate", "alice", "User"),
        ("```\n@dslim recreate\n```", "alice", "User"),
        ("@dslim recreate", "alice", "Bot"),
        ("@dslim recreate", "bot", "User"),
    ):
        assert server.deliver("issue_comment", comment(forge, pull.number, body, login, kind)) == 202
    server.wait_for("ignored: mallory may not write")
    server.wait_for("ignored: our own words")
    assert forge.shim.like("POST .*/reactions$") == []
    assert forge.world.tip(NAME, pull.branch) == before
    assert server.deliver("issue_comment", comment(forge, pull.number, "@dslim recreate")) == 202
    server.wait_for("recreate #1")
    server.wait_for('"outcome": "open"', times=2)
    assert forge.world.tip(NAME, pull.branch) != before
    assert [json.loads(call.sent) for call in forge.shim.like("POST .*/reactions$")] == [{"content": "+1"}]


@pytest.mark.thorough
def test_case_18_commands_elsewhere(server: Server, forge: Forge, tmp_path: Path) -> None:
    """In somebody else's pull request nobody speaks to us; on ours, rules and files are explained and left alone."""
    forge.world.branch(NAME, "work")
    forge.world.push(NAME, "work", {"a": b"b\n"})
    sent = {"title": "t", "head": "work", "base": "main", "body": ""}
    theirs = forge.world.call("POST", f"/repos/{NAME}/pulls", sent)["number"]
    server.deliver("push", push())
    server.wait_for(f'"{NAME} open')
    ours = next(one["number"] for one in forge.world.pulls(NAME) if one["number"] != theirs)
    server.deliver("issue_comment", comment(forge, theirs, "@dslim pause"))
    server.wait_for(f"ignored: #{theirs} is not ours")
    text = (
        "@dslim explain apt-lists-left-behind\n@dslim explain nonsense\n@dslim ignore Dockerfile\n@dslim ignore nowhere"
    )
    server.deliver("issue_comment", comment(forge, ours, text))
    server.wait_for("neither rule nor file")
    server.wait_for(f'"{NAME} superseded')
    said = [one for one in forge.world.comments(NAME, ours) if "dslim:answer" in one]
    assert len(said) == 3 and said[0].startswith("**`apt-lists-left-behind`** (safe)")
    assert "I know no rule `nonsense`" in said[1] and "`nowhere` is neither" in said[2]
    assert [one["state"] for one in forge.world.pulls(NAME) if one["number"] == ours] == ["closed"]


@pytest.mark.thorough
def test_case_18_paused_and_resumed(server: Server, forge: Forge, tmp_path: Path) -> None:
    server.deliver("push", push())
    server.wait_for(f'"{NAME} open')
    pull = the_pull(forge)
    server.deliver("issue_comment", comment(forge, pull.number, "@dslim pause"))
    server.wait_for("gated: paused by alice")
    writes = len(forge.shim.writes)
    forge.world.push(NAME, "main", {"Dockerfile": b"FROM debian:12\nCMD true\n"})
    server.deliver("push", push())
    server.wait_for("gated: paused by alice", times=2)
    assert len(forge.shim.writes) == writes
    server.deliver("issue_comment", comment(forge, pull.number, "@dslim resume"))
    server.wait_for(f'"{NAME} superseded')
    (slot,) = Ledger(Database(str(tmp_path / "ledger.sqlite"))).slots()
    assert slot.state == "superseded"
