"""What the words of `dslim rewrite` ask for, and whether that makes sense."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from dslim.names import BASES, FINALS, LEVELS, PHASES, Unknown, one_of, split

if TYPE_CHECKING:
    from dslim.measured import Measured

FORMATS = ("text", "json", "jsonl")


class Usage(ValueError):
    """Words that make no sense; ``option`` is the one to blame."""

    def __init__(self, message: str, option: str) -> None:
        super().__init__(message)
        self.option = option


class Asked:
    """The words as they were given. Empty is not given; ``jobs`` 0 stands for all cores."""

    def __init__(
        self,
        paths: list[str] | None = None,
        diff: bool = False,
        in_place: bool = False,
        check: bool = False,
        format: str = "text",
        level: str = "",
        select: list[str] | None = None,
        ignore: list[str] | None = None,
        base: str = "",
        keep_tools: list[str] | None = None,
        final: str = "",
        context: str = "",
        jobs: int = 0,
        stdin_filename: str = "",
        verify: bool = False,
        network: str = "",
        measured: str = "",
    ) -> None:
        self.paths = paths or []
        self.diff = diff
        self.in_place = in_place
        self.check = check
        self.format = format
        self.level = level
        self.select = select or []
        self.ignore = ignore or []
        self.base = base
        self.keep_tools = keep_tools or []
        self.final = final
        self.context = context
        self.jobs = jobs
        self.stdin_filename = stdin_filename
        self.verify = verify
        self.network = network
        self.measured = measured

    def run(self) -> int:
        """Do it, and return the exit code.

        Raises:
            Usage: before anything is done.
        """
        from dslim.config import Values
        from dslim.run import STDIN, Request, Session
        from transforms import pipeline

        paths = tuple(self.paths or (os.curdir,))
        if not _here():
            raise Usage("the working directory is gone", "PATH")
        if STDIN in paths and sys.stdin is None:
            raise Usage("standard input is closed", "PATH")
        if STDIN in paths and (len(paths) > 1 or self.in_place):
            raise Usage("- stands alone, and cannot be written in place", "PATH")
        if self.context and not os.path.isdir(self.context):
            raise Usage(f"{self.context!r} is not a folder", "--context")
        if self.network and not self.verify:
            raise Usage("only builds have a network; add --verify", "--network")
        _word(self.format, FORMATS, "--format")
        if self.diff and self.format != "text":
            raise Usage("--diff and a JSON format exclude each other", "--diff")
        known = [*PHASES, *(transform.name for transform in pipeline())]
        values = Values()
        if self.level:
            values["level"] = _word(self.level, LEVELS, "--level")
        if self.select:
            values["select"] = _names(self.select, known, "--select")
        if self.ignore:
            values["ignore"] = _names(self.ignore, known, "--ignore")
        if self.base:
            values["base"] = _word(self.base, BASES, "--base")
        if self.final:
            values["final"] = _word(self.final, FINALS, "--final")
        if self.keep_tools:
            values["keep_tools"] = tuple(
                name.strip() for text in self.keep_tools for name in text.split(",") if name.strip()
            )
        request = Request(
            paths,
            values,
            diff=self.diff,
            in_place=self.in_place,
            check=self.check,
            format=self.format,
            context=self.context,
            jobs=self.jobs or _cores(),
            stdin_filename=self.stdin_filename,
            verify=self.verify,
            network=self.network,
            measured=_measured(self.measured) if self.measured else None,
        )
        session = Session(request, known, sys.stdout, sys.stderr)
        return session.stdin(sys.stdin.buffer) if STDIN in paths else session.files()


def _word(word: str, known: tuple[str, ...], option: str) -> str:
    try:
        return one_of(word, known, option.lstrip("-"))
    except Unknown as error:
        raise Usage(str(error), option) from None


def _names(words: list[str], known: list[str], option: str) -> tuple[str, ...]:
    try:
        return tuple(one_of(name, known, "transform or phase") for name in split(words))
    except Unknown as error:
        raise Usage(str(error), option) from None


def _here() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _cores() -> int:
    """The processors that we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _measured(path: str) -> Measured:
    from dslim.measured import Broken, load

    try:
        return load(path)
    except Broken as error:
        raise Usage(str(error), "--measured") from None
