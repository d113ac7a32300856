"""The time that is left for the request which is being answered, for everything that waits on its behalf.

A request has one budget (`MARQUEE_REQUEST_TIMEOUT`). Whoever waits for the encoder or the engine asks here how long, so
that no call goes on, and none is repeated, after the client has been answered.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.errors import DeadlineExceeded

_end: ContextVar[float | None] = ContextVar("end", default=None)
"""When the current request must be answered, on the clock `time.monotonic`; None without a limit."""


def begin(end: float | None) -> None:
    """Let the work of this thread end at `end`, on the clock `time.monotonic`; None: without a limit."""
    _end.set(end)


@contextmanager
def until(end: float | None) -> Iterator[None]:
    """Let the work of the block end at `end`, on the clock `time.monotonic`; None: without a limit.

    Work that other requests wait for as well must not end with the request that happened to begin it.
    """
    before = _end.set(end)
    try:
        yield
    finally:
        _end.reset(before)


def left() -> float | None:
    """Return the seconds that are left, 0 at least; None without a limit."""
    end = _end.get()
    return None if end is None else max(0.0, end - time.monotonic())


def bounded(seconds: float) -> float:
    """Return how long to wait for something that may take `seconds` by itself.

    Raises:
        DeadlineExceeded: no time is left.
    """
    remaining = left()
    if remaining is None:
        return seconds
    if remaining <= 0:
        raise DeadlineExceeded("the time for this request is used up (MARQUEE_REQUEST_TIMEOUT)")
    return min(seconds, remaining)
