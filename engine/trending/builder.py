"""The three lists of one moment: of what users did here, or, for want of that, of MovieLens' newest ratings."""

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
"""MovieLens is read again after so long: a newer release may be there, or another catalogue."""
PRAISING = (MarkKind.FAVOURITE, MarkKind.WATCHLIST)

ManyMovies = Callable[[Sequence[MovieId]], Sequence[Movie]]
"""Gives those of some movies that the catalogue has."""
Lists = Mapping[Window, tuple[Trend, ...]]


@dataclass(frozen=True)
class Moment:
    """What the lists are made of, and when."""

    settings: Settings
    stores: Stores
    at: datetime
    movies: ManyMovies | None
    """None: there is no catalogue to look movies up in, and all count."""

    @property
    def hour(self) -> int:
        """The present hour, since 1970."""
        return hour_of(self.at)

    def in_catalogue(self, movies: Sequence[MovieId]) -> Sequence[MovieId]:
        """Those of the movies that the catalogue has: visitors may say that they opened any number."""
        return [movie.id for movie in self.movies(movies)] if self.movies else movies


def hour_of(time: datetime) -> int:
    """The hour that a time lies in, since 1970."""
    return int(time.timestamp()) // counts.HOUR


def time_of(hour: int) -> datetime:
    """When an hour begins."""
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


def last_time(moment: Moment) -> datetime | None:
    """When the last refresh was that came to its end; each leaves a list of the day of its own time."""
    last = moment.stores.trends.read(Window.DAY)
    return last.made_at if last else None


def from_events(moment: Moment) -> Lists:
    """By what was counted here."""
    tally = moment.stores.trends.hours(since=moment.hour - ranking.READ_HOURS + 1)
    found = {}
    for window, span in ranking.SPANS.items():
        ranked = ranking.rank(tally, window, hour=moment.hour, half_life=moment.settings.trend_half_life)
        users = _Users(moment, time_of(moment.hour + 1 - span))
        found[window] = ranking.choose(ranked, floor=moment.settings.trend_floor, count_users=users)
    return found


def seeded(moment: Moment, loved: Loved) -> Lists:
    """By MovieLens' newest ratings."""
    return {window: _seed(moment, loved, window) for window in ranking.SPANS}


def kept_seed(moment: Moment) -> Lists | None:
    """The lists of MovieLens that are published already; None where there are none, or these have become old."""
    published = [moment.stores.trends.read(window) for window in ranking.SPANS]
    good = {one.window: one.trends for one in published if one and _good(one, moment.at)}
    return good if len(good) == len(published) else None


def confirm(moment: Moment, kept: Lists) -> None:
    """Note on the day's list that these still stand; the others keep the time at which MovieLens was read."""
    moment.stores.trends.publish([TrendList(Window.DAY, Origin.MOVIELENS, moment.at, kept[Window.DAY])])


def _good(one: TrendList, now: datetime) -> bool:
    """Not too old, and not of a clock that was far ahead: such a list would stay for longer than it should."""
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
    """Counts the distinct users of movies since some time.

    Whoever praises a movie has mostly opened it too; the greater of both numbers counts nobody twice.
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
    """How many users said something in favour of each movie."""
    spoke = (said.stars >= LIKED_STARS) | np.isin(said.kinds, PRAISING)
    pairs = np.unique(np.stack((said.movies[spoke], said.users[spoke])), axis=1)
    movies, numbers = np.unique(pairs[0], return_counts=True)
    return dict(zip(movies.tolist(), numbers.tolist(), strict=True))
