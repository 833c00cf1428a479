"""A connection that says nothing is closed: uvicorn waits for the headers of a request for ever, and has only so many places."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

SILENCE = 10.0  # seconds until the headers must be there


class Impatient(H11Protocol):
    """uvicorn's HTTP/1.1. Each connection has one request (``Connection: close``), so one clock is enough."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.loop.call_later(SILENCE, self._end_if_silent)

    def _end_if_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()
