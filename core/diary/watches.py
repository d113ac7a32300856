"""Watchings: when a user watched a movie, and the goals for a year. Immutable, and validated on creation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.types import MovieId
from core.users import check_stars

MAX_NOTE_LENGTH = 2_000
MAX_WATCHES = 100_000
"""Watchings of one user: as many as the rows of an import."""
MAX_GOAL = 10_000
"""Movies of a goal: more than the hours of a year allow."""
FIRST_DAY = date(1900, 1, 1)
"""Earliest day of a watching: there were hardly any movies before."""
LAST_YEAR = 2200
"""Latest year of a goal."""
EARLIEST_ZONE = timedelta(hours=14)
"""The time zone that is furthest ahead of UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEntry:
    """What a user enters about a watching."""

    movie: MovieId
    day: date
    rewatch: bool = False
    stars: float | None = None
    """The rating at that time; later ratings do not change it."""
    note: str = ""

    def __post_init__(self) -> None:
        if self.stars is not None:
            check_stars(self.stars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A stored watching."""

    id: int
    entry: WatchEntry
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WatchGoal:
    """How many movies a user wants to watch in a year."""

    year: int
    movies: int


def last_day(now: datetime) -> date:
    """Return the latest day of a watching: today, where the day begins first."""
    return (now.astimezone(UTC) + EARLIEST_ZONE).date()
