"""Admission of requests to a share of the threads: a bounded queue that sheds load by the age of its requests.

Under overload, serving every request late is worse than serving most of them in time: clients give up, and the server
works for nobody. A request that would wait too long is therefore refused when it arrives, or as soon as a slower pace
shows that it would; one that has waited too long is refused whatever was expected, as in CoDel (Nichols and Jacobson,
"Controlling Queue Delay", 2012).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST_WAIT = 1.0
"""Seconds that a request may wait for a thread. Half of the patience of an impatient client (2 s)."""
MOST_WAITING = 256
"""Requests that may wait, whatever their expected wait."""
SMOOTHING = 0.1
"""Weight of the latest request in the mean service time."""
RETRY_SECONDS = 1
"""Seconds after which a refused client may try again: the queue is never longer than this."""


class Overloaded(Exception):
    """The request cannot be served in time."""


@dataclass
class Admission:
    """A number of slots and the queue in front of them. To be used on one event loop only."""

    slots: int
    longest: float = LONGEST_WAIT
    most: int = MOST_WAITING
    clock: Callable[[], float] = time.monotonic
    refused: int = field(default=0, init=False)
    """Number of refused requests since the start."""
    _running: int = field(default=0, init=False)
    _mean: float = field(default=0.0, init=False)
    """Mean service time of recent requests, in seconds, from 0 upwards: a first slow page, or a single very slow one,
    must not refuse the posters that a browser asks for next. Longer times count as twice `longest`."""
    _waiting: deque[tuple[float, asyncio.Future[None]]] = field(default_factory=deque, init=False)

    async def enter(self) -> None:
        """Wait for a slot; `leave` must follow.

        Raises:
            Overloaded: the queue is too long, or the wait was.
            CancelledError: the waiting task was cancelled, for example because its client has left.
        """
        if self._running < self.slots and not self._waiting:
            self._running += 1
            return
        if self._is_too_long():
            self.refused += 1
            raise Overloaded
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.clock(), turn))
        admitted = False
        try:
            # Not `wait_for`: Python 3.11's swallows a cancellation that comes together with the slot.
            async with asyncio.timeout(self.longest):
                await turn
            admitted = True
        except (TimeoutError, Overloaded):
            self.refused += 1
            raise Overloaded from None
        finally:
            if not admitted:
                self._give_up(turn)

    def leave(self, seconds: float) -> None:
        """Free the slot of a request that took `seconds`."""
        self._mean += SMOOTHING * (min(seconds, 2 * self.longest) - self._mean)
        self._running -= 1
        self._admit()
        self._shed()

    def running(self) -> int:
        """Return the number of occupied slots."""
        return self._running

    def waiting(self) -> int:
        """Return the number of waiting requests."""
        return len(self._waiting)

    def _is_too_long(self) -> bool:
        """Whether a new request would probably wait too long.

        Half of the longest wait is the limit here, because estimates err: hardly anybody then waits only to be refused.
        """
        expected = (len(self._waiting) + 1) * self._mean / self.slots
        oldest = self.clock() - self._waiting[0][0] if self._waiting else 0.0
        return len(self._waiting) >= self.most or max(expected, oldest) > self.longest / 2

    def _admit(self) -> None:
        while self._waiting and self._running < self.slots:
            _, turn = self._waiting.popleft()
            if not turn.done():
                self._running += 1
                turn.set_result(None)

    def _shed(self) -> None:
        """Refuse the last requests that will probably wait too long, as soon as that is known: after a burst."""
        now = self.clock()
        while self._waiting:
            since, turn = self._waiting[-1]
            if now - since + len(self._waiting) * self._mean / self.slots <= self.longest:
                return
            self._waiting.pop()
            if not turn.done():
                turn.set_exception(Overloaded())

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled() and turn.exception() is None:  # the slot was granted at the same moment
            self._running -= 1
            self._admit()
            return
        turn.cancel()
        self._waiting = deque(entry for entry in self._waiting if entry[1] is not turn)
