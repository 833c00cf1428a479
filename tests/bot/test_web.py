"""The door, with whatever may stand before it: fuzzed bodies and headers, slow and broken senders, a ledger that is away."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from starlette.types import Message

from dslim.bot.database import Database
from dslim.bot.jobs import Jobs
from dslim.bot.serve import web
from dslim.bot.serve.mail import Mail, read
from dslim.bot.serve.metrics import Metrics
from dslim.bot.serve.post import QUEUE, Post
from dslim.bot.serve.senders import SENDERS
from tests.bot.conftest import examples
from tests.bot.counterparts.payloads import payload
from tests.bot.server import SECRET, signed

EVENTS = ("push", "pull_request", "issue_comment", "issues", "installation", "installation_repositories", "repository")


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all tests of a process: with each new one go the threads of the last."""
    return asyncio.new_event_loop()


class Client:
    """Speaks ASGI to the application, without a network. ``post`` is its box."""

    def __init__(self, file: Path, kind: str = "github", secret: str = SECRET) -> None:
        self.post = Post(Database(str(file)))
        self._loop = _loop()
        self.wrong = ""
        metrics = Metrics(self.post.jobs.counts, dict)
        self._app = web.application(web.Door(SENDERS[kind], secret, self.post, metrics, lambda: self.wrong))

    def send(self, body: bytes, headers: dict[str, str], parts: int = 1, stays: bool = True) -> tuple[int, str]:
        """``stays``: the sender waits for the answer, or goes away in the middle of the body."""
        size = max(len(body) // parts, 1)
        pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
        queue: list[Message] = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
        queue.append(
            {"type": "http.request", "body": b"", "more_body": False} if stays else {"type": "http.disconnect"}
        )
        return self._ask("POST", "/webhook", headers, iter(queue).__next__)

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, {}, lambda: {"type": "http.request", "body": b"", "more_body": False})

    def _ask(self, method: str, path: str, headers: dict[str, str], receive: Any) -> tuple[int, str]:
        said: list[Message] = []

        async def received() -> Message:
            return dict(receive())

        async def sent(message: Message) -> None:
            said.append(message)

        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
                 "headers": raw, "http_version": "1.1", "scheme": "http", "root_path": ""}  # fmt: skip
        self._loop.run_until_complete(self._app(scope, received, sent))
        return said[0]["status"], b"".join(one.get("body", b"") for one in said[1:]).decode()

    def deliver(self, event: str, sent: object, delivery: str = "") -> tuple[int, str]:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        return self.send(body, signed(event, body, delivery))

    def waiting(self) -> list[str]:
        return [job.repository for job in self.post.jobs.all()]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "ledger.sqlite")


@pytest.mark.parametrize(
    ("event", "action", "queued"),
    [
        ("ping", None, False),
        ("push", None, False),  # of a tag
        ("pull_request", "opened", False),  # not ours
        ("issue_comment", "created", False),  # no command
        ("installation", "created", True),
        ("installation", "deleted", False),
        ("installation_repositories", "added", True),
        ("repository", "renamed", True),
    ],
)
def test_githubs_own_examples_are_understood(client: Client, event: str, action: str | None, queued: bool) -> None:
    status, said = client.deliver(event, payload(event, action))
    assert status == 202
    assert bool(client.waiting()) == queued, said


def test_a_push_by_branch() -> None:
    sent = payload("push")
    sent["repository"]["full_name"] = "acme/api"
    read_: Callable[[dict[str, Any]], Mail] = lambda change: read("push", sent | change)  # noqa: E731
    assert read_({"ref": "refs/heads/main"}).repositories == ("acme/api",)
    assert read_({"ref": "refs/heads/dslim/all-1", "deleted": True}).repositories == ("acme/api",)
    assert read_({"ref": "refs/heads/main", "deleted": True}).repositories == ()
    assert read_({"ref": "refs/tags/v1"}).repositories == ()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "acme", "acme/api/../x", "acme/a b", "acme/\ud800", "", None, 5, ["a/b"]]
)
def test_a_name_that_could_lead_elsewhere_is_none(client: Client, name: object) -> None:
    assert client.deliver("repository", {"action": "renamed", "repository": {"full_name": name}})[0] == 202
    assert client.waiting() == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = ("repository", "full_name", "action", "ref", "pull_request", "head", "comment", "user", "login", "type", "body", "issue",
         "number", "id", "repositories", "repositories_added", "deleted")  # fmt: skip
_LIKE = st.recursive(
    _JSON
    | st.sampled_from(
        ["created", "edited", "User", "acme/api", "refs/heads/main", "@dslim rebase", "@dslim ignore \0"]
    ),
    lambda inner: st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6) | st.lists(inner, max_size=2),
    max_leaves=20,
)


@examples(40, 400)
@given(event=st.sampled_from(EVENTS), sent=st.dictionaries(st.sampled_from(_KEYS), _LIKE, max_size=8))
def test_any_object_with_the_right_signature(client: Client, event: str, sent: dict[str, object]) -> None:
    assert client.deliver(event, sent)[0] == 202


@examples(25, 200)
@given(body=st.binary(max_size=200), parts=st.integers(1, 9))
def test_any_bytes_with_the_right_signature(client: Client, body: bytes, parts: int) -> None:
    status = client.send(body, signed("push", body), parts)[0]
    assert status == 202 if body.strip().startswith(b"{") and status != 400 else status == 400


@examples(25, 200)
@given(names=st.dictionaries(st.sampled_from(["x-github-event", "x-github-delivery", "x-hub-signature-256", "content-type",
                                              "content-length"]), st.text(max_size=30)))  # fmt: skip
def test_any_headers(client: Client, names: dict[str, str]) -> None:
    assert client.send(b"{}", names)[0] in (400, 401, 413, 415)
    assert client.waiting() == []


def test_json_that_is_made_to_hurt(client: Client) -> None:
    for body in (b"[" * 200_000, b'{"a":' * 200_000, b"1" * 10_000, b"\xff\xfe", b"nul", b'"x"', b"[]", b"NaN"):
        assert client.deliver("push", body)[0] == 400


def test_a_form_is_told_what_to_change(client: Client) -> None:
    body = b"payload=%7B%7D"
    headers = {**signed("push", body), "content-type": "application/x-www-form-urlencoded"}
    assert client.send(body, headers) == (415, '{"message":"set the content type of the webhook to application/json"}')


def test_too_many_bytes_that_nobody_announced(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LARGEST", 1000)
    body = b"x" * 1001
    assert client.send(body, signed("push", body), parts=7)[0] == 413
    assert client.send(body, {**signed("push", body), "content-length": "1001"})[0] == 413
    assert client.send(body, {**signed("push", body), "content-length": "99999999999999999999"})[0] == 413


def test_a_sender_that_goes_away(client: Client) -> None:
    body = b'{"a": 1}'
    assert client.send(body, signed("push", body), stays=False)[0] == 400


def test_a_sender_that_takes_its_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SECONDS", 0.05)

    async def never(*_: object) -> bytes:
        await asyncio.sleep(10)
        return b""

    monkeypatch.setattr(web, "_bytes", never)
    assert client.deliver("push", {})[0] == 408


def test_what_cannot_be_kept_is_not_promised(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> bool:
        raise OperationalError("INSERT", {}, RuntimeError("disk full"))

    monkeypatch.setattr(Post, "take_in", away)
    sent = {"action": "renamed", "repository": {"full_name": "acme/api"}}
    assert client.deliver("repository", sent) == (503, '{"message":"not kept; send it again"}')
    monkeypatch.undo()
    assert client.deliver("repository", sent)[0] == 202
    assert client.waiting() == ["acme/api"]


def test_a_delivery_counts_once_and_a_comment_as_well(client: Client) -> None:
    sent = payload("issue_comment", "created")
    sent["comment"].update(body="@dslim pause\n@dslim explain join-runs", id=7_000_000_000)
    sent["comment"]["user"]["type"] = "User"
    sent["repository"]["full_name"] = "acme/api"
    assert "taken in: acme/api" in client.deliver("issue_comment", sent, "one")[1]
    assert "taken in before" in client.deliver("issue_comment", sent, "one")[1]
    assert "taken in: acme/api" in client.deliver("issue_comment", sent, "two")[1]
    asked = client.post.asked("acme/api")
    assert [(one.verb, one.argument, one.comment) for one in asked] == [
        ("pause", "", 7_000_000_000),
        ("explain", "join-runs", 7_000_000_000),
    ]
    client.post.done(asked[0])
    assert [one.verb for one in client.post.asked("acme/api")] == ["explain"]


def test_the_box_in_both_databases(database: Database) -> None:
    """A number of a comment has no room in 32 bits."""
    box = Post(database)
    sent = payload("issue_comment", "created")
    sent["comment"].update(body="@dslim pause", id=7_000_000_000)
    sent["comment"]["user"]["type"] = "User"
    assert box.take_in("one", read("issue_comment", sent)) and not box.take_in("one", read("issue_comment", sent))
    (asked,) = box.asked(sent["repository"]["full_name"])
    assert asked.comment == 7_000_000_000
    assert Jobs(database, QUEUE).take() is not None


def test_health_and_metrics(client: Client) -> None:
    assert client.get("/healthz") == (200, '{"message":"fine"}')
    client.wrong = "the ledger is out of order"
    assert client.get("/healthz") == (503, '{"message":"the ledger is out of order"}')
    assert client.get("/metrics")[1].startswith("# HELP dslim_deliveries_total")
    assert client.get("/webhook")[0] == 405
    assert client.get("/")[0] == 404
