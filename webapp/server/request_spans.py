"""A span for each request, if traces are sent."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, Response, g

from engine.telemetry import traces
from webapp.http import request_log


def trace(app: Flask) -> None:
    """Trace every request of `app`. To be called after `request_log.watch`, which gives it its id."""
    app.before_request(_begin)
    app.after_request(_note)
    app.teardown_request(_end)


def _begin() -> None:
    g.tracing = ExitStack()
    described = request_log.method(), request_log.route(), request_log.request_id()
    g.span = g.tracing.enter_context(traces.request_span(*described))


def _note(response: Response) -> Response:
    if "span" in g:
        g.span.answered(response.status_code)
    return response


def _end(_error: BaseException | None) -> None:
    if "tracing" in g:
        g.tracing.close()
