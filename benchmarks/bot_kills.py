"""Kills processes of the bot at random, and looks at what the next ones make of it. See :mod:`benchmarks.bot`."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import Emulate
from tests.bot.counterparts.shim import Shim
from tests.bot.counterparts.wire import Fault
from tests.bot.process import Process
from tests.bot.robot import FILES
from tests.bot.test_hard_cases_kills import complaints

#: requests that a repository takes which gets a pull request
_REQUESTS = 14


def kills(count: int, seed: int) -> int:
    """Prints where processes were killed and what was wrong then; 1 where anything was."""
    emulate, shim = Emulate(), Shim()
    try:
        return _kills(Forge(emulate, shim, None), random.Random(seed), count)
    finally:
        shim.close()
        emulate.close()


def _kills(forge: Forge, chance: random.Random, count: int) -> int:
    points: Counter[str] = Counter()
    wrong: list[str] = []
    rounds = 0
    began = time.monotonic()
    lasts = 1.0  # seconds that a whole run took last
    with tempfile.TemporaryDirectory() as folder:
        while points.total() < count:
            rounds += 1
            name = f"acme/r{rounds}"
            forge.world.repository(name, FILES)
            ledger = Path(folder, f"{rounds}.sqlite")
            for _ in range(chance.randint(1, 3)):
                points.update(_killed(forge, ledger, name, chance, 0.0 if rounds % 2 else lasts))
            if rounds % 3 == 0:  # and the ledger is lost
                ledger = Path(folder, f"{rounds}-new.sqlite")
            started = time.monotonic()
            wrong += [f"{name}: {one}" for one in _finished(forge, ledger, name, forgot=rounds % 3 == 0)]
            lasts = (time.monotonic() - started) / 2
    print(f"{points.total()} kills of {rounds} repositories in {time.monotonic() - began:.0f} s")
    for point, times in sorted(points.items()):
        print(f"  {times:4} {point}")
    print("\n".join(wrong) or "one branch and one pull request each, whole; no write in a last run")
    return 1 if wrong else 0


def _killed(forge: Forge, ledger: Path, name: str, chance: random.Random, within: float) -> list[str]:
    """Where a process was killed, nothing where it was done before. ``within`` seconds; 0: by its requests."""
    process = Process(forge, ledger, name)
    forge.shim.faults.clear()
    if not within:
        after = chance.random() < 0.5
        kill = Fault(" ", skip=chance.randrange(_REQUESTS), drop=True, after=after, then=process.kill)
        forge.shim.faults.append(kill)
        process.wait(60)
    else:
        process.wait(chance.uniform(0, within))
        process.kill()
    calls = len(forge.shim.calls)
    last = forge.shim.calls[-1] if calls else None
    forge.shim.faults.clear()
    forge.shim.calls.clear()
    if process.wait() != -9:
        return []
    when = "some time after" if within else "at"
    return [f"{when} {last.method} {_without_names(last.target)}" if last else "before the first request"]


def _finished(forge: Forge, ledger: Path, name: str, forgot: bool) -> list[str]:
    for last in (False, True):
        forge.shim.calls.clear()
        process = Process(forge, ledger, name)
        if process.wait(60) != 0:
            return [f"exit code {process.wait()}: {process.said}"]
        if last and forge.shim.writes:
            return [f"a last run writes {[call.target for call in forge.shim.writes]}"]
    return complaints(forge, name, forgot)


def _without_names(target: str) -> str:
    """``/repos/acme/r1/git/blobs/0123...`` as ``git/blobs``."""
    parts = target.partition("?")[0].split("/")[4:]
    return "/".join(parts[:2]) if parts[:1] == ["git"] else (parts or ["the repository"])[0]
