"""Counting of requests for the administrators' overview. Nothing about who sent a request is recorded."""

from __future__ import annotations

import time
from http import HTTPStatus

from flask import Flask, Response, g, request

from core.trends import ServedRequest
from engine.clock import now
from engine.services import Services
from webapp.http.request_log import UNLOGGED


def install(app: Flask, services: Services) -> None:
    """Count every request of `app` except those for files and probes; the access log knows when it began."""

    @app.after_request
    def count(response: Response) -> Response:
        if not request.path.startswith(UNLOGGED) and not response.is_streamed:
            services.request_counts.notice([_served(response)])
        return response


def found(total: int) -> None:
    """Note that the current request is a search, and its number of results."""
    g.search_results = total


def _served(response: Response) -> ServedRequest:
    return ServedRequest(
        now(),
        (time.perf_counter() - g.get("began", time.perf_counter())) * 1_000,
        failed=response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR,
        found=g.get("search_results"),
    )
