"""A cache of one value per version of the index."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from core.errors import DeadlineExceeded
from core.limits import deadline

Value = TypeVar("Value")


class PerVersion(Generic[Value]):
    """Caches the value of the version that was requested last. Thread-safe; each value is computed once.

    No lock is held while a value is computed, which may need the search engine: threads that want the same value wait
    for it, and get the same error if it fails, instead of trying one after the other. A computation is not cut short
    by the deadline of the request that began it; the others wait as long as they have time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: tuple[str, Future[Value]] | None = None

    def get(self, version: str, compute: Callable[[], Value]) -> Value:
        """Return the value of `version`; compute it if it is not cached. Failures are not cached.

        Raises:
            DeadlineExceeded: another request computes it, and this one has no time left.
        """
        with self._lock:
            mine = self._cached is None or self._cached[0] != version
            if mine:
                self._cached = (version, Future())
            assert self._cached is not None  # noqa: S101 - for the type checker
            future = self._cached[1]
        if mine:
            with deadline.until(None):
                self._compute(future, compute)
        try:
            return future.result(deadline.left())
        except TimeoutError:
            if future.done():  # the computation itself timed out
                raise
            raise DeadlineExceeded("data of the new index are still being read; try again") from None

    def _compute(self, future: Future[Value], compute: Callable[[], Value]) -> None:
        try:
            future.set_result(compute())
        finally:
            error = sys.exception()
            if error is not None:
                self._forget(future)
                future.set_exception(error)

    def _forget(self, future: Future[Value]) -> None:
        with self._lock:
            if self._cached is not None and self._cached[1] is future:
                self._cached = None
