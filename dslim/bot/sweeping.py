"""`dslim bot sweep`: sets the tools out, works on the list, and says at the end what became of it."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import ExitStack
from hashlib import sha256
from typing import NamedTuple

from dslim.bot import states
from dslim.bot.fleet import NoCluster, Planner
from dslim.bot.jobs import PARKED, WAITING, Jobs
from dslim.bot.logs import request, set_up, tell
from dslim.bot.names import BadList, repositories
from dslim.bot.run import Result
from dslim.bot.secrets import NoSecret
from dslim.bot.stopping import Stop
from dslim.bot.sweep import Event, Sweep, Tally, tally
from dslim.bot.tools import GIT, Tools, Where

_SHOWN = 50  # repositories that the report names


class Asked(NamedTuple):
    """The words of the command. Empty is not given; ``jobs`` 0 stands for twice the processes, ``limit`` 0 for no limit."""

    repos: str
    where: Where
    ledger: str
    name: str = ""
    limit: int = 0
    jobs: int = 0
    processes: int = 0
    cluster: str = ""
    wait: float = 3600.0
    grace: float = 30.0
    dry_run: bool = False
    form: str = "text"


def sweep(asked: Asked) -> int:
    """The exit code: 0 when nothing is left to do, 2 when something waits, or could not be begun."""
    set_up(asked.form)
    stop = Stop(asked.grace)
    try:
        names = repositories(asked.repos, urls=asked.where.kind == GIT)
        with ExitStack() as stack:
            ledger = stack.enter_context(tempfile.TemporaryDirectory()) + "/dry" if asked.dry_run else asked.ledger
            planner = stack.enter_context(Planner(asked.processes, asked.cluster, stop))
            tools = Tools(asked.where, ledger, stop, planner, asked.dry_run)
            stack.callback(tools.close)
            return _swept(asked, names, tools)
    except (BadList, NoSecret, NoCluster) as error:
        tell(f"dslim: {error}")
        return 2


def _swept(asked: Asked, names: tuple[str, ...], tools: Tools) -> int:
    jobs = Jobs(tools.database, asked.name or _name(asked))
    before = jobs.begin(names)
    if before:
        tell(f"goes on: {before} of {len(names)} repositories need nothing more", resumed=before)
    if names:
        tools.let_in(names[0])

    def one(name: str) -> Result:
        with request(sha256(f"{name}{time.time()}".encode()).hexdigest()[:12], repository=name):
            return tools.handle(name, look=False)

    begun = time.monotonic()
    work = Sweep(jobs, one, tools.stop, _heard, tools.shares_limits, asked.wait, limit=asked.limit)
    with tools.stop.by_signals():
        why = work.run(asked.jobs or 2 * (os.cpu_count() or 1))
    found = tally(jobs)
    _report(found, work.ended, time.monotonic() - begun, why, asked.form)
    left = found.counts.get(WAITING, 0)
    return 2 if left else 0


def _name(asked: Asked) -> str:
    """The same list on the same forge is the same sweep."""
    place = "-" if asked.repos == "-" else os.path.realpath(asked.repos)
    return f"sweep/{sha256(f'{asked.where.kind} {asked.where.api} {place}'.encode()).hexdigest()[:12]}"


def _heard(event: Event) -> None:
    reason = f": {event.reason}" if event.reason else ""
    facts = {**event._asdict(), "seconds": round(event.seconds, 3)}
    tell(f"{event.repository} {event.outcome}{reason}", **facts)


def _report(found: Tally, handled: int, seconds: float, why: str, form: str) -> None:
    rate = handled / seconds if seconds else 0.0
    if form == "json":
        ends = [job._asdict() for job in found.open_ends]
        said = {"counts": found.counts, "handled": handled, "seconds": round(seconds, 1), "stopped": why, "left": ends}
        print(json.dumps(said))
        return
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.counts.items(), key=_urgency))
    print(f"{sum(found.counts.values())} repositories: {counts or 'none'}")
    for job in found.open_ends[:_SHOWN]:
        until = f" until {_time(job.not_before)}" if job.state == WAITING and job.not_before > time.time() else ""
        print(f"  {job.repository} {job.state}{until}: {job.reason or 'not begun'}")
    if len(found.open_ends) > _SHOWN:
        print(f"  ... and {len(found.open_ends) - _SHOWN} more; --format json has them all")
    print(f"{handled} handled in {seconds:.1f} s ({rate:.1f} repositories/s)" + (f"; {why}" if why else ""))


def _urgency(item: tuple[str, int]) -> tuple[int, str]:
    order = (WAITING, PARKED, states.DEAD, *states.URGENCY)
    return (order.index(item[0]) if item[0] in order else len(order)), item[0]


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))
