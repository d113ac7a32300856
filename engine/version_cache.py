"""What is remembered from one request to the next: one value, as long as the same index is published."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class PerVersion(Generic[Value]):
    """Holds the value of the newest version asked for; safe between threads, computed once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[str, Value] | None = None

    def get(self, version: str, compute: Callable[[], Value]) -> Value:
        """The value of `version`, computed where it is not the one held. A failure is not remembered."""
        with self._lock:
            if self._held is None or self._held[0] != version:
                self._held = (version, compute())
            return self._held[1]
