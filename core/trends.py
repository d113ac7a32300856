"""The records of what many people turn to now. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.types import MovieId


class Window(StrEnum):
    """Which list."""

    DAY = "day"
    WEEK = "week"
    RISING = "rising"
    """Movies that get far more than is usual for them."""


class Origin(StrEnum):
    """What a list was counted from."""

    EVENTS = "events"
    """What this site's users did."""
    MOVIELENS = "movielens"
    """MovieLens' newest period, while the site has no events of its own."""


@dataclass(frozen=True, slots=True)
class Trend:
    """One movie of a trending list, with why it is there."""

    movie: MovieId
    score: float
    """Decayed sum of weights; of `rising`, how many standard deviations above the movie's own usual day."""
    users: int
    """Distinct users behind it; all visitors without an account count as one."""
    recent: float
    """Weight in the window, not decayed."""
    usual: float
    """Weight that the movie has in a window of that length by its own past."""


@dataclass(frozen=True, slots=True)
class TrendList:
    """A published list."""

    window: Window
    origin: Origin
    made_at: datetime
    trends: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class HourTally:
    """What happened to each movie in each hour, ordered by hour, then movie.

    Attributes:
        hours: int64, (n,), hours since 1970.
        movies: int64, (n,).
        weights: float64, (n,), sums of the kinds' weights.
        events: int64, (n,), how many events.
    """

    hours: NDArray[np.int64]
    movies: NDArray[np.int64]
    weights: NDArray[np.float64]
    events: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events as arrays, ordered by time.

    Attributes:
        kinds: the `EventKind` of each, (n,) of str.
        seconds: float64, (n,), since 1970.
        users: int64, (n,), -1 where nobody is named.
        movies: int64, (n,), -1 where no movie is.
        positions: int64, (n,), -1 where there is none.
        lists, models, queries: (n,) of object, str.
    """

    kinds: NDArray[np.str_]
    seconds: NDArray[np.float64]
    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    positions: NDArray[np.int64]
    lists: NDArray[np.object_]
    models: NDArray[np.object_]
    queries: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.seconds)


@dataclass(frozen=True, slots=True)
class DiaryColumns:
    """What users said of movies within a stretch of time, as arrays, ordered by time.

    Attributes:
        kinds: `rating` or the `MarkKind` that was set, (n,) of str.
        stars: float64, (n,), NaN for marks.
        seconds: float64, (n,), since 1970.
        users, movies: int64, (n,).
    """

    kinds: NDArray[np.str_]
    stars: NDArray[np.float64]
    seconds: NDArray[np.float64]
    users: NDArray[np.int64]
    movies: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.seconds)
