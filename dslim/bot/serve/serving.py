"""`dslim bot serve`: a door for webhooks, workers for what came through it, and a sweep each night. One process, no broker."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import NamedTuple
from uuid import uuid4

import uvicorn
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from dslim.asked import Usage
from dslim.bot.database import Database, Unusable, slots
from dslim.bot.fleet import NoCluster, Planner
from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.logs import request, set_up, tell
from dslim.bot.names import BadList, repositories
from dslim.bot.run import Result, troubled
from dslim.bot.secrets import NoSecret, secret
from dslim.bot.serve.metrics import Metrics
from dslim.bot.serve.nightly import Nightly, at_hours
from dslim.bot.serve.obey import Hands, obey
from dslim.bot.serve.patience import Impatient
from dslim.bot.serve.post import Post
from dslim.bot.serve.senders import SENDERS
from dslim.bot.serve.web import Door, application
from dslim.bot.stopping import Stop
from dslim.bot.sweep import Event, Sweep
from dslim.bot.tools import GITHUB, Tools, Where, default_ledger
from dslim.bot.wishes import Wishes

SECRET = "DSLIM_WEBHOOK_SECRET"
_AT_ONCE = 64  # connections


class Asked(NamedTuple):
    """The words of the command; ``jobs`` 0 stands for twice the cores, ``forge`` is one of ``SENDERS``."""

    forge: str = GITHUB
    listen: str = "127.0.0.1:8080"
    api: str = ""
    ledger: str = ""
    repos: str = ""
    nightly: str = "0 3 * * *"
    jobs: int = 0
    cluster: str = ""
    grace: float = 30.0
    gap: float = 1.0
    form: str = "json"
    onboard: bool = False


def serve(asked: Asked) -> int:
    """Until a signal ends it.

    Raises:
        Usage: before anything is begun.
    """
    set_up(asked.form)
    if asked.forge not in SENDERS:
        raise Usage(f"no webhooks come from {asked.forge}; `dslim bot sweep` looks by itself", "--forge")
    stop = Stop(asked.grace)
    with ExitStack() as stack:
        door = stack.enter_context(_listening(asked.listen))
        try:
            key = secret(SECRET)
            due = at_hours(asked.nightly)
            where = Where(asked.forge, asked.api, asked.gap)
            tools = Tools(where, asked.ledger or default_ledger(), stop, onboard=asked.onboard)
            stack.callback(tools.close)
            tools.let_in("dslim/dslim")
            tools.planner = stack.enter_context(Planner(asked.jobs, asked.cluster, stop))
        except NoSecret as error:
            raise Usage(str(error), "serve") from None
        except NoCluster as error:
            raise Usage(str(error), "--cluster") from None
        except Unusable as error:
            raise Usage(str(error), "--ledger") from None
        except ValueError as error:
            raise Usage(str(error), "--nightly") from None
        return _Server(asked, tools, key, due).run(door)


class _Server:
    def __init__(self, asked: Asked, tools: Tools, key: str, due: Callable[[float], float]) -> None:
        self._asked = asked
        self._tools = tools
        self._stop = tools.stop
        self._post = Post(tools.database)
        self._wishes = Wishes(tools.database)
        self._metrics = Metrics(self._post.jobs.counts, lambda: slot_counts(tools.database))
        self._web = application(Door(SENDERS[asked.forge], key, self._post, self._metrics, self._wrong))
        self._nightly = Nightly(tools.database, tools.host, self._lists, due)

    def run(self, listening: socket.socket) -> int:
        config = uvicorn.Config(
            self._web, http=Impatient, log_config=None, access_log=False, server_header=False, ws="none",
            limit_concurrency=_AT_ONCE, headers=[("Connection", "close")], timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=64 * 1024,
        )  # fmt: skip
        server = uvicorn.Server(config)
        doorkeeper = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        doorkeeper.start()
        host, port, *_ = listening.getsockname()
        tell(f"listening on http://{host}:{port}/webhook", port=port)
        at_night = Sweep(self._nightly.jobs, self._look, self._stop, self._heard, self._tools.shares_limits)
        watch = threading.Thread(target=self._nightly.keep_watch, args=(at_night, self._stop), daemon=True)
        watch.start()
        work = Sweep(self._post.jobs, self._handle, self._stop, self._heard, self._tools.shares_limits)
        with self._stop.by_signals():
            work.run(self._asked.jobs or 2 * (os.cpu_count() or 1), forever=True)
            server.should_exit = True
            doorkeeper.join(10)
            watch.join()
        tell("stopped; what waits is in the ledger")
        return 0

    def _handle(self, name: str) -> Result:
        with request(uuid4().hex[:12], repository=name):
            if (trouble := self._obeyed(name)) is not None:
                return trouble
            return self._tools.handle(name)

    def _look(self, name: str) -> Result:
        with request(uuid4().hex[:12], repository=name):
            return self._tools.handle(name, look=False)

    def _obeyed(self, name: str) -> Result | None:
        """What people asked for is noted first. A trouble, where that has to wait."""
        for wanted in self._post.asked(name):
            try:
                hands = Hands(
                    self._tools.forge(name), self._tools.ledger, self._wishes, lambda: self._tools.handle(name)
                )
                said = obey(hands, wanted)
            except ForgeTrouble as error:
                if not error.final:
                    return troubled(name, error, time.time())
                said = f"not done: {error}"
            except SQLAlchemyError:
                raise
            except Exception:  # a mistake of ours: it costs this command, not all that comes after it
                logging.getLogger("dslim.bot").exception("a command could not be obeyed")
                said = "not done: a mistake of dslim, please report it"
            self._post.done(wanted)
            self._metrics.commands.labels(said.partition(":")[0].partition(" #")[0].partition(" ")[0]).inc()
            tell(f"@dslim {wanted.verb} by {wanted.login} in {name}#{wanted.number}: {said}", verb=wanted.verb)
        return None

    def _heard(self, event: Event) -> None:
        self._metrics.heard(event)
        reason = f": {event.reason}" if event.reason else ""
        tell(f"{event.repository} {event.outcome}{reason}", **{**event._asdict(), "seconds": round(event.seconds, 3)})

    def _wrong(self) -> str:
        try:
            self._post.jobs.next_time()
        except SQLAlchemyError as error:
            return f"the ledger is out of order: {type(error).__name__}"
        return "stopping" if self._stop.asked.is_set() else ""

    def _lists(self) -> Iterable[str]:
        """What the owner of the bot listed, read anew each night, and what the App may write to."""
        from dslim.bot.forge.github_installed import installed

        try:
            yield from repositories(self._asked.repos) if self._asked.repos else ()
        except BadList as error:
            tell(f"--repos: {error}")
        yield from installed(self._asked.api) if self._asked.forge == GITHUB else ()


def slot_counts(database: Database) -> dict[str, int]:
    """How many slots there are of each state."""
    query = select(slots.c.state, func.count()).group_by(slots.c.state)
    with database.transaction() as there:
        return {state or "new": count for state, count in there.execute(query).all()}


def _listening(where: str) -> socket.socket:
    host, _, port = where.rpartition(":")
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=_family(host), backlog=128)
    except (OSError, ValueError, OverflowError) as error:
        raise Usage(f"{where}: {error}; write HOST:PORT", "--listen") from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
