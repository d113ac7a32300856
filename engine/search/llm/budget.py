"""Limits on calls to a language model: rate and concurrency limits, a circuit breaker and a cache."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MINUTE, DAY = 60.0, 86_400.0
FAILURES = 3
"""Consecutive failures after which calls are paused."""
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
"""Seconds; each further failure doubles the pause."""
REMEMBERED = 2_000
"""Number of cached answers: a few MB at most."""

Seconds = Callable[[], float]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass
class Window:
    """A counter of calls in windows of `length` seconds."""

    length: float
    most: int
    began: float = 0.0
    count: int = 0

    def open(self, now: float) -> bool:
        """Return whether another call fits."""
        if now - self.began >= self.length:
            self.began, self.count = now, 0
        return self.count < self.most


@dataclass
class Budget:
    """The remaining calls. Thread-safe; each process has its own."""

    per_minute: int
    per_day: int
    concurrent: int
    clock: Seconds = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        now = self.clock()
        self._windows = (Window(MINUTE, self.per_minute, now), Window(DAY, self.per_day, now))
        self._running = 0

    def acquire(self) -> bool:
        """Reserve a call and return True, or return False if none is left. Call `give_back` when the call has ended."""
        with self._lock:
            now = self.clock()
            if self._running >= self.concurrent or not all(window.open(now) for window in self._windows):
                return False
            for window in self._windows:
                window.count += 1
            self._running += 1
            return True

    def give_back(self) -> None:
        """Record that a call has ended."""
        with self._lock:
            self._running -= 1


@dataclass
class Breaker:
    """A circuit breaker: pauses calls to a failing model and allows one trial call after each pause. Thread-safe."""

    clock: Seconds = time.monotonic
    failures: int = 0
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def allows(self) -> bool:
        """Return whether to call now; after a pause, True for only one of several callers."""
        with self._lock:
            if self.failures < FAILURES:
                return True
            now = self.clock()
            if now < self._until:
                return False
            self._until = now + self._pause()
            return True

    def succeeded(self) -> None:
        """Record an answer."""
        with self._lock:
            self.failures = 0

    def failed(self) -> bool:
        """Record a failure and return whether it starts a pause."""
        with self._lock:
            self.failures += 1
            if self.failures < FAILURES:
                return False
            self._until = self.clock() + self._pause()
            return self.failures == FAILURES

    def _pause(self) -> float:
        doublings = min(max(self.failures - FAILURES, 0), 10)
        return min(FIRST_PAUSE * 2.0**doublings, LONGEST_PAUSE)


class Cache(Generic[Key, Value]):
    """A cache of the most recently used answers. Thread-safe."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, default: Value) -> Value:
        """Return the value of a key, or `default` if it is not cached."""
        with self._lock:
            if key not in self._entries:
                return default
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: Key, value: Value) -> None:
        """Store a value and evict the least recently used ones beyond the limit."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)
