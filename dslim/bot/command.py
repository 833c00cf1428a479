"""`dslim bot`: words become runs, and results become lines and an exit code."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dslim.asked import Usage
from dslim.bot import config as configs
from dslim.bot import states
from dslim.bot.database import Unusable
from dslim.bot.forge.trouble import ForgeTrouble
from dslim.bot.ledger import Known, Slot
from dslim.bot.places import Place, Unclear, place
from dslim.bot.run import Prover, Result, handle, troubled
from dslim.bot.secrets import NoSecret, redacted
from dslim.bot.survey import Survey
from dslim.bot.tools import Tools, Where, default_ledger
from dslim.diff import unified
from dslim.files import Trouble, read
from dslim.terminal import Printer, one_line

FINE, WAITS, FAILED = 0, 1, 2


class Words(NamedTuple):
    """The words as they were given."""

    repos: tuple[str, ...]
    forge: str = ""
    api: str = ""
    ledger: str = ""
    gap: float = 1.0
    dry: bool = False
    now: bool = False
    build: str = ""
    format: str = "text"
    onboard: bool = False


def run(words: Words) -> int:
    """Handle all repositories, and return the exit code.

    Raises:
        Usage: before anything is done.
    """
    out = Printer(sys.stdout)
    bench = _Bench(words, out)
    places = [_place(text, words) for text in words.repos]
    prove = _prover(words)
    tell: Callable[[Survey], None] = (lambda seen: _show_diffs(out, seen)) if words.dry else (lambda seen: None)
    results = []
    for where in places:
        results.append(bench.handled(where, asked=words.now, prove=prove, tell=tell))
        if words.format == "text":
            out.line(_line(results[-1]))
    if words.format == "json":
        out.text(json.dumps([_record(result) for result in results], indent=2) + "\n")
    return _code(results)


class _Bench:
    """The tools for each forge that the words of one call name; all have the same memory."""

    def __init__(self, words: Words, out: Printer) -> None:
        self._words = words
        self._show = lambda line: out.line(redacted(one_line(line)))
        self._tools: dict[Where, Tools] = {}

    def tools(self, where: Where) -> Tools:
        """Those of one forge.

        Raises:
            Usage: the memory cannot be used.
        """
        words = self._words
        if where not in self._tools:
            try:
                made = Tools(
                    where, words.ledger or default_ledger(), dry=words.dry, show=self._show, onboard=words.onboard
                )
            except (Unusable, OSError) as error:
                raise Usage(str(error), "--ledger") from None
            self._tools[where] = made
        return self._tools[where]

    def handled(self, place: Place, **more: Any) -> Result:
        """What became of one repository; ``more`` are fields of :class:`dslim.bot.run.Bot`."""
        tools = self.tools(Where(place.forge, place.api, self._words.gap))
        try:
            bot = tools.bot(place.name)
        except NoSecret as error:
            raise Usage(str(error), "REPO") from None
        except ForgeTrouble as error:
            return troubled(place.name, error, time.time())
        return handle(bot._replace(**more), place.name)


def _show_diffs(out: Printer, seen: Survey) -> None:
    for proposal in seen.plan.proposals:
        for file in proposal.files:
            out.text(unified(file.before, file.after, file.path).decode("utf-8", "backslashreplace"))


def status(ledger: str, form: str) -> int:
    """Print what the ledger holds."""
    out = Printer(sys.stdout)
    memory = _Bench(Words((), ledger=ledger), out).tools(Where()).ledger
    slots, known = memory.slots(), memory.repositories()
    if form == "json":
        said = {"repositories": [one._asdict() for one in known], "slots": [slot._asdict() for slot in slots]}
        out.text(json.dumps(said, indent=2) + "\n")
        return FINE
    names = {(one.host, one.id): one.name for one in known}
    by_state = sorted(slots, key=lambda slot: (states.URGENCY.index(slot.state), slot.host, slot.repository))
    for slot in by_state:
        number = f" #{slot.number}" if slot.number else ""
        name = names.get((slot.host, slot.repository), slot.repository)
        out.line(one_line(f"{slot.state:<10} {slot.host} {name} {slot.branch}{number}{_why(slot)}"))
    told = {(slot.host, slot.repository) for slot in slots}
    for one in known:
        if one.state in (states.DEAD, states.WAITING) or (one.state == states.GATED and (one.host, one.id) not in told):
            out.line(one_line(f"{one.state:<10} {one.host} {one.name}{_why(one)}"))
    if not slots and not known:
        out.line("nothing yet")
    return FINE


def explain(words: Words) -> int:
    """Say, file by file, what was found in each repository."""
    out = Printer(sys.stdout)
    bench = _Bench(words, Printer(sys.stderr))
    results = []
    for text in words.repos:
        seen: list[Survey] = []
        results.append(bench.handled(_place(text, words), tell=seen.append))
        out.line(_line(results[-1]))
        for line in (line for survey in seen for line in _story(survey)):
            out.line(one_line(line))
    return _code(results)


def _story(seen: Survey) -> Iterator[str]:
    yield f"  {seen.base} at {seen.head[:12]}, level {seen.config.level}, one pull request for each: {seen.config.group}"
    for proposal in seen.plan.proposals:
        for file in proposal.files:
            yield f"  {file.path}: {', '.join(file.rules)}"
    for alone in seen.plan.alone:
        yield f"  {alone.path}: left alone{f': {alone.reason}' if alone.reason else ''}"
        for left in alone.declined:
            yield f"    line {left.line}: {left.why} ({left.transform})"
        for told in alone.held_back:
            yield f"    line {told.line}: {told.title}: {told.outcome.value}, {told.safety.name.lower()} ({told.transform})"
    for mistake in seen.plan.mistakes:
        yield f"  a mistake of dslim, please report it: {mistake}"
    if not (seen.plan.proposals or seen.plan.alone):
        yield f"  no Dockerfile is among {', '.join(seen.config.include)}"


def check(paths: tuple[str, ...]) -> int:
    """Say what is wrong with configurations; those where the bot would look, when none is named."""
    err = Printer(sys.stderr)
    found = paths or tuple(path for path in configs.NAMES if os.path.lexists(path))[:1]
    if not found:
        err.line(f"no configuration here: {' or '.join(configs.NAMES)}; all defaults hold")
        return FAILED
    code = FINE
    for path in found:
        data = read(path)
        try:
            if isinstance(data, Trouble):
                raise configs.Wrong(f"{path}: {data.cause}")
            configs.parse(data.decode("utf-8", "replace"), path)
        except configs.Wrong as wrong:
            code = FAILED
            for line in str(wrong).splitlines():
                err.line(one_line(line))
        else:
            err.line(one_line(f"{path}: right"))
    return code


def _place(text: str, words: Words) -> Place:
    try:
        return place(text, words.forge, words.api)
    except Unclear as error:
        raise Usage(str(error), "REPO") from None


def _prover(words: Words) -> Prover:
    if not words.build:
        return lambda proposal: {}
    if len(words.repos) > 1:
        raise Usage("a checkout is of one repository, and would prove nothing of the others; name one", "--build")
    if not os.path.isdir(words.build):
        raise Usage(f"{words.build!r} is not a folder", "--build")
    from dslim.bot.prove import prover

    return prover(words.build)


def _line(result: Result) -> str:
    """One line for a repository, and one more for each of several pull requests."""
    numbers = ", ".join(f"#{slot.number}" for slot in result.slots if slot.number and slot.state != states.NO_CHANGE)
    said = f"{result.name}: {result.state}{f' {numbers}' if numbers else ''}"
    more = f": {result.reason}" if result.reason else ""
    return one_line(redacted(f"{said}{more}{_until(result.not_before)}"))


def _why(one: Slot | Known) -> str:
    return (f": {one.reason}" if one.reason else "") + _until(one.not_before)


def _until(moment: float) -> str:
    if not moment:
        return ""
    return f", until {datetime.fromtimestamp(moment, UTC).isoformat(timespec='seconds')}"


def _record(result: Result) -> dict[str, object]:
    said = {"name": redacted(result.name), "reason": redacted(result.reason)}
    return {**result._asdict(), **said, "slots": [slot._asdict() for slot in result.slots]}


def _code(results: Iterable[Result]) -> int:
    found = [result.state for result in results]
    if states.DEAD in found:
        return FAILED
    return WAITS if states.WAITING in found else FINE
