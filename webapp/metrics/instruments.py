"""The instruments of a process: counters, histograms and gauges. No label contains data of a user or a text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from core.types import Degradation
from webapp.server.shares import Share

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds."""
REFUSALS = (400, 408, 413, 414, 503)
"""Statuses of the requests that the server refuses before the application."""
DEPENDENCIES = ("search", "database", "model")
QUEUES = ("events", "request_counts")
STAGES = ("understand", "encode", "engine", "rank")
STATES = ("in_use", "idle")


class Instruments:
    """What a process measures. Series with few labels exist from the start, so that their first increase is seen."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "marquee_http_requests",
            "Requests that the application answered, by route, method and status.",
            ("route", "method", "status"),
            registry=registry,
        )
        self.duration = Histogram(
            "marquee_http_request_duration_seconds",
            "Time of the application for a request, without waiting for a thread.",
            ("route",),
            buckets=BUCKETS,
            registry=registry,
        )
        self.refused = Counter(
            "marquee_http_refused", "Requests refused before the application.", ("status",), registry=registry
        )
        self.waiting = _gauge("marquee_http_waiting", "Requests that wait for a thread.", "livesum", registry, "share")
        self.running = _gauge("marquee_http_running", "Requests that have a thread.", "livesum", registry, "share")
        self.threads = _gauge("marquee_http_threads", "Threads for requests.", "livesum", registry, "share")
        self.workers = _gauge("marquee_workers", "Worker processes.", "livesum", registry)
        self.searches = Counter("marquee_searches", "Searches for a text.", registry=registry)
        self.empty = Counter("marquee_searches_empty", "Searches for a text without results.", registry=registry)
        self.degraded = Counter(
            "marquee_searches_degraded", "Searches whose answer lacks something.", ("reason",), registry=registry
        )
        self.stages = Histogram(
            "marquee_search_stage_duration_seconds",
            "Time of a search in each stage.",
            ("stage",),
            buckets=BUCKETS,
            registry=registry,
        )
        self.errors = Counter(
            "marquee_dependency_errors",
            "Requests that failed because of a dependency.",
            ("dependency",),
            registry=registry,
        )
        self.parts = _gauge(
            "marquee_part_up", "Whether a part of the site works in every worker.", "livemin", registry, "part"
        )
        self.pool = _gauge(
            "marquee_database_connections", "Connections to the user database.", "livesum", registry, "state"
        )
        self.dropped = Counter(
            "marquee_events_dropped", "Events lost before they were stored.", ("queue",), registry=registry
        )
        self._begin()

    def _begin(self) -> None:
        for status in REFUSALS:
            self.refused.labels(str(status))
        for dependency in DEPENDENCIES:
            self.errors.labels(dependency)
        for reason in Degradation:
            self.degraded.labels(reason.value)
        for queue in QUEUES:
            self.dropped.labels(queue)
        for stage in STAGES:
            self.stages.labels(stage)
        for share in Share:
            self.waiting.labels(share)


def _gauge(name: str, about: str, mode: str, registry: CollectorRegistry, *labels: str) -> Gauge:
    """Return a gauge; `mode` says how those of several live processes are combined."""
    return Gauge(name, about, labels, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]
