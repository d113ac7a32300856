"""Trending lists for a site where nobody has done anything yet: MovieLens' newest period. Pure but for reading it.

MovieLens' own clock counts: its newest rating is "now". A release of few users has a thin newest month; the period is
then a longer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.trends import Window
from core.users import LIKED_STARS
from engine.trending import ranking
from engine.trending.ranking import Ranked

DAY = 86_400
"""Seconds."""
MONTH, QUARTER, YEAR = 30, 91, 365
"""Days."""
PERIODS: Mapping[Window, tuple[int, ...]] = MappingProxyType(
    {Window.DAY: (MONTH, QUARTER), Window.WEEK: (YEAR,), Window.RISING: (QUARTER, YEAR)}
)
"""Days of the newest period that each list counts: the first in which enough movies are loved by enough users."""
ENOUGH = 20
"""Movies that make a list worth while; with fewer a longer period is taken."""
PAST_PERIODS = 4
"""A movie's usual is what it got in so many periods before the newest."""


@dataclass(frozen=True, slots=True)
class Loved:
    """Who loved which movie when, each user and movie once.

    Attributes:
        movies: int64, (n,).
        seconds: int64, (n,), since 1970.
    """

    movies: NDArray[np.int64]
    seconds: NDArray[np.int64]


def read(folder: Path) -> Loved:
    """The ratings of a MovieLens release that speak for a movie. Raises `DataError`."""
    from data.catalogues import movielens  # noqa: PLC0415 - brings pandas, which a site with events of its own never needs

    found = movielens.read_ratings(folder)
    kept = found.stars >= LIKED_STARS
    return Loved(found.movies[kept], found.times[kept])


def rank(loved: Loved, window: Window, *, floor: int) -> Ranked:
    """Movies by the number of users who loved them in the newest period, or by how far that is above their past."""
    make = _rising if window is Window.RISING else _newest
    best = ranking.NOBODY
    for days in PERIODS[window]:
        best = max(best, make(loved, days, floor), key=len)
        if len(best) >= ENOUGH:
            break
    return best


def users(ranked: Ranked) -> dict[int, int]:
    """How many users stand behind each movie: each loves a movie once."""
    return {int(movie): int(number) for movie, number in zip(ranked.movies, ranked.recent, strict=True)}


def _newest(loved: Loved, days: int, floor: int) -> Ranked:
    movies, recent, usual = _counts(loved, days)
    return ranking.ordered(movies, recent, recent, usual, kept=recent >= floor)


def _rising(loved: Loved, days: int, floor: int) -> Ranked:
    movies, recent, usual = _counts(loved, days)
    scores = ranking.burst(recent, usual, usual)
    kept = (recent >= floor) & (scores >= ranking.LEAST_BURST) & bool(usual.any())  # without a past, nothing rises
    return ranking.ordered(movies, scores, recent, usual, kept=kept)


def _counts(loved: Loved, days: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Movies, users of the newest period, and what would be usual for the movie in a period as busy as that one."""
    movies, places = np.unique(loved.movies, return_inverse=True)
    age = (loved.seconds.max(initial=0) - loved.seconds) // (days * DAY)
    recent, past = (
        np.bincount(places[kept], minlength=len(movies)).astype(np.float64)
        for kept in (age == 0, (age > 0) & (age <= PAST_PERIODS))
    )
    busy = recent.sum() / max(past.sum(), 1.0)
    return movies, recent, past * busy
