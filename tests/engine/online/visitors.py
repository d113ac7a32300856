"""Simulated visitors with known behaviour, to compare measurements with the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.errors import Cancelled
from core.trends import DiaryColumns, EventColumns
from core.users import EventKind

START = 1_795_219_200.0
"""Seconds since 1970: midnight (UTC) of a day in November 2026."""
DAY, MINUTE = 86_400.0, 60.0


@dataclass
class Visits:
    """Collects events; `columns` returns them by time."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(
        self,
        kind: EventKind,
        seconds: float,
        user: int = 1,
        movie: int = -1,
        *,
        position: int = -1,
        list_name: str = "",
        model: str = "",
        query: str = "",
    ) -> None:
        """Add an event."""
        self.rows.append((str(kind), seconds, user, movie, position, list_name, model, query))

    def columns(self) -> EventColumns:
        """Return all events, ordered by time."""
        given = sorted(self.rows, key=lambda row: row[1])
        parts: list[Any] = list(zip(*given, strict=True)) if given else [()] * 8
        kinds = (np.str_, np.float64, np.int64, np.int64, np.int64, np.object_, np.object_, np.object_)
        made: list[Any] = [np.array(part, kind) for part, kind in zip(parts, kinds, strict=True)]
        return EventColumns(*made)


def said(*rows: tuple[str, float, float, int, int]) -> DiaryColumns:
    """Return diary entries given kind, stars, seconds, user and movie."""
    parts: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 5
    kinds = (np.str_, np.float64, np.float64, np.int64, np.int64)
    made: list[Any] = [np.array(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    return DiaryColumns(*made)


def halving(visitors: int, *, first: float, places: int, seed: int = 7) -> EventColumns:
    """Simulate visitors who read a list from top to bottom and click position p with probability first / 2^(p - 1)."""
    made, random = Visits(), np.random.default_rng(seed)
    for user in range(visitors):
        for place in range(1, places + 1):
            at = START + user * 10 + place / 10
            model = "old" if user % 2 else "new"
            shown: dict[str, Any] = {"movie": place, "position": place, "list_name": "for-you", "model": model}
            made.add(EventKind.IMPRESSION, at, user, **shown)
            if random.random() < first / 2 ** (place - 1):
                made.add(EventKind.CLICK, at + 1, user, **shown)
    return made.columns()


@dataclass
class Watched:
    """Work that is cancelled after `patience` checks."""

    patience: int = 10**9
    said: list[str] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Kept for the test."""
        self.said.append(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Kept for the test."""
        self.steps.append((name, done, total))

    def note(self, figures: Any) -> None:
        """Discard figures."""

    def check(self) -> None:
        """Raise `Cancelled` after `patience` checks."""
        self.patience -= 1
        if self.patience < 0:
            raise Cancelled("stopped by the test")
