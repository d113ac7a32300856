"""A cache of one value per version of the index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class PerVersion(Generic[Value]):
    """Caches the value of the version that was requested last. Thread-safe; each value is computed once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: tuple[str, Value] | None = None

    def get(self, version: str, compute: Callable[[], Value]) -> Value:
        """Return the value of `version`; compute it if it is not cached. Failures are not cached."""
        with self._lock:
            if self._cached is None or self._cached[0] != version:
                self._cached = (version, compute())
            return self._cached[1]
