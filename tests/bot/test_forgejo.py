"""Forgejo's client against Forgejo's own description of its API: Prism answers as described, and refuses what is not described.

It has no state, so what is tested here is that each request is one that Forgejo takes, and each answer is understood.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dslim.bot.database import Database
from dslim.bot.forge import trouble
from dslim.bot.forge.forgejo import Forgejo, _calls
from dslim.bot.forge.forgejo_client import Client, at
from dslim.bot.forge.protocol import (
    CLOSED,
    Annotate,
    Change,
    Commit,
    DropBranch,
    EditPull,
    NewCommit,
    OpenPull,
    Push,
    PutIssue,
    React,
    Say,
    Write,
)
from dslim.bot.limiter import Limiter
from tests.bot.counterparts.emulate import free_port
from tests.bot.counterparts.npm import installed, node
from tests.bot.counterparts.swagger_slice import SLICE
from tests.bot.counterparts.wire import Request, send

NAME = "acme/api"
#: what a schema without an example gives
TEXT = "string"
CHANGE = Change(TEXT, "100644", b"\xff\r\n")
PUSH = Push("dslim/all-1", TEXT, "", (NewCommit("one", (CHANGE,)), NewCommit("two", ())), TEXT)


@pytest.fixture(scope="session")
def prism() -> Iterator[int]:
    program = installed("prism") / "@stoplight" / "prism-cli" / "dist" / "index.js"
    port = free_port()
    command = [node(), str(program), "mock", "-h", "127.0.0.1", "-p", str(port), str(SLICE)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            send(port, Request("GET", "/api/v1/user", {}))
            break
        except OSError:
            time.sleep(0.1)
    yield port
    process.kill()
    process.wait()


@pytest.fixture
def client(prism: int, tmp_path: Path) -> Client:
    limiter = Limiter(Database(str(tmp_path / "ledger")), "forgejo", gap=0)
    return Client("token-of-the-bot", limiter, f"http://127.0.0.1:{prism}")


@pytest.fixture
def forgejo(client: Client) -> Forgejo:
    return Forgejo(client, "https://codeberg.org")


def test_reads(forgejo: Forgejo, client: Client) -> None:
    assert forgejo.host == "codeberg.org" and forgejo.me() == TEXT
    assert forgejo.head(NAME, "feature/a#b") == TEXT
    assert forgejo.commit(NAME, "abc123").tree == TEXT
    assert forgejo.commits(NAME, "main", "dslim/all-1")[0].sha == TEXT
    assert [pull.branch for pull in forgejo.pulls(NAME, TEXT)] == [TEXT, TEXT]
    assert forgejo.open_pulls(NAME, "str") and not forgejo.open_pulls(NAME, "dslim/")
    assert forgejo.pull(NAME, 1).updated > 0
    assert forgejo.comments(NAME, 1)[0].author == TEXT
    assert forgejo.may_write(NAME, "alice") is False
    assert forgejo.issues(NAME, "dslim")[0].title == TEXT
    assert client.get(at(NAME, "git", "blobs", "abc"))["content"] == TEXT


def test_a_repository_that_is_archived(forgejo: Forgejo) -> None:
    """As the description's first boolean says of everything."""
    with pytest.raises(trouble.Archived, match="is archived"):
        forgejo.repository(NAME)


@pytest.mark.parametrize(
    "write",
    [
        OpenPull("dslim/all-1", "main", "title", "body", draft=True),
        EditPull(1, "title", "body", CLOSED),
        EditPull(1, body="body"),
        Annotate(1, ("docker",), ("alice",), ("bob", "team:core")),
        Say(1, "words"),
        React(1, 2, "+1"),
        PutIssue(0, "title", "body"),
        PutIssue(3, "title", "body"),
        DropBranch("dslim/all-1", TEXT),
    ],
    ids=lambda write: type(write).__name__,
)
def test_writes(forgejo: Forgejo, write: Write) -> None:
    names = {
        OpenPull: "open_pull", EditPull: "edit_pull", Annotate: "annotate", Say: "say", React: "react",
        PutIssue: "put_issue", DropBranch: "drop_branch",
    }  # fmt: skip
    done = getattr(forgejo, names[type(write)])(NAME, write)
    assert done or not isinstance(write, OpenPull | Say | PutIssue)
    assert not isinstance(write, Annotate) or done == ()
    assert forgejo.calls(NAME, write)


def test_push(forgejo: Forgejo) -> None:
    assert forgejo.push(NAME, PUSH) == TEXT
    assert list(_calls(NAME, PUSH)) == [
        "POST /repos/acme/api/branches",  # unless it is there already
        "POST /repos/acme/api/contents",
        "POST /repos/acme/api/contents",
        "DELETE /repos/acme/api/branches/dslim%2Fall-1-base",
    ]


class Wire:
    """Each write that arrives; the ``last`` one gets no answer."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch, last: int = 99) -> None:
        self.writes: list[tuple[str, str, dict[str, Any]]] = []
        self._real = client.write
        self._last = last
        monkeypatch.setattr(client, "write", self._write)

    def _write(self, verb: str, path: str, sent: dict[str, Any] | None = None) -> Any:
        self.writes.append((verb, path, sent or {}))
        if len(self.writes) == self._last:
            raise trouble.Unavailable("killed")
        return self._real(verb, path, sent)

    def moves(self, branch: str) -> list[str]:
        """The messages of the commits that made the branch move."""
        made = [sent for _, _, sent in self.writes if sent.get("new_branch", sent.get("branch")) == branch]
        return [sent["message"] for sent in made]


@pytest.mark.parametrize("last", [1, 2, 3])
def test_a_push_of_many_commits_moves_the_branch_once(
    forgejo: Forgejo, client: Client, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    """Killed at any request before the last commit, it leaves the branch as it was."""
    three = PUSH._replace(commits=(*PUSH.commits, NewCommit("three", ())))
    wire = Wire(client, monkeypatch, last)
    with pytest.raises(trouble.Unavailable):
        forgejo.push(NAME, three)
    before = wire.moves(PUSH.branch)
    monkeypatch.undo()
    wire = Wire(client, monkeypatch)
    forgejo.push(NAME, three)
    assert before == (["three"] if last == 3 else []) and wire.moves(PUSH.branch) == ["three"]
    assert wire.moves(f"{PUSH.branch}-base") == ["one", "two"]


@pytest.mark.parametrize("whose", ["ours", "a person's"])
def test_a_branch_beside_ours_is_looked_at_before_it_goes(
    forgejo: Forgejo, client: Client, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """The branch that the push begins with: a killed run may have left it, or somebody else has it."""
    message = "Dslim-Slot: 1234abcd" if whose == "ours" else "mine"
    monkeypatch.setattr(forgejo, "commits", lambda *_: (Commit("1", "2", (), message),))
    push = PUSH._replace(parent="0" * 40, commits=(NewCommit("x\n\nDslim-Slot: 1234abcd", (CHANGE,)),))
    wire = Wire(client, monkeypatch)
    if whose == "ours":
        forgejo.push(NAME, push)
        assert [verb for verb, _, _ in wire.writes] == ["DELETE", "POST", "POST"]
    else:
        with pytest.raises(trouble.Refused, match="dslim/all-1-base has commits that are not ours"):
            forgejo.push(NAME, push)
        assert wire.writes == []


def test_push_on_a_branch_that_moved_writes_nothing(forgejo: Forgejo) -> None:
    with pytest.raises(trouble.Conflict, match="points at string, not at nothing"):
        forgejo.push(NAME, PUSH._replace(expected=""))


def test_a_tree_that_is_not_what_it_should_be(forgejo: Forgejo) -> None:
    with pytest.raises(trouble.Refused, match="made tree string where 123 was expected"):
        forgejo.push(NAME, PUSH._replace(tree="123"))


def test_what_is_malformed_is_refused(client: Client) -> None:
    """So that the tests above mean something."""
    with pytest.raises(trouble.Refused, match="422"):
        client.write("POST", at(NAME, "contents"), {"files": [{"operation": "patch", "path": "a"}]})


def test_a_pull_request_that_is_there(forgejo: Forgejo, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def there(*_: object, **__: object) -> None:
        raise trouble.Conflict("POST /repos/acme/api/pulls: 409 pull request already exists for these targets")

    monkeypatch.setattr(client, "write", there)
    with pytest.raises(trouble.AlreadyExists):
        forgejo.open_pull(NAME, OpenPull("dslim/x", "main", "t", "b"))
