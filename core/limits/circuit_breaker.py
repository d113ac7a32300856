"""A circuit breaker with a bulkhead: what is slow or hangs must not take all threads of a process.

See Nygard, "Release It!" (2nd edition, 2018), chapter 5. A failure that took long opens the circuit, and calls then
fail at once until a single trial call succeeds. Failures that arrive quickly, such as a refused connection, cost
nothing and pass through, unless the dependency is one that needs rest: several in a row then open the circuit for a
moment.
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
QUICK_PAUSE = 1.0
"""The same after failures that came quickly: what refuses connections may be back in a second."""
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
        quick: failures in a row, however quickly they came, that open it too; None: any number passes through.
        pause: seconds until a trial call after the circuit opened.
        patience: seconds that a call waits for its turn.
        counts: whether an error is a failure of the dependency; by default, all are. Others change nothing.
    """

    share: int
    tolerance: int = 1
    quick: int | None = None
    pause: float = PAUSE
    patience: float = PATIENCE
    counts: Callable[[BaseException], bool] = lambda _: True
    clock: Callable[[], float] = time.monotonic
    _slots: threading.BoundedSemaphore = field(init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _open_until: float | None = field(default=None, init=False)
    _trying: bool = field(default=False, init=False)
    _slow: int = field(default=0, init=False)
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

    def is_open(self) -> bool:
        """Return whether calls fail at once now, or the next one is a trial."""
        return self._open_until is not None

    def _observed(self) -> Iterator[None]:
        started = self.clock()
        try:
            yield
        except BaseException as error:
            if self.counts(error):
                self._fail(self.clock() - started)
            raise
        self._slow, self._failures, self._open_until = 0, 0, None

    def _fail(self, seconds: float) -> None:
        self._failures += 1
        if seconds >= SLOW:
            self._slow += 1
            if self._slow >= self.tolerance:
                self._open_until = self.clock() + self.pause
        elif self.quick is not None and self._failures >= self.quick:
            self._open_until = self.clock() + QUICK_PAUSE

    def _begin(self) -> bool:
        """Return whether the call is a trial. Raises `CircuitOpen`."""
        with self._lock:
            if self._open_until is None:
                return False
            if self._trying or self.clock() < self._open_until:
                raise CircuitOpen("did not respond in time; it is tried again every few seconds")
            self._trying = True
            return True
