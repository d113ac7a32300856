"""The records of trending lists and of the activity behind them. Immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.types import MovieId


class Window(StrEnum):
    """The trending lists."""

    DAY = "day"
    WEEK = "week"
    RISING = "rising"
    """Movies with far more activity than usual."""


class Origin(StrEnum):
    """The data source of a list."""

    EVENTS = "events"
    """Events of this site's users."""
    MOVIELENS = "movielens"
    """The latest period of MovieLens, while the site has no events."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A movie of a trending list with the figures behind it."""

    movie: MovieId
    score: float
    """Decayed sum of weights; for `rising`, standard deviations above the movie's own usual day."""
    users: int
    """Distinct users behind it; all anonymous visitors count as one."""
    recent: float
    """Weight in the window, without decay."""
    usual: float
    """Usual weight of the movie in a window of that length, from its own history."""


@dataclass(frozen=True, slots=True)
class TrendList:
    """A published list."""

    window: Window
    origin: Origin
    made_at: datetime
    trends: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class HourTally:
    """Hourly activity of each movie, ordered by hour, then movie.

    Attributes:
        hours: int64, (n,), hours since 1970.
        movies: int64, (n,).
        weights: float64, (n,), sums of the event weights.
        events: int64, (n,), numbers of events.
    """

    hours: NDArray[np.int64]
    movies: NDArray[np.int64]
    weights: NDArray[np.float64]
    events: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True, slots=True)
class ChangedHour:
    """An hour whose counts must be made again."""

    id: int
    """The number of this change; an hour may have several."""
    hour: int
    """Hours since 1970."""


@dataclass(frozen=True, slots=True)
class DayState:
    """What tells whether a day's events have changed: events themselves never do."""

    events: int
    ids: int
    """The sum of their numbers."""


TRENDING_LIST, SEARCH_LIST = "trending", "search"
"""Names of trending lists and of lists of search results in events."""


class Activity(StrEnum):
    """What a user does that counts towards a trending movie."""

    CLICK = "click"
    LISTED_CLICK = "click on a trending list"
    SEARCH_CLICK = "search click"
    SWIPE_RIGHT = "swipe right"
    SWIPE_LEFT = "swipe left"
    WATCHLIST = "watchlist"
    FAVOURITE = "favourite"
    LOVED = "loved"
    """Rated with `LIKED_STARS` or more."""


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """Users by hour, movie and activity, each user once; in this order.

    Attributes:
        hours: int64, (n,), hours since 1970.
        movies: int64, (n,).
        activities: int64, (n,), positions in `Activity`.
        users: int64, (n,), distinct users; all visitors without an account are one.
    """

    hours: NDArray[np.int64]
    movies: NDArray[np.int64]
    activities: NDArray[np.int64]
    users: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events as arrays, ordered by time.

    Attributes:
        kinds: the `EventKind` of each, (n,) of str.
        seconds: float64, (n,), since 1970.
        users: int64, (n,), -1 if anonymous.
        movies: int64, (n,), -1 if the event has no movie.
        positions: int64, (n,), -1 if the event has no position.
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
    """Ratings and marks within a period as arrays, ordered by time.

    Attributes:
        kinds: `rating` or the `MarkKind`, (n,) of str.
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


LATENCY_BOUNDS_MS = (2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000)
"""Upper bounds of the classes in which durations of requests are counted; longer ones form the last class."""


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """An answered request, without anything about who sent it."""

    at: datetime
    ms: float
    failed: bool = False
    """Whether the answer was an error of the server (5xx)."""
    found: int | None = None
    """Number of results, if the request was a search."""


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Requests of an hour, or of several."""

    requests: int = 0
    failed: int = 0
    searches: int = 0
    empty: int = 0
    """Searches without results."""
    durations: tuple[int, ...] = (0,) * (len(LATENCY_BOUNDS_MS) + 1)
    """Number of requests in each class of durations, see `LATENCY_BOUNDS_MS`."""
