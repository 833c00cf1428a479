"""A sweep of very many repositories, killed and taken up again, as `python -m benchmarks.bot sweep` measures it."""

from __future__ import annotations

import itertools
import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from dslim.bot import sweeping
from tests.bot import poison
from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS, Emulate, seed
from tests.bot.counterparts.shim import Shim
from tests.bot.counterparts.wire import Answer, Fault, Request
from tests.bot.process import Process, run_words
from tests.bot.robot import FILES

_JOBS = 4
#: seconds that Renovate takes for one repository: npm renovate 44.121.2, --platform=local --dry-run=extract, its start included
_RENOVATE = 8.5
_TOKEN_CALLS = 4_000  # of one token; emulate has GitHub's limit of 5,000 an hour, and an App of that size 12,500


def poisoned(words: list[str], token: str, log: str) -> None:
    """The command, with a planner that a certain Dockerfile brings down, and little patience with it."""
    from dslim.bot import jobs

    jobs._BACKOFF = 0.5
    vars(sweeping)["Planner"] = poison.planner
    run_words(words, token, log)


def sweep(count: int, ledger: str) -> int:
    """Exit code 1 where something was not as it must be."""
    emulate, shim = Emulate(), Shim()
    try:
        return Swept(Forge(emulate, shim, None), count, ledger).run()
    finally:
        shim.close()
        emulate.close()


class Swept:
    """``count`` repositories: every fifth and its neighbour have a Dockerfile with something to do, number 7 is deadly."""

    def __init__(self, forge: Forge, count: int, ledger: str = "") -> None:
        self.forge = forge
        self.names = [f"acme/r{number}" for number in range(count)]
        self.open = [name for number, name in enumerate(self.names) if number % 5 < 2]
        self.deadly = self.names[7]
        self.ledger = ledger
        self.wrong: list[str] = []

    def run(self) -> int:
        """Prints what was measured. 1 where something was not as it must be."""
        self._build()
        with tempfile.TemporaryDirectory() as folder:
            self._list = Path(folder, "repos.txt")
            self._list.write_text("\n".join(self.names))
            self._measure(Path(folder, "ledger.sqlite"))
        print(
            "\n".join(self.wrong) or "each handled exactly once, the deadly one parked, nothing written the second time"
        )
        return 1 if self.wrong else 0

    def _build(self) -> None:
        began = time.monotonic()
        start = seed(len(self.names))
        spare = [f"{token}-{number}" for token in (TOKENS["bot"], TOKENS["alice"]) for number in range(20)]
        logins = {TOKENS[login]: start["tokens"][TOKENS[login]] for login in ("bot", "alice")}
        start["tokens"].update({token: logins[token.rpartition("-")[0]] for token in spare})
        self.forge.restart(start)
        self._rotate()
        for name in [*self.open, self.deadly]:
            files = {"Dockerfile": poison.DEADLY} if name == self.deadly else FILES
            self.forge.world.push(name, "main", files, by="alice")
        print(f"{len(self.names)} repositories made in {time.monotonic() - began:.0f} s")

    def _rotate(self) -> None:
        """Another token of the same person every so often, on both ways to emulate."""
        calls = itertools.count()
        world, github = self.forge.world, self.forge.shim.github
        ask, answer = world.call, github.answer

        def rotated(token: str) -> str:
            return f"{token}-{next(calls) // _TOKEN_CALLS % 20}"

        def call(method: str, path: str, sent: Any = None, by: str = "alice") -> Any:
            before = TOKENS[by]
            TOKENS[by] = rotated(before)
            try:
                return ask(method, path, sent, by)
            finally:
                TOKENS[by] = before

        def answered(request: Request) -> Answer:
            headers = dict(request.headers)
            if headers.get("authorization", "").endswith(TOKENS["bot"]):
                headers["authorization"] = f"token {rotated(TOKENS['bot'])}"
            return answer(request._replace(headers=headers))

        vars(world)["call"] = call
        vars(github)["answer"] = answered

    def _measure(self, file: Path) -> None:
        began = time.monotonic()
        first = self._process(file)
        part = len(self.names) * 4 // 10
        self.forge.shim.faults.append(Fault(r"GET /repos/acme/r\d+$", skip=part, drop=True, then=first.kill))
        self._expect("the first run", first.wait(3600), -9, first.said)
        print(f"killed after {part} of {len(self.names)} repositories, {time.monotonic() - began:.0f} s")
        began, before = time.monotonic(), len(self.forge.shim.calls)
        second = self._process(file)
        self._expect("the second run", second.wait(3600), 0, second.said)
        seconds = time.monotonic() - began
        rest = len(self.names) - part
        print(second.said.strip().splitlines()[-1])
        calls = len(self.forge.shim.calls) - before
        print(
            f"taken up again: {rest} repositories in {seconds:.0f} s, {rest / seconds:.1f} a second, {calls} requests"
        )
        each = seconds / rest
        print(
            f"that is {each:.2f} s for a repository, where Renovate takes {_RENOVATE} ({_RENOVATE / each:.0f} times as long)"
        )
        self._once(second.said)
        self.forge.shim.calls.clear()
        began = time.monotonic()
        last = self._process(file)
        self._expect("the last run", last.wait(3600), 0, last.said)
        seconds = time.monotonic() - began
        print(
            f"the same again: {len(self.names)} repositories in {seconds:.0f} s, {len(self.names) / seconds:.1f} a second"
        )
        self._nothing_new()

    def _process(self, file: Path) -> Process:
        words = ["bot", "sweep", "--repos", str(self._list), "--gap", "0", "--jobs", str(_JOBS)]
        return Process(self.forge, file, words=words, main=poisoned, url=self.ledger)

    def _once(self, said: str) -> None:
        looked = Counter(call.target.split("/")[3] for call in self.forge.shim.like(r"GET /repos/acme/r\d+$"))
        asked = Counter("/".join(call.target.split("/")[2:4]) for call in self.forge.shim.like("POST .*/pulls$"))
        twice = [name for name, times in looked.items() if times > 1 and f"acme/{name}" != self.deadly]
        self._expect("repositories that were looked at", len(looked), len(self.names))
        parked = len(re.findall("writes in .* s are enough", said))
        print(f"parked by our own limit of pull requests a minute: {parked} times")
        self._expect(
            "those looked at twice, more than were killed or parked", len(twice) > _JOBS + parked, False, str(twice)
        )
        self._expect("requests for a pull request", asked, Counter(self.open))
        for name in self.open:
            pulls, branches = self.forge.world.pulls(name), self.forge.world.branches(name)
            self._expect(f"{name}: pull requests and branches", (len(pulls), len(branches)), (1, 2))

    def _nothing_new(self) -> None:
        self._expect("writes", [call.target for call in self.forge.shim.writes], [])
        calls = Counter(re.split("[/?]", call.target)[3] for call in self.forge.shim.calls)
        more = {name: times for name, times in calls.items() if times > 1 and f"acme/{name}" != self.deadly}
        self._expect("repositories that cost more than one request", more, {})

    def _expect(self, what: str, found: object, wanted: object, said: str = "") -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found!r}, not {wanted!r} {said[-2000:]}")
