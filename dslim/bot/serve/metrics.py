"""What a Prometheus may ask for at ``/metrics``. Names of repositories are no labels: there may be ten thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dslim.bot.sweep import Event

_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)


class Metrics:
    """``counts`` gives, when it is asked, how many there are of each state: of jobs, of pull requests."""

    def __init__(self, jobs: Callable[[], dict[str, int]], slots: Callable[[], dict[str, int]]) -> None:
        self._registry = CollectorRegistry()
        self.deliveries = Counter(
            "dslim_deliveries", "Webhooks by event and HTTP status.", ("event", "status"), registry=self._registry
        )
        self.handled = Counter(
            "dslim_handled", "Repositories handled, by outcome.", ("outcome",), registry=self._registry
        )
        self.seconds = Histogram(
            "dslim_handle_seconds", "How long a repository took.", buckets=_SECONDS, registry=self._registry
        )
        self.commands = Counter(
            "dslim_commands", "Comment commands obeyed, or not.", ("result",), registry=self._registry
        )
        self._registry.register(_Counts("dslim_jobs", "Repositories in the queue, by state.", jobs))
        self._registry.register(_Counts("dslim_slots", "Pull requests and places for them, by state.", slots))

    def heard(self, event: Event) -> None:
        """One repository came to an end."""
        self.handled.labels(event.outcome).inc()
        self.seconds.observe(event.seconds)

    def text(self) -> bytes:
        """In the format of Prometheus."""
        return generate_latest(self._registry)


class _Counts(Collector):
    """Counted when it is asked for, so that it is right after a restart, and for several processes."""

    def __init__(self, name: str, told: str, counts: Callable[[], dict[str, int]]) -> None:
        self._name = name
        self._told = told
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._told, labels=("state",))
        for state, count in sorted(self._counts().items()):
            family.add_metric((state,), count)
        yield family

    def describe(self) -> Iterable[Metric]:
        return ()
