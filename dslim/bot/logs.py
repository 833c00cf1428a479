"""What the bot tells whoever runs it: a line of text for people, or of JSON for machines, without secrets.

``request`` stands in each JSON line: the delivery of a webhook, or one repository of a sweep. All that was done for one
request, in whatever thread, is found by it.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from dslim.bot.secrets import redacted

log = logging.getLogger("dslim.bot")
_request: ContextVar[str] = ContextVar("request", default="")
_facts: ContextVar[dict[str, object]] = ContextVar("facts", default={})  # noqa: B039 (never changed, only replaced)


@contextmanager
def request(name: str, **facts: object) -> Iterator[None]:
    """All lines within belong to this request, and carry these facts."""
    tokens = _request.set(name), _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _request.reset(tokens[0])
        _facts.reset(tokens[1])


def tell(message: str, level: int = logging.INFO, **facts: object) -> None:
    """One line. ``facts`` are for machines; people get the message."""
    log.log(level, message, extra={"facts": facts})


def set_up(form: str, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """``form`` is "text" or "json". Other libraries' warnings go the same way."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if form == "json" else Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(level)


class Json(logging.Formatter):
    """One object a line: time, level, message, request, facts, and a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": _line(record),
        }
        if _request.get():
            said["request"] = _request.get()
        said |= {**_facts.get(), **getattr(record, "facts", {})}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return redacted(json.dumps(said, default=str))


class Text(logging.Formatter):
    """The message alone."""

    def format(self, record: logging.LogRecord) -> str:
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return redacted(_line(record) + trace)


def _line(record: logging.LogRecord) -> str:
    """On one line, and without what moves a terminal's cursor: names and texts of strangers stand in it."""
    text = record.getMessage()
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
