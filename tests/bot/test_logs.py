"""The bot's log: JSON with the request that a line belongs to, and never a secret or a stranger's control characters."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator

import pytest

from dslim.bot.logs import log, request, set_up, tell
from dslim.bot.secrets import keep


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], level = before
    root.setLevel(level)


def lines(form: str, write: object) -> list[str]:
    stream = io.StringIO()
    set_up(form, stream)
    assert callable(write)
    write()
    return stream.getvalue().splitlines()


def test_a_line_knows_its_request() -> None:
    def write() -> None:
        with request("delivery-1", event="push"):
            tell("taken in", status=202)
            with request("job-2", repository="acme/api"):
                tell("open")
        tell("outside")

    found = [json.loads(line) for line in lines("json", write)]
    for one in found:
        assert one.pop("time").endswith("+00:00") and one.pop("level") == "info"
    assert found == [
        {"message": "taken in", "request": "delivery-1", "event": "push", "status": 202},
        {"message": "open", "request": "job-2", "event": "push", "repository": "acme/api"},
        {"message": "outside"},
    ]


def test_threads_have_requests_of_their_own() -> None:
    def write() -> None:
        with request("one"):
            other = threading.Thread(target=tell, args=("from another thread",))
            other.start()
            other.join()

    assert "request" not in json.loads(lines("json", write)[0])


@pytest.mark.parametrize("form", ["json", "text"])
def test_secrets_stay_out(form: str) -> None:
    keep("correct-horse-battery")

    def write() -> None:
        tell("with correct-horse-battery and ghp_0123456789abcdefghij", url="https://bot:hunter22@host/x")
        try:
            raise RuntimeError("correct-horse-battery")
        except RuntimeError:
            log.exception("it failed")

    said = "\n".join(lines(form, write))
    assert "Traceback" in said and "[secret]" in said
    for secret in ("correct-horse", "ghp_0123", "hunter22"):
        assert secret not in said


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_name_moves_no_cursor_and_makes_no_line(form: str) -> None:
    (line,) = lines(form, lambda: tell("acme/\x1b[2J\nfake \u202etxt"))
    assert "\x1b" not in line and "\u202e" not in line and "fake" in line
