"""`dslim rewrite`, without the command line: what was asked goes in, text goes out, and an exit code comes back."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from dslim.config import Configs, Options, Values, Wrong
from dslim.discover import discover
from dslim.files import LARGEST, Trouble, write
from dslim.pool import Done, Job, handled, refused, rewritten
from dslim.report import Tally, show, trouble
from dslim.terminal import Printer
from rewriter.report import Status
from rewriter.text import encode

if TYPE_CHECKING:
    from dslim.measured import Measured

FINE, FOUND, FAILED = 0, 1, 2
STDIN = "-"


class Request(NamedTuple):
    """What the command line asks for. ``values`` win over every configuration."""

    paths: tuple[str, ...] = (".",)
    values: Values = Values()
    diff: bool = False
    in_place: bool = False
    check: bool = False
    format: str = "text"
    context: str = ""
    jobs: int = 1
    stdin_filename: str = ""
    verify: bool = False
    network: str = ""
    measured: Measured | None = None


class Session:
    """One run: it counts, prints as it goes, and knows its exit code in the end."""

    def __init__(self, request: Request, known: Collection[str], out: TextIO, err: TextIO) -> None:
        """``known`` are the names of transforms and phases that a configuration may select."""
        self._request = request
        self._configs = Configs(known)
        self._out = Printer(out)
        self._err = Printer(err)
        self._progress = err.isatty() and not out.isatty()
        self._tally = Tally()
        self._failed = False
        self._said: set[str] = set()
        self._listed = 0

    def files(self) -> int:
        """Handle all paths. The result is the exit code."""
        from dslim.progress import Progress

        as_list = self._request.format == "json"
        if as_list:
            self._out.data(b"[")
        with Progress(self._progress) as progress, closing(handled(self._jobs(), self._request.jobs)) as results:
            for done in results:
                self._finish(self._taught(self._proven(done)))
                progress.tick()
        if as_list:
            self._out.data(b"\n]\n" if self._listed else b"]\n")
        return self._code()

    def stdin(self, stream: BinaryIO) -> int:
        """Handle standard input: what was read, rewritten or as it was, goes to standard output."""
        name = self._request.stdin_filename
        data = stream.read(LARGEST + 1)
        done = self._taught(self._proven(self._piped(name, data)))
        if self._request.format == "text" and not self._request.diff:
            self._out.data(encode(done.report.text) if done.report.changed else data)
            while rest := stream.read(1 << 20):
                self._out.data(rest)
            self._announce(done)
            self._count(done, None)
            show(self._err, done.path, done.report, b"", written=False)
            return self._code(summary=False)
        if self._request.format == "json":
            self._out.data(b"[")
        self._finish(done)
        if self._request.format == "json":
            self._out.data(b"\n]\n")
        return self._code(summary=False)

    def _piped(self, name: str, data: bytes) -> Done:
        shown = name or STDIN
        if len(data) > LARGEST:
            return refused(shown, Trouble(f"larger than {LARGEST:,} bytes"))
        try:
            options = self._options(name)
        except Wrong as wrong:
            return refused(shown, Trouble(str(wrong)))
        # Without a name there is no folder whose files belong to this text.
        job = Job(name, options, self._request.context or os.path.dirname(name) or (os.curdir if name else os.devnull))
        return Done(shown, rewritten(data, job))

    def _proven(self, done: Done) -> Done:
        """The file with what is left of its rewrite when it is built, where that was asked for."""
        if not (self._request.verify and done.report.changed):
            return done
        from dslim.verify.command import progress
        from dslim.verify.rewriting import proven

        path = "" if done.path == STDIN else done.path
        found = proven(
            done._replace(path=path),
            self._options(path),
            self._request.context,
            self._request.network,
            progress(self._err),
        )
        if found.trouble:
            self._fail(done.path, Trouble(f"not verified, so left as it is: {found.trouble}"))
        return Done(done.path, found.report)

    def _taught(self, done: Done) -> Done:
        """The file with the savings that were measured in an image of it."""
        measured = self._request.measured
        if measured is None:
            return done
        return Done(
            done.path, measured.taught(self._request.stdin_filename if done.path == STDIN else done.path, done.report)
        )

    def _jobs(self) -> Iterator[Job]:
        for found in discover(self._request.paths, self._excluded):
            if found.trouble:
                yield Job(found.path, Options(), trouble=found.trouble)
                continue
            try:
                yield Job(found.path, self._options(found.path), self._request.context)
            except Wrong as wrong:
                yield Job(found.path, Options(), trouble=str(wrong))

    def _options(self, path: str) -> Options:
        config = self._configs.of(os.path.dirname(path))
        return config.of(path or "Dockerfile").with_(self._request.values)

    def _excluded(self, path: str, folder: bool) -> bool:
        try:
            return self._configs.of(os.path.dirname(path)).excludes(path, folder)
        except Wrong:
            return False  # each file below says so

    def _finish(self, done: Done) -> None:
        """Write, announce, count and print one file."""
        report = done.report
        failure: Trouble | None = None
        if report.changed and self._request.in_place:
            failure = write(done.path, encode(report.before), encode(report.text))
        if failure:
            self._fail(done.path, failure)
        self._announce(done)
        self._count(done, failure)
        if self._request.format != "text":
            self._record(done, failure)
            return
        if self._request.diff:
            self._out.data(self._diff(done))
        elif report.status is not Status.UNREADABLE:
            written = self._request.in_place and not failure
            show(self._out, done.path, report, b"" if written else self._diff(done), written)

    def _record(self, done: Done, failure: Trouble | None) -> None:

        from dslim.record import dumped

        report = done.report._replace(reason=f"not written: {failure.cause}") if failure else done.report
        if self._request.format == "jsonl":
            self._out.data(dumped(done.path, report) + b"\n")
            return
        self._out.data((b",\n" if self._listed else b"\n") + dumped(done.path, report))
        self._listed += 1

    def _diff(self, done: Done) -> bytes:
        if not done.report.changed:
            return b""
        from dslim.diff import diff_path, unified

        name = "Dockerfile" if done.path == STDIN else diff_path(done.path)
        return unified(encode(done.report.before), encode(done.report.text), name)

    def _announce(self, done: Done) -> None:
        """Say on standard error what went wrong with a file."""
        report = done.report
        if report.status is Status.UNREADABLE:
            self._fail(done.path, Trouble(report.reason, report.line))
        for name in report.crashed:
            self._err.line(trouble(done.path, 0, f"a mistake of dslim, please report it: {name}"))
        for name in report.unsettled:
            self._err.line(trouble(done.path, 0, f"a mistake of dslim, please report it: {name} is never done"))

    def _fail(self, path: str, why: Trouble) -> None:
        """One line for one trouble. A broken configuration names itself, and is named once for all of its files."""
        self._failed = True
        if why.cause in self._said:
            return
        if any(name + ":" in why.cause for name in (".dslim.toml", "pyproject.toml")):
            self._said.add(why.cause)
            self._err.line(trouble(why.cause.partition(": ")[0], 0, why.cause.partition(": ")[2]))
            return
        self._err.line(trouble(path, why.line, why.cause))

    def _count(self, done: Done, failure: Trouble | None) -> None:
        if failure:
            self._tally.unwritten += 1
        elif done.report.status is Status.UNREADABLE:
            self._tally.unread += 1
        elif done.report.changed:
            self._tally.changed += 1
        else:
            self._tally.alone += 1

    def _code(self, summary: bool = True) -> int:
        if summary and self._request.format == "text":
            self._err.line(self._tally.summary(self._request.in_place))
        if self._failed:
            return FAILED
        return FOUND if self._request.check and self._tally.changed else FINE
