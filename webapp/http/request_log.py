"""The access log: one JSON line per request, with path, status and duration."""

from __future__ import annotations

import logging
import re
import secrets
import time
from http import HTTPStatus

from flask import Flask, Response, g, request

from core import log_lines

log = logging.getLogger("marquee.access")
MAX_PATH = 500
"""Characters of a path that are logged."""
UNKNOWN, OTHER = "(unknown)", "OTHER"
"""The route of an address without one, and a method that no route has."""
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
UNLOGGED = ("/static/", "/poster/", "/health/")
"""Logged at DEBUG only: frequent and of little interest."""

_SECRET = re.compile(r"((?:secret|token)(?:=|%3D))[^&%]*", re.IGNORECASE)
"""The secret of a link that was sent by email, and the token in the address that a media server calls."""


def watch(app: Flask) -> None:
    """Give every request of `app` an id and log it. Query text is private, so it is logged at DEBUG only."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def request_id() -> str:
    """Return the id of the current request."""
    return str(g.get("request_id", ""))


def route() -> str:
    """Return the pattern of the current request's address, which says nothing about a user."""
    return request.url_rule.rule if request.url_rule is not None else UNKNOWN


def method() -> str:
    """Return the method of the current request; clients can send any text."""
    return request.method if request.method in METHODS else OTHER


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = secrets.token_hex(6)
    log_lines.request_id.set(g.request_id)


def _forget(_error: BaseException | None) -> None:
    log_lines.request_id.set("")  # the thread may do other work


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    level = (
        logging.DEBUG
        if request.path.startswith(UNLOGGED) and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        else logging.INFO
    )
    if log.isEnabledFor(level):
        log_lines.log_fields(log, level, _entry(response))
    return response


def _entry(response: Response) -> dict[str, object]:
    entry: dict[str, object] = {
        "event": "request",
        "id": request_id(),
        "method": request.method,
        "path": request.path[:MAX_PATH],
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    }
    if "degraded" in g:
        entry["degraded"] = list(g.degraded)
    if log.isEnabledFor(logging.DEBUG):
        entry["query"] = _SECRET.sub(r"\1…", request.query_string.decode("latin-1"))
    return entry
