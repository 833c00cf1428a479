"""A server that answers as a forge's documentation shows: one answer for each request that it knows, 404 for all else.

``answers`` maps "METHOD path?query" (a regular expression) to a status and JSON; the first match counts. ``asked`` grows.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    method: str
    target: str
    sent: Any
    token: str


class Recorded:
    """``url`` is where it listens."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.headers: dict[str, Mapping[str, str]] = {}
        self.asked: list[Asked] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.recorded = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def lines(self) -> list[str]:
        return [f"{one.method} {one.target}" for one in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    recorded: Recorded


class _Handler(BaseHTTPRequestHandler):
    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        recorded = self.server.recorded
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        token = self.headers.get("private-token", "") or self.headers.get("authorization", "")
        asked = Asked(self.command, self.path, json.loads(body or b"null"), token)
        recorded.asked.append(asked)
        line = f"{self.command} {self.path}"
        key = next((one for one in recorded.answers if re.fullmatch(one, line)), None)
        status, said = recorded.answers[key] if key else (404, {"message": "404 Not Found"})
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        for name, value in recorded.headers.get(key or "", {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the standard library's)
        pass
