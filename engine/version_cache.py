"""A cache of one value per version of the index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")


class PerVersion(Generic[Value]):
    """Caches the value of the version that was requested last. Thread-safe; each value is computed once.

    No lock is held while a value is computed, which may need the search engine: threads that want the same value wait
    for it, and get the same error if it fails, instead of trying one after the other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: tuple[str, Future[Value]] | None = None

    def get(self, version: str, compute: Callable[[], Value]) -> Value:
        """Return the value of `version`; compute it if it is not cached. Failures are not cached."""
        with self._lock:
            mine = self._cached is None or self._cached[0] != version
            if mine:
                self._cached = (version, Future())
            assert self._cached is not None  # noqa: S101 - for the type checker
            future = self._cached[1]
        if mine:
            self._compute(future, compute)
        return future.result()

    def _compute(self, future: Future[Value], compute: Callable[[], Value]) -> None:
        try:
            future.set_result(compute())
        except BaseException as error:  # noqa: BLE001 - the waiting threads need it, whatever it is
            with self._lock:
                if self._cached is not None and self._cached[1] is future:
                    self._cached = None
            future.set_exception(error)
