"""Recording of first exposures to the database, in the background."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.users import UserId
from data.database.stores.exposures import ExposureStore
from engine import clock
from engine.experiments.plan import Part
from engine.online.event_queue import EventQueue

REMEMBERED = 100_000
"""Exposures that a process remembers, some 20 MB; a forgotten one is recorded again, which changes nothing in the
database."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """A user saw something that an experiment changes."""

    experiment: str
    """The phase of the experiment: when shares or variants change, all users are exposed again."""
    variant: str
    user: UserId
    at: datetime


class Sink:
    """Writes batches of exposures; the first exposure of a user is kept."""

    def __init__(self, store: ExposureStore) -> None:
        self._store = store

    def add(self, items: Sequence[Exposure]) -> None:
        """Write a batch, with one call per experiment."""
        batches: dict[str, dict[UserId, str]] = defaultdict(dict)
        for item in items:
            batches[item.experiment].setdefault(item.user, item.variant)
        for experiment, variants in batches.items():
            first = min(item.at for item in items if item.experiment == experiment)
            self._store.add(experiment, variants, at=first)

    def purge(self, *, before: datetime) -> int:  # noqa: ARG002 - the queue calls it
        """Delete nothing: exposures are deleted with their users."""
        return 0


class ExposureRecorder:
    """Records each user's part in each experiment once per day and process. Never delays a page."""

    def __init__(self, store: ExposureStore, *, now: clock.Clock = clock.now, room: int = REMEMBERED) -> None:
        """`room`: number of remembered exposures."""
        self._queue: EventQueue[Exposure] = EventQueue(Sink(store), days=1, clock=now, what="exposures")
        self._now, self._room = now, room
        self._noted: OrderedDict[tuple[str, UserId], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, user: UserId, parts: Sequence[Part]) -> None:
        """Record that a user saw what these parts change."""
        now = self._now()
        fresh = [part for part in parts if self._first((part.experiment.phase, user), now)]
        if fresh:
            self._queue.notice([Exposure(part.experiment.phase, part.variant.name, user, now) for part in fresh])

    def flush(self) -> None:
        """Wait until all queued exposures are written or dropped."""
        self._queue.flush()

    def _first(self, key: tuple[str, UserId], now: datetime) -> bool:
        """Return whether it was not recorded in the last day: a lost batch is recorded again a day later."""
        with self._lock:
            noted = self._noted.get(key)
            if noted is not None and now - noted < timedelta(days=1):
                return False
            self._noted[key] = now
            self._noted.move_to_end(key)
            while len(self._noted) > self._room:
                self._noted.popitem(last=False)
            return True
