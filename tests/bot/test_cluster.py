"""Plans on a real Dask cluster: a scheduler and workers as processes of their own, killed while they plan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dslim.bot.fleet import NoCluster, Planner, Poison
from dslim.bot.plan import Plan, Snapshot, plan
from tests.bot.counterparts.emulate import free_port
from tests.bot.test_sweep import a_snapshot

HERE = Path(__file__).parents[2]


class Cluster:
    """``dask scheduler`` and some ``dask worker`` without nannies, so that who is killed stays dead."""

    def __init__(self, workers: int) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.workers = [
            self._start("worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1")
            for _ in range(workers)
        ]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        quiet = {
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words], cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE), **quiet},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(thorough: bool) -> Iterator[Cluster]:
    made = Cluster(2 if thorough else 1)
    yield made
    made.close()


def slow(snapshot: Snapshot) -> Plan:
    """Two lives: the first ends with its worker, where the Dockerfile names a file to be written then."""
    mark = Path(snapshot.sources[0].content.decode())
    if not mark.exists():
        mark.write_text(str(os.getpid()))
        time.sleep(60)
    return Plan()


def deadly(snapshot: Snapshot) -> Plan:
    os.kill(os.getpid(), signal.SIGKILL)
    return Plan()


def test_the_same_plan_as_here(cluster: Cluster) -> None:
    with Planner(cluster=cluster.address) as planner:
        made = planner(a_snapshot())
    assert made == plan(a_snapshot()) and made.proposals


@pytest.mark.thorough
def test_a_worker_is_killed_and_its_plan_made_by_another(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "begun"
    made: list[Plan] = []
    with Planner(cluster=cluster.address, work=slow) as planner:
        asking = threading.Thread(target=lambda: made.append(planner(a_snapshot(str(mark).encode()))))
        asking.start()
        while not mark.exists() or not mark.read_text():
            time.sleep(0.05)
        os.kill(int(mark.read_text()), signal.SIGKILL)
        asking.join(60)
    assert made == [Plan()]


@pytest.mark.thorough
def test_a_plan_that_kills_its_workers_is_poison(cluster: Cluster) -> None:
    with Planner(cluster=cluster.address, work=deadly) as planner, pytest.raises(Poison, match="several workers"):
        planner(a_snapshot())


@pytest.mark.thorough
def test_a_scheduler_that_goes_is_said(cluster: Cluster, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with Planner(cluster=cluster.address, work=slow) as planner:
        threading.Timer(2, cluster.scheduler.kill).start()
        with pytest.raises(NoCluster, match="was lost"):
            planner(a_snapshot(str(mark).encode()))
