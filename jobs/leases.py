"""Holding leases in the database, and the intervals of the scheduler."""

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
    """Intervals in seconds; tests use shorter ones."""

    lease: float = 20.0
    """How long the leases of a dead process last."""
    beat: float = 5.0
    """How often a live process renews them: three renewals may fail."""
    poll: float = 1.0
    """How often the scheduler checks for queued, due and finished runs."""
    write: float = 1.0
    """How often a run records its progress."""
    retry: float = 60.0
    """Pause before the first retry of a failed run; doubled each time."""
    stop: float = 20.0
    """How long a run may take to stop on request before its process is killed."""


def new_token() -> str:
    """Return a random token that makes holder names unique, since process ids are reused."""
    return secrets.token_hex(4)


def holder(token: str, *, pid: int | None = None) -> str:
    """Return the lease holder name of a process, this one by default: `host:pid:random`."""
    return f"{socket.gethostname()}:{pid or os.getpid()}:{token}"


FAR = 5
"""In lease lengths: a lease that lasts longer than this was taken with a clock ahead of this one."""
STILL = 2
"""In lease lengths: a live holder has renewed its lease by then, whatever its clock."""


def recent(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether a time lies less than `span` ago. Future times do not: the clock has been set back."""
    return timedelta(0) <= now - since < span


class Hold(Enum):
    """The state of a lease."""

    KEPT = auto()
    LOST = auto()
    """Another process holds it."""
    UNKNOWN = auto()
    """The database is unreachable. Nobody else can take the lease, and its holder cannot do anything that needs it."""


class HeldLease:
    """A lease that this process holds as long as it renews it."""

    def __init__(self, leases: LeaseStore, name: str, by: str, *, clock: Clock, rhythm: Intervals) -> None:
        self.name, self.holder = name, by
        self._leases, self._clock = leases, clock
        self._length, self._beat = timedelta(seconds=rhythm.lease), timedelta(seconds=rhythm.beat)
        self._renewed = clock() - self._length

    def acquire(self) -> bool:
        """Take the lease if no live process holds it; return whether it is held now."""
        now = self._clock()
        taken = self._leases.acquire(self.name, holder=self.holder, at=now, until=now + self._length)
        if taken:
            self._renewed = now
        return taken

    def keep(self) -> Hold:
        """Renew the lease if it is time to; return whether it is still held."""
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
        """Release the lease. If the database is unreachable, the lease expires."""
        try:
            self._leases.release(self.name, holder=self.holder)
        except StoreUnavailable:
            return


class FarLeases:
    """Leases that a wrong clock set far into the future, so that they would not expire for a long time.

    A long lease alone proves nothing, since the clock of this machine may be the wrong one. The lease is therefore
    watched, and removed only if nobody renews it.
    """

    def __init__(self, leases: LeaseStore, by: str, *, clock: Clock, rhythm: Intervals) -> None:
        self._leases, self._by, self._clock = leases, by, clock
        self._length = timedelta(seconds=rhythm.lease)
        self._seen: dict[str, tuple[datetime, datetime]] = {}

    def cleared(self, found: Lease) -> bool:
        """Inspect a lease; return whether it was removed because nobody renewed it for too long."""
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
        """Delete the lease only in the state that was read: if it was renewed meanwhile, it stays."""
        taken = self._leases.acquire(found.name, holder=self._by, at=found.until, until=found.until)
        if taken:
            log.warning("removed the abandoned lease %s of %s, valid until %s", found.name, found.holder, found.until)
            self._leases.release(found.name, holder=self._by)
        return taken
