"""What happens in the endpoint -> counters, and the counters -> Prometheus text.

The engine and the HTTP side tell an `Observer` what happens; nothing here knows either of them. A
label takes only words listed here, a route's pattern or a status: never a query, an IRI or a
client, so the number of series is bounded whatever clients send.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

Ending = Literal[
    "answered",  # a result or a graph
    "malformed",  # the query cannot be read
    "failed",  # it can be read and not evaluated
    "too large",
    "not acceptable",
    "timed out",
    "worker died",  # most likely out of memory
    "abandoned",  # nobody waited for it any more
]
"""How a query that reached a worker ended."""

Refusal = Literal["queue full", "no worker free", "shutting down", "rate", "share", "host"]
"""Why a request was turned away before any query ran."""

Death = Literal["deadline", "died", "abandoned", "idle"]
"""Why a worker ended: killed at the deadline; died over a query (memory, crash, a signal);
killed because its client left; died without a query."""

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))


class Observer:
    """The counters of one endpoint; no two share any. Safe to call from any thread."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "metalocal_http_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._answered: dict[tuple[str, str, int], Counter] = {}  # to find one anew takes longer
        self._query_seconds = Histogram(
            "metalocal_query_seconds",
            "Seconds from a worker's taking a query to its end.",
            ("ending",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._refusals = Counter(
            "metalocal_refusals",
            "Requests turned away before any query ran.",
            ("reason",),
            registry=registry,
        )
        self._waiting = Gauge(
            "metalocal_queries_waiting", "Queries that wait for a worker.", registry=registry
        )
        self._running = Gauge("metalocal_queries_running", "Queries that run.", registry=registry)
        self._workers_of(registry)
        self._graph_of(registry)
        self._name_series()
        ProcessCollector(registry=registry)

    def _workers_of(self, registry: CollectorRegistry) -> None:
        self._deaths = Counter(
            "metalocal_worker_deaths",
            "Workers that ended while the endpoint ran.",
            ("reason",),
            registry=registry,
        )
        self._starts = Counter(
            "metalocal_worker_starts",
            "Workers started, the first ones included.",
            registry=registry,
        )

        self._workers = Gauge("metalocal_workers", "Workers there are.", registry=registry)
        self._worker_memory = Gauge(
            "metalocal_worker_memory_bytes",
            "Memory of all workers, what they share counted once.",
            registry=registry,
        )

    def _graph_of(self, registry: CollectorRegistry) -> None:
        self._graph = Info("metalocal_graph", "The graph that is served.", registry=registry)
        self._triples = Gauge(
            "metalocal_graph_triples", "Triples of all named graphs.", registry=registry
        )
        self._loaded = Gauge(
            "metalocal_graph_loaded_timestamp_seconds",
            "When the graph served was loaded.",
            registry=registry,
        )
        self._reloads = Counter(
            "metalocal_graph_reloads", "Reloads asked for.", ("outcome",), registry=registry
        )

    def _name_series(self) -> None:
        """Show every series from the start: an alert on a rate needs the zero before the one."""
        self._endings = {one: self._query_seconds.labels(one) for one in get_args(Ending)}
        for refusal in get_args(Refusal):
            self._refusals.labels(refusal)
        for death in get_args(Death):
            self._deaths.labels(death)
        for outcome in ("done", "failed"):
            self._reloads.labels(outcome)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Around the wait of one query for a worker."""
        with self._waiting.track_inprogress():
            yield

    @contextmanager
    def running(self) -> Iterator[None]:
        """Around the work of one worker on one query."""
        self._running.inc()
        try:
            yield
        finally:
            self._running.dec()

    def query_ended(self, ending: Ending, seconds: float) -> None:
        """Count a query that a worker took, `seconds` ago."""
        self._endings[ending].observe(seconds)

    def refused(self, reason: Refusal) -> None:
        """Count a request turned away."""
        self._refusals.labels(reason).inc()

    def request_answered(self, route: str, method: str, status: int) -> None:
        """Count an answer; `route` is a pattern of ours ("none" where none fits)."""
        known = method if method in _METHODS else "other"
        series = self._answered.get((route, known, status))
        if series is None:
            series = self._requests.labels(route, known, str(status))
            self._answered[route, known, status] = series
        series.inc()

    def worker_started(self) -> None:
        """Count a worker that took up its work."""
        self._starts.inc()

    def worker_ended(self, reason: Death) -> None:
        """Count a worker that ended while the endpoint ran; not one ended by shutting down."""
        self._deaths.labels(reason).inc()

    def measure_workers(self, pids: Sequence[int]) -> None:
        """Count the workers there are and what memory they take, where the system tells."""
        self._workers.set(len(pids))
        self._worker_memory.set(sum(_proportional_bytes(pid) for pid in pids))

    def graph_loaded(self, version: str, triples: int, loaded_at: float) -> None:
        """Name the graph served from now on; `loaded_at` in seconds since 1970."""
        self._graph.info({"version": version})
        self._triples.set(triples)
        self._loaded.set(loaded_at)

    def graph_reloaded(self, *, done: bool) -> None:
        """Count a reload, whether the new graph is served or the old one stays."""
        self._reloads.labels("done" if done else "failed").inc()

    def text(self) -> bytes:
        """All counters in Prometheus' text format 0.0.4."""
        return generate_latest(self.registry)


def _proportional_bytes(pid: int) -> int:
    """Memory of a process, each shared page divided by its users (Linux); 0 if nobody tells."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
