"""A circuit breaker with a bulkhead: what is slow or hangs must not take all threads of a process.

See Nygard, "Release It!" (2nd edition, 2018), chapter 5. Failures that arrive quickly, such as a refused connection,
cost nothing and pass through; a failure that took long opens the circuit, and calls then fail at once until a single
trial call succeeds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SLOW = 0.5
"""Seconds from which a failure opens the circuit."""
PAUSE = 5.0
"""Seconds until a trial call."""
PATIENCE = 0.25
"""Seconds that a call waits while all calls of the share are in progress."""


class CircuitOpen(Exception):
    """The call was not made; the text says why."""


@dataclass
class CircuitBreaker:
    """Limits the calls of a dependency. Thread-safe.

    Attributes:
        share: calls that may be in progress at the same time; fewer than the threads of the process.
        tolerance: slow failures in a row that open the circuit.
        pause: seconds until a trial call after the circuit opened.
        patience: seconds that a call waits for its turn.
    """

    share: int
    tolerance: int = 1
    pause: float = PAUSE
    patience: float = PATIENCE
    clock: Callable[[], float] = time.monotonic
    _slots: threading.BoundedSemaphore = field(init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _open_until: float | None = field(default=None, init=False)
    _trying: bool = field(default=False, init=False)
    _failures: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._slots = threading.BoundedSemaphore(self.share)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Make a call in the block.

        Raises:
            CircuitOpen: the dependency is down, or all calls of the share are in progress.
        """
        trial = self._begin()
        try:
            if not self._slots.acquire(timeout=self.patience):
                raise CircuitOpen("is overloaded: too many requests wait for it; try again")
            try:
                yield from self._observed()
            finally:
                self._slots.release()
        finally:
            if trial:
                self._trying = False

    def _observed(self) -> Iterator[None]:
        started, succeeded = self.clock(), False
        try:
            yield
            succeeded = True
        finally:
            if succeeded:
                self._failures, self._open_until = 0, None
            elif self.clock() - started >= SLOW:
                self._failures += 1
                if self._failures >= self.tolerance:
                    self._open_until = self.clock() + self.pause

    def _begin(self) -> bool:
        """Return whether the call is a trial. Raises `CircuitOpen`."""
        with self._lock:
            if self._open_until is None:
                return False
            if self._trying or self.clock() < self._open_until:
                raise CircuitOpen("did not respond in time; it is tried again every few seconds")
            self._trying = True
            return True
