"""A run as server-sent events (HTML Living Standard, 9.2): what changes is told as it changes, until the run ends.

A stream holds a thread of the server. There are few, so two are always left to everybody else, and every stream ends
by itself; whoever gets none asks now and then instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Response

from core.errors import MarqueeError, TooMany
from core.jobs.runs import Run
from engine.operations import Operations
from webapp.admin.api import serializers
from webapp.http.schemas import View, dump

EVENTS = "text/event-stream"
LEFT_TO_OTHERS = 2
"""Threads of the server that no stream may hold."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the run."""
BEAT_EVERY = 5.0
"""Seconds of silence after which a comment is sent: a caller who is gone is noticed by it, and proxies stay awake."""
RETRY = 3_000
"""Milliseconds after which a browser that lost its stream comes back."""
RETRY_FULL = 10
"""Seconds after which it makes sense to ask for a stream again."""
FULL = "All streams are taken. Ask for the status now and then instead."


@dataclass
class Streams:
    """Streams of one process; safe between threads."""

    operations: Operations
    most: int
    look_every: float = LOOK_EVERY
    beat_every: float = BEAT_EVERY
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, run: Run, *, seconds: float) -> Response:
        """The answer that tells how a run goes on, for so long at most. Raises `TooMany`."""
        self._take()
        response = Response(self._tell(run, time.monotonic() + seconds), mimetype=EVENTS)
        response.call_on_close(self._give_back)
        response.cache_control.no_store = True
        response.headers["X-Accel-Buffering"] = "no"  # nginx would hold back what is to arrive at once
        return response

    def _take(self) -> None:
        with self._lock:
            if self._open >= self.most:
                raise TooMany(FULL, retry_after=RETRY_FULL)
            self._open += 1

    def _give_back(self) -> None:
        with self._lock:
            self._open -= 1

    def _tell(self, run: Run, until: float) -> Iterator[str]:
        yield f"retry: {RETRY}\n\n"
        yield event("run", serializers.run(run))
        told = time.monotonic()
        while not run.outcome.ended and time.monotonic() < until:
            time.sleep(self.look_every)
            try:
                newer = self.operations.get(run.id)
            except MarqueeError as error:  # the browser comes back by itself, and perhaps so does the database
                yield f"event: trouble\ndata: {' '.join(str(error).split())}\n\n"
                return
            if newer != run:
                run, told = newer, time.monotonic()
                yield event("run", serializers.run(run))
            elif time.monotonic() - told >= self.beat_every:
                told = time.monotonic()
                yield ": still here\n\n"
        if run.outcome.ended:
            yield "event: end\ndata: {}\n\n"


def event(name: str, view: View) -> str:
    """One event: JSON has no line breaks, so one line of data holds all of it."""
    return f"event: {name}\ndata: {dump(view)}\n\n"
