"""What a language model may cost: calls a minute, a day and at once; a pause after failures; answers remembered."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MINUTE, DAY = 60.0, 86_400.0
FAILURES = 3
"""Failures in a row after which the model is left alone for a while."""
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
"""Seconds; each further failure doubles the pause."""
REMEMBERED = 2_000
"""Answers that are kept: some MB at most."""

Seconds = Callable[[], float]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass
class Window:
    """Calls counted in stretches of `length` seconds."""

    length: float
    most: int
    began: float = 0.0
    count: int = 0

    def open(self, now: float) -> bool:
        """Whether another call fits."""
        if now - self.began >= self.length:
            self.began, self.count = now, 0
        return self.count < self.most


@dataclass
class Budget:
    """Calls that are still allowed. Safe between threads; each process has its own."""

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
        """Take a call; False where none is left. Whoever took one gives it back when it has ended."""
        with self._lock:
            now = self.clock()
            if self._running >= self.concurrent or not all(window.open(now) for window in self._windows):
                return False
            for window in self._windows:
                window.count += 1
            self._running += 1
            return True

    def give_back(self) -> None:
        """A call has ended."""
        with self._lock:
            self._running -= 1


@dataclass
class Breaker:
    """Leaves a model alone that fails again and again; after each pause one call tries anew. Safe between threads."""

    clock: Seconds = time.monotonic
    failures: int = 0
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def allows(self) -> bool:
        """Whether a call makes sense now. Of several callers after a pause, one is told so."""
        with self._lock:
            if self.failures < FAILURES:
                return True
            now = self.clock()
            if now < self._until:
                return False
            self._until = now + self._pause()
            return True

    def succeeded(self) -> None:
        """An answer came."""
        with self._lock:
            self.failures = 0

    def failed(self) -> bool:
        """None came; whether a pause begins with this failure."""
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
    """The answers used last. Safe between threads."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, default: Value) -> Value:
        """What was kept under a key."""
        with self._lock:
            if key not in self._kept:
                return default
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: Key, value: Value) -> None:
        """Keep something; what was not used for longest goes."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)
