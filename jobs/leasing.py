"""Holding a lease of the database: taken, renewed while one lives, given back; and what is measured in seconds here."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import StoreUnavailable
from core.job_stores import LeaseStore
from engine.people.clock import Clock


@dataclass(frozen=True, slots=True)
class Rhythm:
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


def recent(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether something was less than a span ago. What lies in the future was not: a clock has been set back."""
    return timedelta(0) <= now - since < span


class Held:
    """One lease, as long as this process renews it."""

    def __init__(self, leases: LeaseStore, name: str, by: str, *, clock: Clock, rhythm: Rhythm) -> None:
        self.name, self.holder = name, by
        self._leases, self._clock = leases, clock
        self._length, self._beat = timedelta(seconds=rhythm.lease), timedelta(seconds=rhythm.beat)
        self._renewed = clock() - self._length

    def take(self) -> bool:
        """Take it, if nobody alive has it; whether it is held now."""
        now = self._clock()
        taken = self._leases.take(self.name, holder=self.holder, at=now, until=now + self._length)
        if taken:
            self._renewed = now
        return taken

    def keep(self) -> bool:
        """Renew it where it is time to; whether it is held still.

        While the database cannot be reached nobody else can take it either, until it lapses.
        """
        now = self._clock()
        if now - self._renewed < self._beat:
            return True
        try:
            kept = self._leases.renew(self.name, holder=self.holder, until=now + self._length)
        except StoreUnavailable:
            return now - self._renewed < self._length
        if kept:
            self._renewed = now
        return kept

    def give_back(self) -> None:
        """Let another one have it at once. A database that is away takes it back by itself."""
        try:
            self._leases.release(self.name, holder=self.holder)
        except StoreUnavailable:
            return
