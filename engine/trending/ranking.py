"""Ranking of the three trending lists from hourly counts. Pure.

Day and week: score(now) = Σ w · 2^(−age / half-life), as in exponentially decayed counts (Cormode, Shkapenyuk,
Srivastava and Xu, "Forward decay", ICDE 2009).

Rising: z = (x − μ) / √max(s², μ, 1), where x is the movie's weight in the last 24 hours, and μ and s² are mean and
variance of its previous days, 28 at most: the standard score of a count. The variance is at least μ, that of a Poisson
count, and at least one event, so that a movie with hardly any past needs several users to rise. Bursts as departures
from a stream's own rate: Kleinberg, "Bursty and hierarchical structure in streams",
KDD 2002.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.trends import HourTally, Trend, Window
from core.types import MovieId

DAY = 24
"""Hours."""
WEEK = 7 * DAY
BASELINE_DAYS = 28
"""Four whole weeks, so that each day of the week counts equally."""
READ_HOURS = WEEK + BASELINE_DAYS * DAY
"""Hours that the lists use: a week, and the four weeks before it."""
LEAST_BURST = 2.0
"""Standard deviations from which a movie is rising: one in forty reaches them by chance."""
LEAST_VARIANCE = 1.0
LENGTH = 100
"""Maximum length of a list."""
PORTION = 300
"""Movies whose users are counted at once."""
WEEK_FACTOR = 7
"""Ratio of the weekly list's half-life to the daily one's."""
SPANS: Mapping[Window, int] = {Window.DAY: DAY, Window.WEEK: WEEK, Window.RISING: DAY}
"""Hours that each list covers."""

CountUsers = Callable[[Sequence[MovieId]], Mapping[MovieId, int]]
"""Returns the number of distinct users of each movie within the list's span."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Movies with their figures, best first.

    Attributes:
        movies: int64, (n,).
        scores: float64, (n,), descending; ties by id.
        recent: float64, (n,), weight within the span.
        usual: float64, (n,), the movie's usual weight in a span of that length.
    """

    movies: NDArray[np.int64]
    scores: NDArray[np.float64]
    recent: NDArray[np.float64]
    usual: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.movies)


def rank(tally: HourTally, window: Window, *, hour: int, half_life: float) -> Ranked:
    """Rank all movies of a tally, best first.

    Args:
        tally: `READ_HOURS` hours, or fewer on a new site.
        hour: the current one, in hours since 1970; it may be incomplete.
        half_life: hours after which an event counts half on the daily list.
    """
    tally = _until(tally, hour)
    movies, places = np.unique(tally.movies, return_inverse=True)
    days = _by_day(tally, places, len(movies), hour=hour)
    known = _days_known(tally, hour=hour, span=SPANS[window])
    if window is Window.RISING:
        return _rising(movies, days, known)
    recent, usual = _weekly(days, known) if window is Window.WEEK else _daily(days, known)
    fading = half_life * (WEEK_FACTOR if window is Window.WEEK else 1)
    decayed = tally.weights * np.exp2(-(hour - tally.hours) / fading)
    scores = np.asarray(np.bincount(places, decayed, minlength=len(movies)), np.float64)
    return ordered(movies, scores, recent, usual, kept=(scores > 0) & (recent > 0))


def choose(ranked: Ranked, *, floor: int, count_users: CountUsers, length: int = LENGTH) -> tuple[Trend, ...]:
    """Return the best movies with enough distinct users.

    Continues until the list is full, so movies pushed up by few users do not take the places of others.
    """
    found: list[Trend] = []
    for start in range(0, len(ranked), PORTION):
        places = range(start, min(start + PORTION, len(ranked)))
        users = count_users([MovieId(int(ranked.movies[place])) for place in places])
        found += [_trend(ranked, place, seen) for place in places if (seen := _seen(ranked, place, users)) >= floor]
        if len(found) >= length:
            break
    return tuple(found[:length])


def ordered(
    movies: NDArray[np.int64],
    scores: NDArray[np.float64],
    recent: NDArray[np.float64],
    usual: NDArray[np.float64],
    *,
    kept: NDArray[np.bool_],
) -> Ranked:
    """Return the movies that are `kept`, best first, ties by id."""
    # Equal scores may differ in their last digits by the order of summation; rounding makes ties exact.
    places = np.flatnonzero(kept)
    order = places[np.lexsort((movies[places], -np.round(scores[places], 6)))]
    return Ranked(movies[order], scores[order], recent[order], usual[order])


NOBODY = Ranked(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))
"""The ranking without movies."""


def _seen(ranked: Ranked, place: int, users: Mapping[MovieId, int]) -> int:
    return users.get(MovieId(int(ranked.movies[place])), 0)


def _trend(ranked: Ranked, place: int, users: int) -> Trend:
    figures = (ranked.recent[place], ranked.usual[place])
    recent, usual = (round(float(figure), 3) for figure in figures)
    return Trend(MovieId(int(ranked.movies[place])), round(float(ranked.scores[place]), 6), users, recent, usual)


def _until(tally: HourTally, hour: int) -> HourTally:
    """Drop hours in the future (of clocks that are fast) and those before `READ_HOURS`."""
    kept = (tally.hours <= hour) & (tally.hours > hour - READ_HOURS)
    return HourTally(tally.hours[kept], tally.movies[kept], tally.weights[kept], tally.events[kept])


def _by_day(tally: HourTally, places: NDArray[np.intp], movies: int, *, hour: int) -> NDArray[np.float64]:
    """Return float64, (movies, 35): weight of each movie in the last 24 hours, the 24 before, and so on."""
    days = READ_HOURS // DAY
    cells = places * days + (hour - tally.hours) // DAY
    summed = np.bincount(cells, tally.weights, minlength=movies * days)
    return np.asarray(summed, np.float64).reshape(movies, days)


def _days_known(tally: HourTally, *, hour: int, span: int) -> int:
    """Return the number of known days before the span, `BASELINE_DAYS` at most.

    The incomplete day on which counting began counts too, but not alone.
    """
    first = int(tally.hours.min()) if len(tally) else hour
    known = (hour - first + 1 - span) / DAY
    return min(math.ceil(known), BASELINE_DAYS) if known >= 1 else 0


def _daily(days: NDArray[np.float64], known: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return days[:, 0], _mean(days[:, 1 : 1 + BASELINE_DAYS], known)


def _weekly(days: NDArray[np.float64], known: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return days[:, :WEEK_FACTOR].sum(axis=1), WEEK_FACTOR * _mean(days[:, WEEK_FACTOR:], known)


def _mean(days: NDArray[np.float64], known: int) -> NDArray[np.float64]:
    """Return the mean weight of a day; 0 if no whole day is known."""
    if not known:
        return np.zeros(len(days))
    return np.asarray(days.sum(axis=1).clip(min=0) / known)


def _rising(movies: NDArray[np.int64], days: NDArray[np.float64], known: int) -> Ranked:
    recent, usual = _daily(days, known)
    if not known:  # without a baseline, everything would rise
        return ordered(movies, recent, recent, usual, kept=np.zeros(len(movies), np.bool_))
    past = days[:, 1 : 1 + known]
    variance = past.var(axis=1, ddof=1) if past.shape[1] > 1 else np.zeros(len(movies))
    scores = burst(recent, usual, variance)
    return ordered(movies, scores, recent, usual, kept=(scores >= LEAST_BURST) & (recent > 0))


def burst(
    recent: NDArray[np.float64], usual: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how many standard deviations each movie is above its past; see the module docstring."""
    return np.asarray((recent - usual) / np.sqrt(np.maximum(np.maximum(variance, usual), LEAST_VARIANCE)))
