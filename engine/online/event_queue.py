"""The queue of events: pages add events, and a background thread writes them to the database in batches.

A page never waits: if the queue is full or the database is unreachable, events are dropped, counted and logged. A fast
response is worth more than an event.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from core.errors import MarqueeError, StoreUnavailable
from engine import clock

log = logging.getLogger("marquee.events")

Item = TypeVar("Item")
Taken_contra = TypeVar("Taken_contra", contravariant=True)

ROOM = 20_000
"""Size of the queue, some 5 MB: a minute of a busy site while the database restarts."""
BATCH = 500
"""Events per statement: longer statements are no faster."""
MAX_AGE = 1.0
"""Seconds that an event waits for a batch to fill."""
PAUSES = (0.1, 0.5, 2.0, 5.0)
"""Seconds between attempts to write a batch; after the last attempt it is dropped."""
PURGE_EVERY = timedelta(days=1)
FLUSH_SECONDS = 10.0
"""Seconds that a request waits at most for queued events, e.g. before a user's data are exported."""
EXIT_SECONDS = 3.0
"""Seconds that a process waits for the last batch when it exits."""
REPORT_EVERY = 60.0
"""Seconds between two log lines about a full queue."""
GLANCE = 0.5
"""Seconds between checks whether the thread is alive while waiting for it."""


class Sink(Protocol[Taken_contra]):
    """The destination of items."""

    def add(self, events: Sequence[Taken_contra], /) -> None:
        """Append a batch."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Delete older items; return their number."""
        ...


class EventQueue(Generic[Item]):
    """A queue of events. Never blocks; drops (and counts) what cannot be stored.

    Thread-safe and fork-safe.
    """

    def __init__(
        self,
        store: Sink[Item],
        *,
        days: int,
        clock: clock.Clock = clock.now,
        room: int = ROOM,
        max_age: float = MAX_AGE,
        pauses: Sequence[float] = PAUSES,
        what: str = "events",
    ) -> None:
        """`days`: how long events are kept; with 0 none are stored. `what`: their name in the log."""
        self._store, self._clock, self._what = store, clock, what
        self._keep_for, self._room, self._max_age, self._pauses = timedelta(days=days), room, max_age, tuple(pauses)
        self._purged: datetime | None = None
        self._begin()
        itself = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _restart(itself))

    @property
    def dropped(self) -> int:
        """The number of lost events."""
        return self._dropped

    def notice(self, events: Sequence[Item]) -> None:
        """Queue events; if the queue is full, drop and count them. Does not access the database.

        The caller must leave out events of users who opted out.
        """
        with self._changed:
            kept = events[: max(0, self._room - len(self._queue))] if self._keep_for else ()
            if kept and not self._queue:
                self._waiting_since = time.monotonic()
            self._queue.extend(kept)
            self._queued += len(kept)
            lost = len(events) - len(kept) if self._keep_for else 0
            self._dropped += lost
            if (kept and len(self._queue) == len(kept)) or len(self._queue) >= BATCH:
                self._changed.notify_all()
            self._ensure_thread()
        if lost:
            self._report_full()

    def flush(self) -> None:
        """Wait until all queued events are written or dropped; at most `FLUSH_SECONDS`."""
        self._wait(FLUSH_SECONDS)

    def close(self) -> None:
        """Write the remaining events, within `EXIT_SECONDS`; called when the process exits."""
        self._closing.set()
        self._wait(EXIT_SECONDS)
        atexit.unregister(self.close)

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._queue: deque[Item] = deque()
        self._waiting_since = 0.0
        self._queued = self._done = self._dropped = self._waiting = 0
        self._reported = float("-inf")
        self._thread: threading.Thread | None = None

    def _ensure_thread(self) -> None:
        """Start the writer at the first event (never before a fork), and again if it has died."""
        if self._thread is None:
            atexit.register(self.close)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=f"marquee-{self._what}", daemon=True)
            self._thread.start()

    def _wait(self, limit: float) -> None:
        """Wake the writer and wait until the currently queued events are written."""
        end = time.monotonic() + limit
        with self._changed:
            goal = self._queued
            self._waiting += 1
            self._changed.notify_all()
            while self._done < goal and self._thread and self._thread.is_alive() and time.monotonic() < end:
                self._changed.wait(GLANCE)
            self._waiting -= 1

    def _run(self) -> None:
        while not (self._closing.is_set() and not self._queue):
            batch = self._next_batch()
            try:
                if not batch or self._write(batch):
                    self._purge()
            finally:
                with self._changed:
                    self._done += len(batch)
                    self._changed.notify_all()

    def _next_batch(self) -> list[Item]:
        """Wait for a full batch, an old event or a flush; otherwise until it is time to purge."""
        with self._changed:
            while not self._due():
                age = time.monotonic() - self._waiting_since
                pause = max(0.0, self._max_age - age) if self._queue else PURGE_EVERY.total_seconds()
                if not self._changed.wait(pause) and not self._queue:
                    break
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            self._waiting_since = time.monotonic()
            return batch

    def _due(self) -> bool:
        if not self._queue:
            return self._closing.is_set() or self._purged is None
        old = time.monotonic() - self._waiting_since >= self._max_age
        return old or len(self._queue) >= BATCH or self._waiting > 0 or self._closing.is_set()

    def _write(self, batch: list[Item]) -> bool:
        """Write a batch, retrying after each pause; return whether it was written."""
        for pause in (*self._pauses, None):
            try:
                self._store.add(batch)
            except StoreUnavailable as error:
                if pause is None or self._closing.is_set():
                    self._lose(batch, error)
                    return False
                self._closing.wait(pause)
            except MarqueeError as error:  # a retry would not help
                self._lose(batch, error)
                return False
            else:
                return True
        return False

    def _lose(self, batch: list[Item], error: MarqueeError) -> None:
        with self._changed:
            self._dropped += len(batch)
        log.error("%s: dropped %d, %d in total: %s", self._what, len(batch), self._dropped, error)

    def _purge(self) -> None:
        """Delete expired events once a day."""
        now = self._clock()
        if self._purged is not None and now - self._purged < PURGE_EVERY:
            return
        self._purged = now
        try:
            gone = self._store.purge(before=now - self._keep_for)
        except MarqueeError as error:
            log.error("%s: purge failed, retrying in a day: %s", self._what, error)
        else:
            log.info("%s: purged %d older than %d days", self._what, gone, self._keep_for.days)

    def _report_full(self) -> None:
        now = time.monotonic()
        if now - self._reported >= REPORT_EVERY:
            self._reported = now
            log.error("%s: queue of %d is full, dropped %d in total", self._what, self._room, self._dropped)


def _restart(itself: weakref.ref[EventQueue[Any]]) -> None:
    """Reset the queue in a child after a fork: no thread, a free lock, and no events of the parent."""
    queue = itself()
    if queue is not None:
        queue._begin()
