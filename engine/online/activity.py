"""The activity of a site by day, and what users did with a movie: the figures of the administrators' overview."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise

import numpy as np

from core.language import time_zones
from core.trends import LATENCY_BOUNDS_MS, RequestCounts
from core.types import MovieId
from core.users import EventKind
from data.database import Stores
from engine.clock import Clock, now
from engine.online import event_columns, helpfulness, reports

DAYS = 14
"""Days of the overview, today included."""
MOVIE_DAYS = 30
"""Days of a movie's figures, today included."""
SETTLED = timedelta(days=1)
"""After this time the figures of a day no longer change: all its requests are counted, all its searches are over."""
MEDIAN, P95 = 0.5, 0.95
SEEN = (EventKind.IMPRESSION, EventKind.CLICK)


@dataclass(frozen=True, slots=True)
class DayActivity:
    """The activity of a day in the site's time zone. Figures without anything to measure are None."""

    day: date
    users: int
    """Signed-in users with an event, a rating or a mark."""
    searches: int | None
    """Searches on pages and by the API, visitors included; None if no requests were counted on this day."""
    empty: float | None
    """Share of these searches without results."""
    clicked: float | None
    """Share of the searches of signed-in users with a click on a result within half an hour."""
    helpful: float | None
    """Share of yes among the answers of signed-in users to "Was this helpful?"."""
    requests: int | None
    errors: int | None
    """Requests that were answered with an error of the server (5xx)."""
    p50: float | None
    """Median duration of requests in milliseconds."""
    p95: float | None
    """Duration in milliseconds that 95 % of requests do not exceed."""


@dataclass(frozen=True, slots=True)
class MovieActivity:
    """What users did with a movie."""

    days: tuple[tuple[date, int, int], ...]
    """The last days, oldest first, with the numbers of impressions and clicks."""
    lists: tuple[tuple[str, int, int], ...]
    """Names of lists with the numbers of impressions and clicks in them, most impressions first."""
    stars: Mapping[float, int]
    """How often each number of stars was given, of all time."""

    @property
    def impressions(self) -> int:
        """Impressions in the period."""
        return sum(shown for _, shown, _ in self.days)

    @property
    def clicks(self) -> int:
        """Clicks in the period."""
        return sum(clicked for _, _, clicked in self.days)

    @property
    def ratings(self) -> int:
        """Ratings of all time."""
        return sum(self.stars.values())

    @property
    def mean(self) -> float | None:
        """Mean rating in stars; None without ratings."""
        total = sum(stars * count for stars, count in self.stars.items())
        return total / self.ratings if self.ratings else None


@dataclass
class Activity:
    """The activity of a site. Remembers the figures of past days, so that each is read once per process."""

    stores: Stores
    clock: Clock = now
    zone: tzinfo = UTC
    """The site's time zone, in which days begin and end."""
    _past: dict[date, DayActivity] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def days(self, count: int = DAYS) -> tuple[DayActivity, ...]:
        """Return the last days up to today, oldest first."""
        at = self.clock()
        starts = self._starts(at, count)
        return tuple(self._day(start, end, at) for start, end in pairwise(starts))

    def movie(self, movie: MovieId, *, count: int = MOVIE_DAYS) -> MovieActivity:
        """Return what users did with a movie in the last days up to today."""
        starts = self._starts(self.clock(), count)
        events = self.stores.events.columns(since=starts[0], until=starts[-1], kinds=SEEN, movie=movie)
        clicked = events.kinds == EventKind.CLICK
        place = np.searchsorted([start.timestamp() for start in starts], events.seconds, side="right") - 1
        shown = np.bincount(place[~clicked], minlength=count).tolist()
        clicks = np.bincount(place[clicked], minlength=count).tolist()
        names, code = event_columns.codes(events.lists)
        by_list = zip(
            names,
            np.bincount(code[~clicked], minlength=len(names)).tolist(),
            np.bincount(code[clicked], minlength=len(names)).tolist(),
            strict=True,
        )
        return MovieActivity(
            tuple(zip((time_zones.day(start, self.zone) for start in starts[:-1]), shown, clicks, strict=True)),
            tuple(sorted(by_list, key=lambda row: (-row[1], -row[2], row[0]))),
            self.stores.diaries.ratings_of(movie),
        )

    def _starts(self, at: datetime, count: int) -> list[datetime]:
        """Return when the last days and tomorrow begin."""
        tomorrow = time_zones.day(at, self.zone) + timedelta(days=1)
        return time_zones.starts(tomorrow, count + 1, self.zone)

    def _day(self, start: datetime, end: datetime, at: datetime) -> DayActivity:
        day = time_zones.day(start, self.zone)
        with self._lock:
            known = self._past.get(day)
        if known is not None:
            return known
        found = self._read(day, start, end)
        if end + SETTLED <= at:
            with self._lock:
                self._past[day] = found
                for old in sorted(self._past)[:-DAYS]:
                    del self._past[old]
        return found

    def _read(self, day: date, start: datetime, end: datetime) -> DayActivity:
        rated = self.stores.diaries.changes_between(since=start, until=end).users.tolist()
        counted = total(self.stores.request_counts.hours(since=start, until=end).values())
        known = counted.requests > 0
        return DayActivity(
            day=day,
            users=len(self.stores.events.active(since=start, until=end).union(rated)),
            searches=counted.searches if known else None,
            empty=counted.empty / counted.searches if counted.searches else None,
            clicked=self._clicked(start, end),
            helpful=helpfulness.share(self.stores.events.columns(since=start, until=end, kinds=helpfulness.ANSWERS)),
            requests=counted.requests if known else None,
            errors=counted.failed if known else None,
            p50=quantile(counted.durations, MEDIAN),
            p95=quantile(counted.durations, P95),
        )

    def _clicked(self, start: datetime, end: datetime) -> float | None:
        """Return the share of the day's searches with a click; a search and its click may lie around midnight."""
        gap = timedelta(seconds=event_columns.VISIT_GAP)
        kinds = (EventKind.SEARCH, EventKind.CLICK)
        found = reports.searches(self.stores.events.columns(since=start - gap, until=end + gap, kinds=kinds))
        clicked = found.clicked[(found.seconds >= start.timestamp()) & (found.seconds < end.timestamp())]
        return float(clicked.mean()) if len(clicked) else None


def total(counts: Iterable[RequestCounts]) -> RequestCounts:
    """Return the sums of counts."""
    found = list(counts)
    if not found:
        return RequestCounts()
    return RequestCounts(
        requests=sum(one.requests for one in found),
        failed=sum(one.failed for one in found),
        searches=sum(one.searches for one in found),
        empty=sum(one.empty for one in found),
        durations=tuple(map(sum, zip(*(one.durations for one in found), strict=True))),
    )


def quantile(durations: tuple[int, ...], share: float) -> float | None:
    """Return a quantile of durations in milliseconds, interpolated within its class; None without requests.

    The last class has no upper bound: its quantiles are the longest bound.
    """
    rank, passed = share * sum(durations), 0
    if not rank:
        return None
    for place, count in enumerate(durations[:-1]):
        if passed + count >= rank:
            low = LATENCY_BOUNDS_MS[place - 1] if place else 0
            return low + (LATENCY_BOUNDS_MS[place] - low) * (rank - passed) / count
        passed += count
    return float(LATENCY_BOUNDS_MS[-1])
