"""Holding a lease of the database: taken, renewed while one lives, given back; and what is measured in seconds here."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from core.errors import StoreUnavailable
from core.jobs.runs import Lease
from data.database.stores.leases import LeaseStore
from engine.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds. Tests are in a hurry and have their own."""

    lease: float = 20.0
    """How long a dead process keeps its leases."""
    beat: float = 5.0
    """How often a living one renews them: three beats may fail."""
    poll: float = 1.0
    """How often the scheduler looks for wishes, for what is due, and for what has ended."""
    write: float = 1.0
    """How often a run writes down how far it is."""
    retry: float = 60.0
    """How long a failed run waits before it is tried a second time; doubled each time."""
    stop: float = 20.0
    """How long a run that was told to stop may take; its process is ended then."""


def new_token() -> str:
    """What makes the name of a holder its own, though numbers of processes come again."""
    return secrets.token_hex(4)


def holder(token: str, *, pid: int | None = None) -> str:
    """The name of a process, this one by default, that holds leases: `host:pid:random`."""
    return f"{socket.gethostname()}:{pid or os.getpid()}:{token}"


FAR = 5
"""Lengths of a lease. One that lasts longer than that was taken by a clock that is ahead of this one."""
STILL = 2
"""Lengths of a lease: whoever lives has renewed it meanwhile, by whatever clock."""


def recent(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether something was less than a span ago. What lies in the future was not: a clock has been set back."""
    return timedelta(0) <= now - since < span


class Hold(Enum):
    """Whether a lease is held still."""

    KEPT = auto()
    LOST = auto()
    """Another process took it."""
    UNKNOWN = auto()
    """The database is away. Nobody can take it meanwhile, nor can its holder do anything that needs it."""


class HeldLease:
    """One lease, as long as this process renews it."""

    def __init__(self, leases: LeaseStore, name: str, by: str, *, clock: Clock, rhythm: Intervals) -> None:
        self.name, self.holder = name, by
        self._leases, self._clock = leases, clock
        self._length, self._beat = timedelta(seconds=rhythm.lease), timedelta(seconds=rhythm.beat)
        self._renewed = clock() - self._length

    def acquire(self) -> bool:
        """Take it, if nobody alive has it; whether it is held now."""
        now = self._clock()
        taken = self._leases.acquire(self.name, holder=self.holder, at=now, until=now + self._length)
        if taken:
            self._renewed = now
        return taken

    def keep(self) -> Hold:
        """Renew it where it is time to; whether it is held still."""
        now = self._clock()
        if recent(self._renewed, now, self._beat):
            return Hold.KEPT
        try:
            kept = self._leases.renew(self.name, holder=self.holder, until=now + self._length)
        except StoreUnavailable:
            return Hold.UNKNOWN
        if not kept:
            return Hold.LOST
        self._renewed = now
        return Hold.KEPT

    def give_back(self) -> None:
        """Let another one have it at once. A database that is away takes it back by itself."""
        try:
            self._leases.release(self.name, holder=self.holder)
        except StoreUnavailable:
            return


class Frozen:
    """Leases of the dead that a wrong clock has left far in the future, so that they would not lapse for long.

    That a lease lasts long says nothing alone: the clock of this machine may be the wrong one. So it is watched, and
    taken away only where nobody renews it.
    """

    def __init__(self, leases: LeaseStore, by: str, *, clock: Clock, rhythm: Intervals) -> None:
        self._leases, self._by, self._clock = leases, by, clock
        self._length = timedelta(seconds=rhythm.lease)
        self._seen: dict[str, tuple[datetime, datetime]] = {}

    def cleared(self, found: Lease) -> bool:
        """Look at a lease, again and again; whether it stood still for too long, and was taken away."""
        now = self._clock()
        if found.until <= now + FAR * self._length:
            self._seen.pop(found.name, None)
            return False
        until, since = self._seen.setdefault(found.name, (found.until, now))
        if until != found.until or since > now:
            self._seen[found.name] = (found.until, now)
            return False
        return now - since >= STILL * self._length and self._delete_lease(found)

    def _delete_lease(self, found: Lease) -> bool:
        """Only as it was seen: one that is renewed in this moment lasts longer, and stays."""
        taken = self._leases.acquire(found.name, holder=self._by, at=found.until, until=found.until)
        if taken:
            log.warning("the lease %s of %s, until %s, is nobody's any more", found.name, found.holder, found.until)
            self._leases.release(found.name, holder=self._by)
        return taken
