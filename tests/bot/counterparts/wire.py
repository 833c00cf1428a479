"""What goes over the wire of the shim: requests, answers, faults, and the log of all calls that tests assert on."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Request(NamedTuple):
    method: str
    #: with its query
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")

    def with_json(self, value: Any) -> Answer:
        return self._replace(body=json.dumps(value).encode())


def refusal(status: int, message: str, **more: Any) -> Answer:
    """An answer with GitHub's way to say no."""
    said = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status), **more}
    return Answer(status, {"content-type": "application/json; charset=utf-8"}, json.dumps(said).encode())


class Call(NamedTuple):
    """One request that arrived, in the order of arrival. ``status`` 0: the connection was cut."""

    #: seconds since the epoch, when it arrived
    at: float
    method: str
    target: str
    status: int
    sent: bytes
    token: str
    #: what GitHub's description of its API says against the request (with Prism in front)
    violations: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it asks for a change. To ask for a token of an installation is none."""
        return self.method not in ("GET", "HEAD") and not self.target.endswith("/access_tokens")

    def is_like(self, match: str) -> bool:
        return re.search(match, f"{self.method} {self.target}") is not None


@dataclass
class Fault:
    """What goes wrong with calls whose ``METHOD /path?query`` has a ``match`` (a regular expression)."""

    match: str
    #: of the answer; 0: as the forge answers
    status: int = 0
    message: str = "a fault that the test asked for"
    headers: Mapping[str, str] = field(default_factory=dict)
    #: how many calls
    times: int = 1
    #: how many go well before
    skip: int = 0
    #: the forge does what it was asked, and what goes wrong goes wrong then: a lost answer
    after: bool = False
    #: the connection is cut
    drop: bool = False
    #: done at that moment: somebody pushes, the process is killed
    then: Callable[[], object] | None = None

    def takes(self, method: str, target: str) -> bool:
        """Whether it strikes this call. Counts."""
        if not self.times or not re.search(self.match, f"{method} {target}"):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


def send(port: int, request: Request) -> Answer:
    """To a server on this machine. A thread keeps its connection to the server that it asked last."""
    headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
    connection = _connection(port)
    try:
        connection.request(request.method, request.target, request.body or None, headers)
        answer = connection.getresponse()
        kept = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
        return Answer(answer.status, kept, answer.read())
    except BaseException:
        _open.__dict__.clear()
        connection.close()
        raise


_open = threading.local()
_IDLE = 2.0  # seconds after which a connection is not used again: servers close them (Node.js after five)


class _Connection(http.client.HTTPConnection):
    """Closed with its thread, at last."""

    def __del__(self) -> None:
        self.close()


def _connection(port: int) -> _Connection:
    now = time.monotonic()
    known: _Connection | None = getattr(_open, "connection", None)
    if known is not None and (known.port != port or now > _open.until):
        known.close()
        known = None
    known = known or _Connection("127.0.0.1", port, timeout=60)
    _open.connection, _open.until = known, now + _IDLE
    return known


#: headers about one connection, and those that are written anew for the next
HOP_BY_HOP = frozenset(["connection", "keep-alive", "transfer-encoding", "content-length", "host", "accept-encoding"])
