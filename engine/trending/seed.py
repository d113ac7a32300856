"""Trending lists for a site without events, from MovieLens' newest ratings. Pure except for reading them.

Time is MovieLens' own: its newest rating is "now". Small releases have few ratings in the newest month; a longer
period is used then.
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
"""Candidate lengths of each list's period in days; the first one with enough movies is used."""
ENOUGH = 20
"""Movies from which a list is long enough; with fewer, a longer period is used."""
PAST_PERIODS = 4
"""Number of previous periods that define a movie's usual weight."""


@dataclass(frozen=True, slots=True)
class Loved:
    """Good ratings, one per user and movie.

    Attributes:
        movies: int64, (n,).
        seconds: int64, (n,), since 1970.
    """

    movies: NDArray[np.int64]
    seconds: NDArray[np.int64]


def read(folder: Path) -> Loved:
    """Read the good ratings of a MovieLens release. Raises `DataError`."""
    from data.catalogues import movielens  # noqa: PLC0415 - imports pandas, which sites with enough events never need

    found = movielens.read_ratings(folder)
    kept = found.stars >= LIKED_STARS
    return Loved(found.movies[kept], found.times[kept])


def rank(loved: Loved, window: Window, *, floor: int) -> Ranked:
    """Rank movies by the users who loved them in the newest period, or by the rise of that number."""
    make = _rising if window is Window.RISING else _newest
    best = ranking.NOBODY
    for days in PERIODS[window]:
        best = max(best, make(loved, days, floor), key=len)
        if len(best) >= ENOUGH:
            break
    return best


def users(ranked: Ranked) -> dict[int, int]:
    """Return the number of users of each movie: each user rates a movie once."""
    return {int(movie): int(number) for movie, number in zip(ranked.movies, ranked.recent, strict=True)}


def _newest(loved: Loved, days: int, floor: int) -> Ranked:
    movies, recent, usual = _counts(loved, days)
    return ranking.ordered(movies, recent, recent, usual, kept=recent >= floor)


def _rising(loved: Loved, days: int, floor: int) -> Ranked:
    movies, recent, usual = _counts(loved, days)
    scores = ranking.burst(recent, usual, usual)
    kept = (recent >= floor) & (scores >= ranking.LEAST_BURST) & bool(usual.any())  # nothing rises without a past
    return ranking.ordered(movies, scores, recent, usual, kept=kept)


def _counts(loved: Loved, days: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return movies, their users in the newest period, and their usual number, scaled to that period's activity."""
    movies, places = np.unique(loved.movies, return_inverse=True)
    age = (loved.seconds.max(initial=0) - loved.seconds) // (days * DAY)
    recent, past = (
        np.bincount(places[kept], minlength=len(movies)).astype(np.float64)
        for kept in (age == 0, (age > 0) & (age <= PAST_PERIODS))
    )
    busy = recent.sum() / max(past.sum(), 1.0)
    return movies, recent, past * busy
