"""`dslim bot sweep`: sets the tools out, works on the list, and says at the end what became of it."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import ExitStack
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from dslim.asked import Usage
from dslim.bot import states
from dslim.bot.database import Database, Unusable
from dslim.bot.fleet import NoCluster, Planner
from dslim.bot.jobs import PARKED, WAITING, Jobs
from dslim.bot.logs import request, set_up, tell
from dslim.bot.names import BadList, repositories
from dslim.bot.places import Unclear, place
from dslim.bot.run import Result
from dslim.bot.secrets import NoSecret
from dslim.bot.stopping import Stop
from dslim.bot.sweep import PATIENCE, Event, Sweep, Tally, tally
from dslim.bot.tools import Tools, Where, default_ledger

_SHOWN = 50  # repositories that the report names


class Asked(NamedTuple):
    """The words of the command. Empty is not given; ``jobs`` 0 stands for twice the cores, ``limit`` 0 for no limit."""

    repos: str
    forge: str = ""
    api: str = ""
    ledger: str = ""
    name: str = ""
    limit: int = 0
    jobs: int = 0
    cluster: str = ""
    wait: float = PATIENCE
    grace: float = 30.0
    gap: float = 1.0
    dry: bool = False
    form: str = "text"
    onboard: bool = False


def sweep(asked: Asked) -> int:
    """The exit code: 0 when nothing is left to do, 1 when something waits.

    Raises:
        Usage: before anything is done.
    """
    set_up(asked.form)
    stop = Stop(asked.grace)
    with ExitStack() as stack:
        try:
            where, names = _placed(asked)
            planner = stack.enter_context(Planner(asked.jobs, asked.cluster, stop))
            tools = Tools(where, asked.ledger or default_ledger(), stop, planner, asked.dry, onboard=asked.onboard)
            stack.callback(tools.close)
            for name in names[:1]:
                tools.let_in(name)
        except (BadList, Unclear) as error:
            raise Usage(str(error), "--repos") from None
        except NoCluster as error:
            raise Usage(str(error), "--cluster") from None
        except (NoSecret, Unusable) as error:
            raise Usage(str(error), "--ledger" if isinstance(error, Unusable) else "--forge") from None
        queue = tools.database
        if asked.dry:
            queue = Database(stack.enter_context(tempfile.TemporaryDirectory()) + "/queue.sqlite")
            stack.callback(queue.close)
        return _swept(asked, names, tools, Jobs(queue, asked.name or _name(asked.repos, where)))


def _placed(asked: Asked) -> tuple[Where, tuple[str, ...]]:
    """The forge of the list, and the names there."""
    places = [place(line, asked.forge, asked.api) for line in repositories(asked.repos)]
    homes = {(one.forge, one.api) for one in places}
    if len(homes) > 1:
        raise BadList(f"{asked.repos} names repositories of several forges; make a list for each")
    forge, api = homes.pop() if homes else (asked.forge, asked.api)
    return Where(forge, api, asked.gap), tuple(dict.fromkeys(one.name for one in places))


def _swept(asked: Asked, names: tuple[str, ...], tools: Tools, jobs: Jobs) -> int:
    before = jobs.begin(names)
    if before:
        tell(f"goes on: {before} of {len(names)} repositories need nothing more", resumed=before)

    def one(name: str) -> Result:
        with request(uuid4().hex[:12], repository=name):
            return tools.handle(name, look=False)

    begun = time.monotonic()
    work = Sweep(jobs, one, tools.stop, _heard, tools.shares_limits, asked.wait, asked.limit)
    with tools.stop.by_signals():
        why = work.run(asked.jobs or 2 * (os.cpu_count() or 1))
    found = tally(jobs)
    _report(found, work.ended, time.monotonic() - begun, why, asked.form)
    return 1 if found.counts.get(WAITING, 0) else 0


def _name(repos: str, where: Where) -> str:
    """The same list on the same forge is the same sweep."""
    place = "-" if repos == "-" else os.path.realpath(repos)
    return f"sweep/{sha256(f'{where.kind} {where.api} {place}'.encode()).hexdigest()[:12]}"


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
