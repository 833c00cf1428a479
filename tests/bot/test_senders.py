"""Webhooks of GitLab, Forgejo and Gitea: each proves itself in its own way, and means the same as GitHub's.

Payloads are cut down from the examples in the documentation of each.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslim.asked import Usage
from dslim.bot.serve import serving
from dslim.bot.serve.senders import SENDERS, hexadecimal
from dslim.bot.tools import Where
from tests.bot.conftest import Forge, examples
from tests.bot.counterparts.recorded import Recorded
from tests.bot.server import SECRET, Server
from tests.bot.test_web import Client

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()

PROJECT = {"id": 15, "path_with_namespace": "acme/tools/api", "default_branch": "main"}
PUSH = {"object_kind": "push", "ref": "refs/heads/main", "after": "d" * 40, "project": PROJECT}
MERGE = {
    "object_kind": "merge_request",
    "project": PROJECT,
    "object_attributes": {"iid": 1, "source_branch": "dslim/all-1", "action": "close"},
}
ABOUT = {"id": 1244, "note": "@dslim pause", "noteable_type": "MergeRequest", "action": "create"}
NOTE = {
    "object_kind": "note",
    "user": {"username": "alice"},
    "project": PROJECT,
    "object_attributes": ABOUT,
    "merge_request": {"iid": 7, "source_branch": "dslim/all-1"},
}
ISSUE = {
    "object_kind": "issue",
    "project": PROJECT,
    "object_attributes": {"iid": 3, "action": "update", "description": "<!-- dslim:dashboard -->"},
}

REPOSITORY = {"id": 140, "full_name": "acme/api", "default_branch": "main"}
FORGEJO_PUSH = {"ref": "refs/heads/main", "repository": REPOSITORY}
FORGEJO_PULL = {
    "action": "closed",
    "number": 1,
    "pull_request": {"head": {"ref": "dslim/all-1"}},
    "repository": REPOSITORY,
}
FORGEJO_NOTE = {
    "action": "created",
    "issue": {"number": 7},
    "comment": {"id": 1244, "body": "@dslim pause", "user": {"login": "alice"}},
    "repository": REPOSITORY,
    "is_pull": True,
}


def token(body: bytes) -> dict[str, str]:
    return {"x-gitlab-token": SECRET}


def forgejo(body: bytes) -> dict[str, str]:
    return {"x-forgejo-signature": hexadecimal(SECRET, body), "x-gitea-signature": hexadecimal(SECRET, body)}


def gitea(body: bytes) -> dict[str, str]:
    return {"x-gitea-signature": hexadecimal(SECRET, body)}


def standard(body: bytes, name: str = "one", when: float = 0.0) -> dict[str, str]:
    """As the Standard Webhooks sign, which GitLab follows."""
    stamp = str(int(when or time.time()))
    made = hmac.new(b"k" * 32, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signed = f"v1,{base64.b64encode(b'old').decode()} v1,{base64.b64encode(made).decode()}"
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signed}


HOW: dict[str, tuple[str, str, Callable[[bytes], dict[str, str]]]] = {
    "GitLab's token": ("gitlab", SECRET, token),
    "GitLab's signature": ("gitlab", KEY, standard),
    "Forgejo": ("forgejo", SECRET, forgejo),
    "Gitea": ("forgejo", SECRET, gitea),
}


class Sent(Client):
    """A door for one kind of sender."""

    def __init__(self, folder: Path, how: str) -> None:
        self.kind, secret, self.proof = HOW[how]
        super().__init__(folder / "ledger.sqlite", self.kind, secret)
        self.prefix = {"GitLab": "x-gitlab-", "Forgejo": "x-forgejo-", "Gitea": "x-gitea-"}[how.split("'")[0]]

    def deliver(self, event: str, sent: object, delivery: str = "one") -> tuple[int, str]:
        body = json.dumps(sent).encode()
        named = {"content-type": "application/json", f"{self.prefix}event": event, f"{self.prefix}delivery": delivery}
        if self.kind == "gitlab":
            named |= {"x-gitlab-event-uuid": delivery}
        return self.send(body, named | self.proof(body))


@pytest.mark.parametrize("how", HOW)
def test_only_who_knows_the_secret_is_let_in(tmp_path: Path, how: str) -> None:
    sender = Sent(tmp_path, how)
    event, sent = ("Push Hook", PUSH) if sender.kind == "gitlab" else ("push", FORGEJO_PUSH)
    body = json.dumps(sent).encode()
    plain = {"content-type": "application/json", f"{sender.prefix}event": event, f"{sender.prefix}delivery": "one",
             "x-gitlab-event-uuid": "one"}  # fmt: skip
    assert sender.send(body, plain)[0] == 401
    for name, value in sender.proof(body).items():
        if name not in ("webhook-id", "x-gitea-signature") or how == "Gitea":
            assert sender.send(body, plain | sender.proof(body) | {name: value + "x"})[0] == 401, name
    if how != "GitLab's token":
        assert sender.send(body + b" ", plain | sender.proof(body))[0] == 401, "one byte more"
    assert sender.waiting() == []
    assert sender.deliver(event, sent)[0] == 202
    assert sender.waiting() == ["acme/tools/api" if sender.kind == "gitlab" else "acme/api"]
    assert "taken in before" in sender.deliver(event, sent)[1]


def test_an_old_delivery_of_gitlab_is_not_taken_again(tmp_path: Path) -> None:
    sender = Sent(tmp_path, "GitLab's signature")
    body = json.dumps(PUSH).encode()
    named = {"content-type": "application/json", "x-gitlab-event": "Push Hook"}
    assert sender.send(body, named | standard(body, when=time.time() - 400))[0] == 401
    assert sender.send(body, named | standard(body) | {"webhook-id": "two"})[0] == 401, "the name is signed, too"
    assert sender.send(body, named | {"x-gitlab-token": KEY, "webhook-id": "one"})[0] == 401, "a key is never sent"
    assert sender.send(body, named | standard(body))[0] == 202


def test_the_signature_of_one_forge_is_none_for_another(tmp_path: Path) -> None:
    sender = Sent(tmp_path, "Forgejo")
    body = json.dumps(FORGEJO_PUSH).encode()
    github = {"content-type": "application/json", "x-github-event": "push", "x-github-delivery": "one",
              "x-hub-signature-256": f"sha256={hexadecimal(SECRET, body)}"}  # fmt: skip
    assert sender.send(body, github)[0] == 401


@pytest.mark.parametrize(
    ("how", "event", "sent", "change", "waits"),
    [
        ("GitLab's token", "Push Hook", PUSH, {}, True),
        ("GitLab's token", "Push Hook", PUSH, {"after": "0" * 40}, False),
        ("GitLab's token", "Tag Push Hook", PUSH, {"ref": "refs/tags/v1"}, False),
        ("GitLab's token", "Merge Request Hook", MERGE, {}, True),
        ("GitLab's token", "Merge Request Hook", MERGE, {"object_attributes": {"source_branch": "feature"}}, False),
        ("GitLab's token", "Note Hook", NOTE, {}, True),
        ("GitLab's token", "Note Hook", NOTE, {"user": {"username": "project_15_bot_0a1b"}}, False),
        ("GitLab's token", "Note Hook", NOTE, {"object_attributes": ABOUT | {"noteable_type": "Issue"}}, False),
        ("GitLab's token", "Note Hook", NOTE, {"object_attributes": ABOUT | {"action": "update"}}, False),
        ("GitLab's token", "Issue Hook", ISSUE, {}, True),
        ("GitLab's token", "Pipeline Hook", PUSH, {}, False),
        ("Forgejo", "push", FORGEJO_PUSH, {}, True),
        ("Gitea", "pull_request", FORGEJO_PULL, {}, True),
        ("Forgejo", "issue_comment", FORGEJO_NOTE, {}, True),
        ("Forgejo", "issue_comment", FORGEJO_NOTE, {"action": "edited"}, False),
        ("Forgejo", "repository", {"action": "deleted", "repository": REPOSITORY}, {}, False),
        ("Forgejo", "wiki", FORGEJO_PUSH, {}, False),
    ],
)  # fmt: skip
def test_what_they_send_is_understood(
    tmp_path: Path, how: str, event: str, sent: dict[str, Any], change: dict[str, Any], waits: bool
) -> None:
    sender = Sent(tmp_path, how)
    status, said = sender.deliver(event, sent | change)
    assert status == 202 and bool(sender.waiting()) == waits, said
    if waits and "ote" in event + str(sent.get("comment", "")):
        assert [one.verb for one in sender.post.asked(sender.waiting()[0])] == ["pause"]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["acme/api", "refs/heads/main"]),
    lambda inner: st.dictionaries(
        st.sampled_from(["project", "path_with_namespace", "object_attributes", "user", "note", "merge_request", "id", "ref"]),
        inner, max_size=5,
    ) | st.lists(inner, max_size=2),
    max_leaves=12,
)  # fmt: skip


@examples(25, 200)
@given(
    event=st.sampled_from(sorted(SENDERS["gitlab"].words)), sent=st.dictionaries(st.text(max_size=20), _ANY, max_size=5)
)
def test_any_object_of_gitlab(tmp_path: Path, event: str, sent: dict[str, object]) -> None:
    word = SENDERS["gitlab"].words[event]
    for one in (sent, {"project": sent, "object_attributes": sent, "user": sent, "merge_request": sent}):
        assert isinstance(SENDERS["gitlab"].read(word, one).repositories, tuple)


@pytest.fixture
def server() -> Iterator[Recorded]:
    made = Recorded()
    yield made
    made.close()


def test_a_server_for_gitlab(forge: Forge, server: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that people start: a push comes in, and GitLab is asked about the project."""
    monkeypatch.setenv("DSLIM_GITLAB_TOKEN", "glpat-0123456789abcdefghij")
    running = Server(forge, tmp_path, "--forge", "gitlab", api=server.url)
    body = json.dumps(PUSH).encode()
    named = {"content-type": "application/json", "x-gitlab-event": "Push Hook", "x-gitlab-event-uuid": "one"}
    assert running.post(body, named) == 401
    assert running.post(body, named | token(body)) == 202
    running.wait_for('"acme/tools/api dead')
    running.process.kill()
    assert server.lines == ["GET /api/v4/projects/acme%2Ftools%2Fapi"] and forge.shim.calls == []


def test_plain_git_sends_no_webhooks() -> None:
    with pytest.raises(Usage, match="no webhooks come from git"):
        serving.serve(serving.Asked("git"))


@pytest.mark.parametrize(
    ("kind", "host"), [("gitlab", "gitlab.com"), ("forgejo", "codeberg.org"), ("github", "github.com")]
)
def test_a_sweep_at_night_is_of_that_forge(tmp_path: Path, kind: str, host: str) -> None:
    from dslim.bot.tools import Tools

    assert Tools(Where(kind), str(tmp_path / "ledger.sqlite")).host == host
