"""The server of the tests: the process that people start, and deliveries as GitHub sends them."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.bot.conftest import Forge
from tests.bot.counterparts.payloads import payload, signature
from tests.bot.process import Process, run_words

SECRET = "it is between us"
_numbers = itertools.count()


def with_secret(words: list[str], token: str, log: str) -> None:
    """And crowds of pushes are not waited for, nor whoever says nothing."""
    from dslim.bot.serve import mail, patience

    os.environ["DSLIM_WEBHOOK_SECRET"] = SECRET
    mail.SOON = 0.1
    patience.SILENCE = 1.0
    run_words(words, token, log)


class Server:
    """`dslim bot serve`, listening when the constructor returns."""

    def __init__(self, forge: Forge, folder: Path, *words: str, api: str = "") -> None:
        asked = ["bot", "serve", "--listen", "127.0.0.1:0", "--jobs", "2", "--nightly", "0 0 1 1 *", *words]
        self.process = Process(forge, folder / "ledger.sqlite", words=asked, main=with_secret, api=api)
        self.port = int(self.wait_for(r'"port": (\d+)')[1])

    def wait_for(self, match: str, seconds: float = 60, times: int = 1) -> re.Match[str]:
        """Until its log has so many matches; the last one."""
        end = time.monotonic() + seconds
        while len(found := list(re.finditer(match, self.process.said))) < times:
            assert time.monotonic() < end and self.process.wait(0) is None, f"no {match}: {self.process.said}"
            time.sleep(0.02)
        return found[-1]

    def deliver(self, event: str, sent: Any, **headers: str) -> int:
        """Signed, as GitHub does it; the HTTP status of the answer."""
        body = json.dumps(sent).encode()
        return self.post(body, {**signed(event, body), **headers})

    def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        return self.ask("POST", "/webhook", body, headers)[0]

    def connected(self, said: bytes) -> socket.socket:
        """Somebody who said this much so far."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(said)
        return connection

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def signed(event: str, body: bytes, delivery: str = "") -> dict[str, str]:
    """The headers of a delivery."""
    return {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": delivery or f"00000000-0000-0000-0000-{next(_numbers):012}",
        "x-hub-signature-256": signature(SECRET, body),
    }


def about(
    event: str, action: str | None, repository: str, change: Callable[[dict[str, Any]], None] = lambda _: None
) -> Any:
    """GitHub's example of an event, about another repository, and otherwise as a test needs it."""
    sent = payload(event, action)
    sent["repository"]["full_name"] = repository
    change(sent)
    return sent
