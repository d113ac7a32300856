"""Exploration of a user's list: which positions are drawn today, and the log of the draws, in the background."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from core.language import time_zones
from core.recommendations.records import ExploredMovie, LoggedDraw
from core.users import User
from data.database.stores.exposures import ExplorationStore
from engine import clock
from engine.online.event_queue import EventQueue
from engine.recommender.lists import Exploration

SALT = "exploration"


@dataclass(frozen=True)
class ExplorationLog:
    """Explores the lists of users whose events are recorded; others are neither explored nor logged."""

    store: ExplorationStore
    share: float
    days: int
    """How long draws are kept: as long as events, without which they say nothing."""
    now: clock.Clock = clock.now
    zone: tzinfo = UTC
    """The site's time zone, for users who chose none."""
    _queue: EventQueue[LoggedDraw] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        queue: EventQueue[LoggedDraw] = EventQueue(self.store, days=self.days, clock=self.now, what="explorations")
        object.__setattr__(self, "_queue", queue)

    def plan(self, user: User) -> Exploration | None:
        """Return how to explore the user's list today, the same all day; None if it is not explored."""
        if not self.share or not self.days or not user.preferences.keep_events:
            return None
        today = time_zones.day(self.now(), time_zones.zone(user.preferences.time_zone, self.zone))
        digest = hashlib.sha256(f"{SALT}:{user.id}:{today.isoformat()}".encode()).digest()
        return Exploration(self.share, int.from_bytes(digest[:8], "big"))

    def note(self, user: User, explored: Sequence[ExploredMovie]) -> None:
        """Record draws; never delays a page."""
        if explored:
            at = self.now()
            self._queue.notice([LoggedDraw(user.id, one, at) for one in explored])

    def flush(self) -> None:
        """Wait until all queued draws are written or dropped."""
        self._queue.flush()
