"""Where planning runs: in processes of this machine, or on a Dask cluster. Both are a ``concurrent.futures.Executor``.

Only planning goes there (reading, rewriting): it is pure, so that a worker may die and the plan is made again elsewhere. Who
asks the forge and who writes to it is always the coordinator, since limits are only kept by whoever knows all requests.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

from dslim.bot.plan import Plan, Snapshot, plan
from dslim.bot.stopping import Stop

LONGEST = 600.0  # seconds for one plan
_LOOK = 0.5  # seconds between two looks whether we are to stop
_ANSWER = 10  # seconds until a scheduler must have answered
_RETRIES = 2  # of a plan whose Dask worker was lost


class Poison(RuntimeError):
    """A plan that brought its process down, or did not end."""


class NoCluster(RuntimeError):
    """The Dask cluster cannot be reached, or was lost."""


class Planner:
    """Plans elsewhere. Called from several threads at once; ``cluster`` is the address of a Dask scheduler.

    Raises:
        NoCluster: nobody answers at that address, or Dask is not installed here.
    """

    def __init__(
        self,
        processes: int = 0,
        cluster: str = "",
        stop: Stop | None = None,
        work: Callable[[Snapshot], Plan] = plan,
        longest: float = LONGEST,
    ) -> None:
        self._stop = stop or Stop()
        self._work = work
        self._longest = longest
        self._lock = threading.Lock()
        cores = os.cpu_count() or 1
        self._processes = min(processes or cores, cores)
        self._cluster = _Cluster(cluster) if cluster else None
        self._executor = self._cluster.executor if self._cluster else _pool(self._processes)

    def __call__(self, snapshot: Snapshot) -> Plan:
        """The plan, as :func:`dslim.bot.plan.plan` makes it.

        Raises:
            Poison: see there.
            NoCluster: it was lost meanwhile.
            Stopped: we are to end.
        """
        executor = self._executor
        try:
            return self._result(executor.submit(self._work, snapshot))
        except BrokenProcessPool:
            self._anew(executor)
        return self._alone(snapshot)

    def _result(self, future: Future[Plan]) -> Plan:
        waited = 0.0
        while True:
            self._stop.check()
            try:
                return future.result(timeout=_LOOK)
            except NotYet:
                if future.done():
                    raise
                waited += _LOOK
            except CancelledError:
                raise NoCluster("the Dask cluster was lost; start it, and run the same command again") from None
            except Exception as error:
                if type(error).__name__ == "KilledWorker":
                    raise Poison("planning it brought down several workers of the cluster") from None
                raise
            if waited >= self._longest:
                self._give_up(future)
                if self._cluster is not None and not self._cluster.workers():
                    raise NoCluster("the Dask cluster has no workers; start some, and run the same command again")
                raise Poison(f"planning it took longer than {self._longest:.0f} s")

    def _alone(self, snapshot: Snapshot) -> Plan:
        """One of several plans brought a process down, and the pool with it. In a pool of its own only the guilty one does."""
        with _pool(1) as pool:
            try:
                return self._result(pool.submit(self._work, snapshot))
            except BrokenProcessPool:
                raise Poison("the process that planned it died; is there enough memory?") from None

    def _anew(self, broken: Executor) -> None:
        with self._lock:
            if self._executor is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._executor = _pool(self._processes)

    def _give_up(self, future: Future[Plan]) -> None:
        """A process that does not end holds its place for ever: it goes, and its neighbours plan again."""
        if not future.cancel() and self._cluster is None:
            _kill_children()

    def __enter__(self) -> Planner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._cluster is not None:
            self._cluster.close()
            return
        if self._stop.now.is_set():
            _kill_children()
        self._executor.shutdown(wait=not self._stop.now.is_set(), cancel_futures=True)


class _Cluster:
    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise NoCluster("--cluster needs Dask: pip install 'dslim[fleet]'") from None
        try:
            client: Any = distributed.Client  # it has no types
            self._client = client(address, timeout=_ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise NoCluster(f"no Dask scheduler answers at {address}: {error}") from None
        self.executor: Executor = self._client.get_executor(pure=False, retries=_RETRIES)

    def workers(self) -> int:
        """How many there are."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def close(self) -> None:
        self.executor.shutdown(wait=False)
        self._client.close()


def _pool(processes: int) -> ProcessPoolExecutor:
    """Forked from a process without threads, where there is such a thing: the coordinator has threads, and locks that a fork
    would copy as they are."""
    from multiprocessing import get_all_start_methods, get_context

    if "forkserver" not in get_all_start_methods():
        return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    context = get_context("forkserver")
    context.set_forkserver_preload(["dslim.bot.preload"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _kill_children() -> None:
    import multiprocessing

    for child in multiprocessing.active_children():
        child.kill()


def _begin() -> None:
    """The coordinator says when a process ends: signals go to all, and a coordinator that was killed says nothing."""
    from multiprocessing import parent_process

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
