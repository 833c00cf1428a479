"""The bot as a process of its own: the command line as people start it, which can be killed at any moment.

Processes are forked from one that has imported the bot already: an import costs a second, and there are hundreds of them.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS
from tests.bot.robot import NAME

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.bot.preload"])


Main = Callable[[list[str], str, str], None]


class Process:
    """`dslim bot run NAME`, or other words. ``said`` is what it printed so far."""

    def __init__(
        self,
        forge: Forge,
        ledger: Path,
        name: str = NAME,
        words: Sequence[str] = (),
        main: Main | None = None,
        url: str = "",
        api: str = "",
    ) -> None:
        self._log = ledger.with_suffix(".log")
        place = ["--api", api or forge.shim.url, "--ledger", url or str(ledger), "--gap", "0"]
        asked = [*(words or ("bot", "run", name, "--forge", "github")), *place]
        if words and asked[1] != "run":
            asked = ["bot", asked[1], "--no-onboarding", *asked[2:]]
        words_of_it = (asked, TOKENS["bot"], str(self._log))
        self._process = _context.Process(target=_start, args=(main or run_words, dict(os.environ), *words_of_it))
        # of a run nothing must be left; a sweep has processes of its own, which that would forbid
        self._process.daemon = not words
        self._process.start()
        self._killed = False

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL. It is gone when this returns."""
        self._killed = True
        self._process.kill()
        self._process.join()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code, None while it runs; -9 when it was killed before its end. (multiprocessing may lose that code.)"""
        self._process.join(seconds)
        code = self._process.exitcode
        return -9 if code and self._killed else code

    @property
    def said(self) -> str:
        return self._log.read_text("utf-8") if self._log.exists() else ""


def _start(main: Main, environment: dict[str, str], words: list[str], token: str, log: str) -> None:
    """In the environment of now: that from which all are forked has the one of the test that was first."""
    os.environ.clear()
    os.environ.update(environment)
    main(words, token, log)


def run_words(words: list[str], token: str, log: str) -> None:
    """The command line, with this token, and its output in a file."""
    os.environ["DSLIM_GITHUB_TOKEN"] = token
    with open(log, "a", buffering=1) as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    sys.argv = ["dslim", *words]
    from dslim.cli import main

    main()
