"""Counting of the application's requests."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Response, g

from core.errors import ModelMissing, SearchUnavailable, StoreUnavailable
from engine import request_scope
from webapp.http import request_log
from webapp.metrics.instruments import Instruments

DEPENDENCY = {SearchUnavailable: "search", StoreUnavailable: "database", ModelMissing: "model"}


def counting(instruments: Instruments) -> Callable[[Response], Response]:
    """Return a function for `after_request` that counts a request with what it found and how long it took."""

    def count(response: Response) -> Response:
        route = request_log.route()
        instruments.requests.labels(route, request_log.method(), str(response.status_code)).inc()
        began: float | None = g.get("began")
        if began is not None:
            instruments.duration.labels(route).observe(time.perf_counter() - began)
        _count_search(instruments)
        _count_failure(instruments)
        return response

    return count


def _count_search(instruments: Instruments) -> None:
    for stage, seconds in request_scope.stages().items():
        instruments.stages.labels(stage).observe(seconds)
    found: int | None = g.get("search_results")
    if found is not None:
        instruments.searches.inc()
        instruments.empty.inc(found == 0)
    for reason in g.get("degraded", ()):
        instruments.degraded.labels(reason).inc()


def _count_failure(instruments: Instruments) -> None:
    failure = g.get("failure")
    for kind, dependency in DEPENDENCY.items():
        if isinstance(failure, kind):
            instruments.errors.labels(dependency).inc()
