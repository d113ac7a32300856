"""The time of requests: from the moment that a request is complete, its wait for a thread included."""

from __future__ import annotations

import time

from flask import Flask, Response, request

from core.limits import deadline
from webapp.server import shares
from webapp.server.bridge import ARRIVED
from webapp.server.shares import Share


def install(app: Flask, *, seconds: float) -> None:
    """Let pages and searches of `app` end in time; imports, exports and questions have time-outs of their own."""

    @app.before_request
    def start() -> None:
        if shares.share_of(request.method, request.path) is Share.LONG:
            deadline.begin(None)
            return
        deadline.begin(request.environ.get(ARRIVED, time.monotonic()) + seconds)

    @app.after_request
    def stream(response: Response) -> Response:
        if response.is_streamed:  # it goes on as long as the client listens
            deadline.begin(None)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        deadline.begin(None)
