"""Events and diaries as arrays for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.runs import Work
from core.trends import DiaryColumns, EventColumns, HourTally
from core.users import EventKind

HOUR = 3600


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


def happened(*rows: tuple[EventKind, float, int, int], query: str = "", list_name: str = "home") -> EventColumns:
    """Return events, each given as kind, hour, user and movie."""
    kinds, hours, users, movies = zip(*rows, strict=True) if rows else ((), (), (), ())
    return EventColumns(
        np.array(kinds, np.str_),
        np.array(hours, np.float64) * HOUR,
        np.array(users, np.int64),
        np.array(movies, np.int64),
        np.full(len(rows), -1),
        np.array([list_name] * len(rows), object),
        np.array([""] * len(rows), object),
        np.array([query] * len(rows), object),
    )


def said(*rows: tuple[str, float, float, int, int]) -> DiaryColumns:
    """Return diary entries, each given as kind, stars, hour, user and movie."""
    kinds, stars, hours, users, movies = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return DiaryColumns(
        np.array(kinds, np.str_),
        np.array(stars, np.float64),
        np.array(hours, np.float64) * HOUR,
        np.array(users, np.int64),
        np.array(movies, np.int64),
    )


def hourly(rows: Sequence[tuple[int, int, float]]) -> HourTally:
    """Return a tally, each row given as hour, movie and weight."""
    rows = sorted(rows)
    return HourTally(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float64),
        np.ones(len(rows), np.int64),
    )
