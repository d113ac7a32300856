"""Streams of a run's changes as server-sent events (HTML Living Standard, 9.2).

Streams use threads of their own in the server and read the database every second, so their number and their time are
limited, in each process and for all servers that share a store; clients that get no stream poll instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from flask import Response

from core.errors import MarqueeError, SharedStoreUnavailable, TooMany
from core.jobs.runs import Run
from data.shared_store.store import SharedStore
from engine.operations import Operations
from webapp.admin.api import serializers
from webapp.http.schemas import View, dump

EVENTS = "text/event-stream"
MOST = 12
"""Streams of a process, and of all servers together; fewer than `webapp.server` has threads for streams."""
SLOTS = "streams"
CLOSING_SECONDS = 30
"""Seconds after the end of a stream in which its slot is given back; that of a killed server ends by itself."""
LOOK_EVERY = 1.0
"""Seconds between polls of the run."""
BEAT_EVERY = 5.0
"""Seconds of silence after which a comment is sent: it detects closed connections and keeps proxies from timing out."""
RETRY = 3_000
"""Milliseconds after which a browser reconnects."""
RETRY_FULL = 10
"""Seconds after which a client may request a stream again."""
FULL = "All streams are in use. Poll the status instead."


@dataclass
class Streams:
    """The streams of one process. Thread-safe."""

    operations: Operations
    shared: SharedStore | None = None
    """Counts the streams of all servers; None: only those of this process are limited."""
    most: int = MOST
    look_every: float = LOOK_EVERY
    beat_every: float = BEAT_EVERY
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, run: Run, *, seconds: float) -> Response:
        """Return a response that streams the run's changes for at most `seconds`. Raises `TooMany`."""
        slot = self._acquire(seconds)
        response = Response(self._stream(run, time.monotonic() + seconds), mimetype=EVENTS)
        response.call_on_close(partial(self._release, slot))
        response.cache_control.no_store = True
        response.headers["X-Accel-Buffering"] = "no"  # otherwise nginx buffers the events
        return response

    def _acquire(self, seconds: float) -> str | None:
        """Return the slot among those of all servers; None if they cannot be counted."""
        with self._lock:
            if self._open >= self.most:
                raise TooMany(FULL, retry_after=RETRY_FULL)
            self._open += 1
        if self.shared is None:
            return None
        try:
            slot = self.shared.enter(SLOTS, most=self.most, seconds=seconds + CLOSING_SECONDS)
        except SharedStoreUnavailable:
            return None
        if slot is None:
            self._release(None)
            raise TooMany(FULL, retry_after=RETRY_FULL)
        return slot

    def _release(self, slot: str | None) -> None:
        with self._lock:
            self._open -= 1
        if self.shared is not None and slot is not None:
            with suppress(SharedStoreUnavailable):
                self.shared.leave(SLOTS, slot)

    def _stream(self, run: Run, until: float) -> Iterator[str]:
        yield f"retry: {RETRY}\n\n"
        yield event("run", serializers.run(run))
        sent = time.monotonic()
        while not run.outcome.ended and time.monotonic() < until:
            time.sleep(self.look_every)
            try:
                newer = self.operations.get(run.id)
            except MarqueeError as error:  # the browser reconnects, and the database may be back by then
                yield f"event: trouble\ndata: {' '.join(str(error).split())}\n\n"
                return
            if newer != run:
                run, sent = newer, time.monotonic()
                yield event("run", serializers.run(run))
            elif time.monotonic() - sent >= self.beat_every:
                sent = time.monotonic()
                yield ": keep-alive\n\n"
        if run.outcome.ended:
            yield "event: end\ndata: {}\n\n"


def event(name: str, view: View) -> str:
    """Return a server-sent event with a view as its data. JSON has no line breaks, so one `data` line suffices."""
    return f"event: {name}\ndata: {dump(view)}\n\n"
