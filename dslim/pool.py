"""Rewriting many files: here, or in several processes where that pays. Results come in order, as soon as they can."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from dslim.files import Trouble, read
from rewriter.report import Report, Status

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from dslim.config import Options

MANY = 50  # files for which a pool pays
LARGE = 4 * 2**20  # bytes for which it pays even when they are few files
CHUNK = 16  # files that travel together
AHEAD = 3  # chunks for each process that wait or work


class Job(NamedTuple):
    """A file to rewrite. ``trouble`` says why it cannot be; ``context`` is a folder, "" for the file's own."""

    path: str
    options: Options
    context: str = ""
    trouble: str = ""


class Done(NamedTuple):
    """What became of one file. What could not even be read has a report of status ``UNREADABLE`` as well."""

    path: str
    report: Report


def refused(path: str, trouble: Trouble) -> Done:
    """The result for a file of which nothing is known but the trouble with it."""
    return Done(path, Report(Status.UNREADABLE, "", "", trouble.cause, trouble.line))


def handle(job: Job) -> Done:
    """Read one file and rewrite its text in memory."""
    if job.trouble:
        return refused(job.path, Trouble(job.trouble))
    data = read(job.path)
    if isinstance(data, Trouble):
        return refused(job.path, data)
    return Done(job.path, rewritten(data, job))


def rewritten(data: bytes, job: Job) -> Report:
    """The report for the text of a job's file. Even a mistake of dslim costs no more than this file."""
    from dslim import rewrite
    from dslim.context import Context

    options = job.options
    folder = job.context or os.path.dirname(job.path)
    try:
        return rewrite(
            data,
            level=options.level,
            select=options.select,
            ignore=options.ignore,
            join_runs=options.join_runs,
            base=options.base,
            keep_tools=options.keep_tools,
            mirrors=options.mirrors,
            final=options.final,
            context=Context(folder, job.path),
        )
    except Exception as error:
        cause = f"dslim failed, please report it: {type(error).__name__}: {error}"
        text = data.decode("utf-8", "surrogateescape")
        return Report(Status.UNREADABLE, text, text, cause)


def handled(jobs: Iterable[Job], processes: int) -> Generator[Done, None, None]:
    """The results of ``jobs``, in their order. A pool is started only for more than a few files, never for one."""
    waiting = iter(jobs)
    if processes > 1:
        first = list(islice(waiting, MANY))
        waiting = chain(first, waiting)
        if len(first) == MANY or (len(first) > 1 and _bytes(first) >= LARGE):
            yield from _pooled(waiting, processes)
            return
    yield from map(handle, waiting)


def _bytes(jobs: list[Job]) -> int:
    total = 0
    for job in jobs:
        try:
            total += os.stat(job.path).st_size
        except (OSError, ValueError):
            continue
    return total


def _pooled(jobs: Iterator[Job], processes: int) -> Iterator[Done]:
    """Chunks go out in order and come back in order; a bounded number of them is under way."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool(processes)
    ahead: deque[tuple[list[Job], Future[list[Done]]]] = deque()
    try:
        while True:
            while len(ahead) < processes * AHEAD and (chunk := list(islice(jobs, CHUNK))):
                ahead.append((chunk, _sent(pool, chunk)))
            if not ahead:
                return
            chunk, future = ahead.popleft()
            try:
                done = future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                done = [_alone(job) for job in chunk]
                pool = _pool(processes)
                ahead = deque((later, _sent(pool, later)) for later, _ in ahead)
            yield from done
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _sent(pool: ProcessPoolExecutor, chunk: list[Job]) -> Future[list[Done]]:
    """The future of a chunk; of a pool that broke meanwhile, one that says so."""
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.submit(_chunk, chunk)
    except BrokenProcessPool as error:
        failed: Future[list[Done]] = Future()
        failed.set_exception(error)
        return failed


def _chunk(jobs: list[Job]) -> list[Done]:
    return [handle(job) for job in jobs]


def _alone(job: Job) -> Done:
    """Handle one job in a process of its own, after one among several brought a process down."""
    from concurrent.futures.process import BrokenProcessPool

    with _pool(1) as pool:
        try:
            return pool.submit(handle, job).result()
        except BrokenProcessPool:
            return refused(job.path, Trouble("the process that worked on it died; is there enough memory?"))


def _pool(processes: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(processes, initializer=_quiet)


def _quiet() -> None:
    """An interrupt ends a process without a word; the first process says what there is to say."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
