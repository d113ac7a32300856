"""Turns of imports: one at a time per user, few at a time per process, since each holds its file in memory."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from core.errors import Busy
from core.users import User
from data.database.stores.leases import LeaseStore
from engine import clock

AT_ONCE = 2
"""Imports at the same time in one process: the largest need 330 MB each."""
LONGEST = timedelta(minutes=10)
"""After this time the turn of a process that died is free again."""


class ImportTurns:
    """Hands out turns; a user's turn holds for all processes."""

    def __init__(self, leases: LeaseStore, *, clock: clock.Clock = clock.now) -> None:
        self._leases, self._clock = leases, clock
        self._free = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def take(self, user: User) -> Iterator[None]:
        """Hold the user's turn while the block runs.

        Raises:
            Busy: another import of the user is running, or too many of other users. Nobody waits for a turn.
        """
        if not self._free.acquire(blocking=False):
            raise Busy("several imports are running; try again in a minute")
        try:
            with self._alone(user):
                yield
        finally:
            self._free.release()

    @contextmanager
    def _alone(self, user: User) -> Iterator[None]:
        name, holder, at = f"import-{user.id}", secrets.token_hex(8), self._clock()
        if not self._leases.acquire(name, holder=holder, at=at, until=at + LONGEST):
            raise Busy("another import of yours is running; try again when it has finished")
        try:
            yield
        finally:
            self._leases.release(name, holder=holder)
