"""Prism in front of the forge: holds each request of the bot against GitHub's own description of its API."""

from __future__ import annotations

import subprocess
import time

from tests.bot.counterparts.emulate import free_port
from tests.bot.counterparts.npm import installed, node
from tests.bot.counterparts.openapi_slice import SLICE
from tests.bot.counterparts.wire import Request, send


class Prism:
    """The process: a proxy on ``port`` in front of ``upstream``. It is up when the constructor returns."""

    def __init__(self, upstream: str) -> None:
        self.port = free_port()
        program = installed("prism") / "@stoplight" / "prism-cli" / "dist" / "index.js"
        place = ["-h", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(
            [node(), str(program), "proxy", *place, str(SLICE), upstream],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while self._process.poll() is None:
            try:
                send(self.port, Request("GET", "/meta", {"x-inner": "/meta"}))
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("Prism did not start")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
