"""A thin proxy in front of emulate: what GitHub does and emulate does not, faults on request, and a log of all calls.

State stays in emulate. This file carries bytes; ``github.py`` holds the differences, one function each.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bot.counterparts import wire
from tests.bot.counterparts.github import GitHub
from tests.bot.counterparts.wire import Answer, Call, Fault, Request


class Shim:
    """``url`` is what the bot is given as the base of the API. ``calls`` grows; ``faults`` are taken in their order."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.shim = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        #: the forge's clock: of the log, and of the ``Date`` in its answers
        self.clock: Callable[[], float] = time.time
        self.github = GitHub(self.url)
        self._lock = threading.Lock()
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def reset(self, port: int, proxy: int | None = None) -> None:
        """Forgets all; emulate is on ``port`` now. ``proxy`` stands between (Prism), for what clients ask."""
        self.calls.clear()
        self.faults.clear()
        self.clock = time.time
        self.github = GitHub(self.url, port, proxy)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def like(self, match: str) -> list[Call]:
        """The calls so far whose ``METHOD /path?query`` has a match of this regular expression."""
        return [call for call in self.calls if call.is_like(match)]

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.calls if call.writes]

    def answer(self, request: Request) -> Answer | None:
        """None: the connection is to be cut."""
        if "x-inner" in request.headers:
            return self.github.answer(request)
        at = self.clock()
        with self._lock:
            fault = next((one for one in self.faults if one.takes(request.method, request.target)), None)
        before = fault is not None and not fault.after
        if fault and before and fault.then:
            fault.then()
        answer = None
        if not (fault and before and (fault.status or fault.drop)):
            answer = self._with_etag(request, self.github.answer(request))
        if fault and fault.after and fault.then:
            fault.then()
        if fault and fault.drop:
            answer = None
        elif fault and fault.status:
            refused = wire.refusal(fault.status, fault.message)
            answer = refused._replace(headers={**refused.headers, **fault.headers})
        self._log(at, request, answer)
        return answer

    def _log(self, at: float, request: Request, answer: Answer | None) -> None:
        violations = answer.headers.get("x-violations", "") if answer else ""
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        status = answer.status if answer else 0
        said = tuple(violations.split("\n")) if violations else ()
        with self._lock:
            self.calls.append(Call(at, request.method, request.target, status, request.body, token, said))

    @staticmethod
    def _with_etag(request: Request, answer: Answer) -> Answer:
        """As GitHub's: another one for another token."""
        if request.method != "GET" or answer.status != 200:
            return answer
        seen = request.headers.get("authorization", "").encode() + answer.body
        etag = f'"{hashlib.sha256(seen).hexdigest()}"'
        headers = {**answer.headers, "etag": etag}
        if request.headers.get("if-none-match", "").removeprefix("W/") == etag:
            return Answer(304, headers, b"")
        return answer._replace(headers=headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    shim: Shim

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is none of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the client was killed in the middle of it
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.shim.answer(Request(self.command, self.path, headers, body))
        if answer is None:
            self.close_connection = True
            return
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name not in ("x-violations", "date"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.wfile.flush()
        except ConnectionError:  # the client was killed
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        assert isinstance(self.server, _Server)
        return formatdate(self.server.shim.clock() if timestamp is None else timestamp, usegmt=True)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the standard library's)
        pass
