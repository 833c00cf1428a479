"""The door: three addresses. A delivery is let in when its signature is right, and answered as soon as it is in the ledger."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dslim.bot.logs import request as within
from dslim.bot.logs import tell
from dslim.bot.serve.mail import Mail
from dslim.bot.serve.metrics import Metrics
from dslim.bot.serve.post import Post
from dslim.bot.serve.senders import Sender, said

LARGEST = 25 * 2**20  # bytes; GitHub sends no more
_LARGE = 2**20  # bytes from which on only few are read at a time
_FEW = 4
_SECONDS = 30.0  # until a body must be there
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Refused(Exception):
    """The answer to a delivery that is not taken in."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Door(NamedTuple):
    """Deliveries of ``sender`` prove with ``secret`` that they are; ``alive`` says what is wrong with us, "" when nothing is."""

    sender: Sender
    secret: str
    post: Post
    metrics: Metrics
    alive: Callable[[], str]


def application(door: Door) -> Starlette:
    """The web application (ASGI)."""
    large = asyncio.Semaphore(_FEW)

    async def webhook(request: Request) -> Response:
        event = door.sender.words.get(said(request.headers, door.sender.event), "other")
        delivery = said(request.headers, door.sender.delivery)
        with within(delivery if _ID.fullmatch(delivery) else "", event=event):
            try:
                answer, status = await asyncio.wait_for(_taken_in(door, request, large), _SECONDS), 202
            except Refused as refused:
                answer, status = str(refused), refused.status
            except TimeoutError:
                answer, status = f"the delivery did not arrive within {_SECONDS:.0f} s", 408
            except ClientDisconnect:
                answer, status = "the sender went away", 400
            except Exception:
                logging.getLogger("dslim.bot").exception("a delivery could not be kept")
                answer, status = "not kept; send it again", 503
            tell(f"{event} {status}: {answer}", status=status)
        door.metrics.deliveries.labels(event, str(status)).inc()
        return JSONResponse({"message": answer}, status)

    async def healthz(request: Request) -> Response:
        wrong = await run_in_threadpool(door.alive)
        return JSONResponse({"message": wrong or "fine"}, 503 if wrong else 200)

    async def metrics(request: Request) -> Response:
        text = await run_in_threadpool(door.metrics.text)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    routes: list[tuple[str, Callable[[Request], Awaitable[Response]], str]] = [
        ("/webhook", webhook, "POST"),
        ("/healthz", healthz, "GET"),
        ("/metrics", metrics, "GET"),
    ]
    return Starlette(routes=[Route(path, handler, methods=[method]) for path, handler, method in routes])


async def _taken_in(door: Door, request: Request, large: asyncio.Semaphore) -> str:
    """What became of a delivery, in a few words."""
    sender, headers = door.sender, request.headers
    event, delivery = said(headers, sender.event), said(headers, sender.delivery)
    if not said(headers, sender.proof):
        raise Refused(401, f"no {' or '.join(sender.proof)}: give the webhook the secret of this server")
    if not event or not _ID.fullmatch(delivery):
        raise Refused(400, f"no {sender.event[0]} or {sender.delivery[0]}, or not as the forge writes them")
    body = await _body(request, large)
    if not sender.holds(door.secret, headers, body):
        raise Refused(401, "the signature is wrong: the secrets differ, or the body was changed on its way")
    mail = await run_in_threadpool(_read, sender, headers.get("content-type", ""), event, body)
    if not mail.repositories:
        return f"nothing to do: {mail.why}"
    if not await run_in_threadpool(door.post.concerns, mail):
        return "nothing to do: not a branch that we work for"
    if not await run_in_threadpool(door.post.take_in, delivery, mail):
        return "taken in before"
    return f"taken in: {', '.join(mail.repositories[:3])}{' ...' if len(mail.repositories) > 3 else ''}"


async def _body(request: Request, large: asyncio.Semaphore) -> bytes:
    """The bytes as they came. Whoever says that they are too many is not read, nor who does not say and sends too many."""
    said = request.headers.get("content-length", "")
    if said and (not said.isascii() or not said.isdigit()):
        raise Refused(400, "a Content-Length that is no number")
    if said and int(said) > LARGEST:
        raise Refused(413, f"more than {LARGEST:,} bytes")
    if said and int(said) <= _LARGE:
        return await _bytes(request)
    if large.locked():
        raise Refused(503, "too many large deliveries at once; send it again")
    async with large:
        return await _bytes(request)


async def _bytes(request: Request) -> bytes:
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > LARGEST:
            raise Refused(413, f"more than {LARGEST:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _read(sender: Sender, kind: str, event: str, body: bytes) -> Mail:
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "set the content type of the webhook to application/json")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(payload, dict):
        raise Refused(400, "the body is no JSON object")
    return sender.read(sender.words.get(event, "other"), payload)
