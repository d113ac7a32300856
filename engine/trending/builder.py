"""Builds the three trending lists from this site's events or from MovieLens' newest ratings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from core.config import Settings
from core.trends import DiaryColumns, Origin, Trend, TrendList, Window
from core.types import Movie, MovieId
from core.users import LIKED_STARS, MarkKind
from data.database import Stores
from engine.trending import counts, ranking, seed
from engine.trending.seed import Loved

SEED_DAYS = 7
"""Days after which MovieLens is read again: there may be a newer release or another catalogue."""
PRAISING = (MarkKind.FAVOURITE, MarkKind.WATCHLIST)

ManyMovies = Callable[[Sequence[MovieId]], Sequence[Movie]]
"""Returns those of the given movies that the catalogue has."""
Lists = Mapping[Window, tuple[Trend, ...]]


@dataclass(frozen=True)
class Moment:
    """The data and the time of a refresh."""

    settings: Settings
    stores: Stores
    at: datetime
    movies: ManyMovies | None
    """None if there is no catalogue; then all movies count."""

    @property
    def hour(self) -> int:
        """The current hour, since 1970."""
        return hour_of(self.at)

    def in_catalogue(self, movies: Sequence[MovieId]) -> Sequence[MovieId]:
        """Return the movies that the catalogue has: events from browsers may contain any id."""
        return [movie.id for movie in self.movies(movies)] if self.movies else movies


def hour_of(time: datetime) -> int:
    """Return the hour of a time, since 1970."""
    return int(time.timestamp()) // counts.HOUR


def time_of(hour: int) -> datetime:
    """Return the start of an hour."""
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


def last_time(moment: Moment) -> datetime | None:
    """Return the time of the last completed refresh: that of the published list of the day."""
    last = moment.stores.trends.read(Window.DAY)
    return last.made_at if last else None


def from_events(moment: Moment) -> Lists:
    """Build the lists from this site's events."""
    tally = moment.stores.trends.hours(since=moment.hour - ranking.READ_HOURS + 1)
    found = {}
    for window, span in ranking.SPANS.items():
        ranked = ranking.rank(tally, window, hour=moment.hour, half_life=moment.settings.trend_half_life)
        users = _Users(moment, time_of(moment.hour + 1 - span))
        found[window] = ranking.choose(ranked, floor=moment.settings.trend_floor, count_users=users)
    return found


def seeded(moment: Moment, loved: Loved) -> Lists:
    """Build the lists from MovieLens' newest ratings."""
    return {window: _seed(moment, loved, window) for window in ranking.SPANS}


def kept_seed(moment: Moment) -> Lists | None:
    """Return the published lists from MovieLens; None if there are none or they are too old."""
    published = [moment.stores.trends.read(window) for window in ranking.SPANS]
    good = {one.window: one.trends for one in published if one and _good(one, moment.at)}
    return good if len(good) == len(published) else None


def confirm(moment: Moment, kept: Lists) -> None:
    """Update the time of the day's list; the others keep the time when MovieLens was read."""
    moment.stores.trends.publish([TrendList(Window.DAY, Origin.MOVIELENS, moment.at, kept[Window.DAY])])


def _good(one: TrendList, now: datetime) -> bool:
    """Return whether a list is from MovieLens and not too old, nor far in the future due to a wrong clock."""
    week = timedelta(days=SEED_DAYS)
    return one.origin is Origin.MOVIELENS and now - week < one.made_at < now + week


def _seed(moment: Moment, loved: Loved, window: Window) -> tuple[Trend, ...]:
    floor = moment.settings.trend_floor
    ranked = seed.rank(loved, window, floor=floor)
    users = seed.users(ranked)

    def count(movies: Sequence[MovieId]) -> dict[MovieId, int]:
        return {movie: users[movie] for movie in moment.in_catalogue(movies)}

    return ranking.choose(ranked, floor=floor, count_users=count)


class _Users:
    """Counts the distinct users of movies since a time.

    Most users who praise a movie have opened it too; taking the greater of both numbers counts nobody twice.
    """

    def __init__(self, moment: Moment, since: datetime) -> None:
        self._moment, self._since = moment, since
        self._praising = praising(moment.stores.diaries.changes_between(since=since, until=time_of(moment.hour + 1)))

    def __call__(self, movies: Sequence[MovieId]) -> dict[MovieId, int]:
        known = self._moment.in_catalogue(movies)
        events = self._moment.stores.events
        opened = events.distinct_users(known, since=self._since, kinds=counts.TURNING_KINDS)
        return {movie: max(opened.get(movie, 0), self._praising.get(movie, 0)) for movie in known}


def praising(said: DiaryColumns) -> dict[int, int]:
    """Return the number of users who praised each movie."""
    praised = (said.stars >= LIKED_STARS) | np.isin(said.kinds, PRAISING)
    pairs = np.unique(np.stack((said.movies[praised], said.users[praised])), axis=1)
    movies, numbers = np.unique(pairs[0], return_counts=True)
    return dict(zip(movies.tolist(), numbers.tolist(), strict=True))
