"""Counts as arrays for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.runs import Work
from core.trends import Activity, ActivityCounts, HourTally


class Watching:
    """Records a job's messages and steps."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.steps: list[tuple[str, int, int]] = []

    def say(self, sentence: str) -> None:
        """Keep it."""
        self.sentences.append(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        """Keep it."""
        self.steps.append((name, done, total))

    def note(self, figures: Mapping[str, Any]) -> None:
        """Nothing."""

    def check(self) -> None:
        """Never cancel."""


_: type[Work] = Watching


def counted(*rows: tuple[int, int, Activity, int]) -> ActivityCounts:
    """Return counts, each row given as hour, movie, activity and users."""
    places = list(Activity)
    numbers = sorted((hour, movie, places.index(activity), users) for hour, movie, activity, users in rows)
    return ActivityCounts(*np.array(numbers, np.int64).reshape(-1, 4).T)


def hourly(rows: Sequence[tuple[int, int, float]]) -> HourTally:
    """Return a tally, each row given as hour, movie and weight."""
    rows = sorted(rows)
    return HourTally(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float64),
        np.ones(len(rows), np.int64),
    )
