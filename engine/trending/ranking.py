"""From what was counted by the hour to the three lists. Pure.

Day and week: score(now) = Σ w · 2^(−age / half-life), as in exponentially decayed counts (Cormode, Shkapenyuk,
Srivastava and Xu, "Forward decay", ICDE 2009).

Rising: z = (x − μ) / √max(s², μ, 1), where x is the movie's weight in the last 24 hours, μ and s² are mean and variance
of its days before, 28 at most. It is the standard score of a count. A Poisson count has the variance μ, the least that
is assumed; and never less than one event, so that a movie with hardly any past needs several users to rise and not
one. Bursts as departures from a stream's own rate: Kleinberg, "Bursty and hierarchical structure in streams",
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
"""Four whole weeks: each day of the week counts alike."""
READ_HOURS = WEEK + BASELINE_DAYS * DAY
"""Hours that the lists are made of: a week, and the four weeks before it."""
LEAST_BURST = 2.0
"""Standard deviations from which a movie is called rising: chance alone lifts one in forty so far."""
LEAST_VARIANCE = 1.0
LENGTH = 100
"""Movies of a list at most."""
PORTION = 300
"""Movies whose users are counted at once."""
WEEK_FACTOR = 7
"""How much longer the week's half-life is."""
SPANS: Mapping[Window, int] = {Window.DAY: DAY, Window.WEEK: WEEK, Window.RISING: DAY}
"""Hours that each list looks back."""

CountUsers = Callable[[Sequence[MovieId]], Mapping[MovieId, int]]
"""Gives the number of distinct users who turned to each movie within the list's span."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Movies with their figures, best first.

    Attributes:
        movies: int64, (n,).
        scores: float64, (n,), descending; ties by id.
        recent: float64, (n,), weight within the span.
        usual: float64, (n,), weight that the movie has in a span of that length by its own past.
    """

    movies: NDArray[np.int64]
    scores: NDArray[np.float64]
    recent: NDArray[np.float64]
    usual: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.movies)


def rank(tally: HourTally, window: Window, *, hour: int, half_life: float) -> Ranked:
    """Every movie that could be in a list, best first.

    Args:
        tally: `READ_HOURS` hours, or fewer where less is known.
        hour: the present one, in hours since 1970; it counts as far as it has come.
        half_life: hours after which an event counts half on the list of the day.
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
    """The best movies that enough distinct users turned to.

    Looks on until the list is full: movies pushed up by few can take places from nobody.
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
    """The movies that are `kept`, best first, ties by id."""
    # Equal scores may differ in their last digits by the order of summing; rounded, ties go by id for certain.
    places = np.flatnonzero(kept)
    order = places[np.lexsort((movies[places], -np.round(scores[places], 6)))]
    return Ranked(movies[order], scores[order], recent[order], usual[order])


NOBODY = Ranked(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))
"""No movie."""


def _seen(ranked: Ranked, place: int, users: Mapping[MovieId, int]) -> int:
    return users.get(MovieId(int(ranked.movies[place])), 0)


def _trend(ranked: Ranked, place: int, users: int) -> Trend:
    figures = (ranked.recent[place], ranked.usual[place])
    recent, usual = (round(float(figure), 3) for figure in figures)
    return Trend(MovieId(int(ranked.movies[place])), round(float(ranked.scores[place]), 6), users, recent, usual)


def _until(tally: HourTally, hour: int) -> HourTally:
    """Without hours that are still to come (of clocks that are ahead) and those before `READ_HOURS`."""
    kept = (tally.hours <= hour) & (tally.hours > hour - READ_HOURS)
    return HourTally(tally.hours[kept], tally.movies[kept], tally.weights[kept], tally.events[kept])


def _by_day(tally: HourTally, places: NDArray[np.intp], movies: int, *, hour: int) -> NDArray[np.float64]:
    """float64, (movies, 35): weight of each movie in the last 24 hours, the 24 before, and so on."""
    days = READ_HOURS // DAY
    cells = places * days + (hour - tally.hours) // DAY
    summed = np.bincount(cells, tally.weights, minlength=movies * days)
    return np.asarray(summed, np.float64).reshape(movies, days)


def _days_known(tally: HourTally, *, hour: int, span: int) -> int:
    """Days of the past before the span, `BASELINE_DAYS` at most: a young site has fewer.

    The day on which counting began counts as well; alone, it is too little to compare with.
    """
    first = int(tally.hours.min()) if len(tally) else hour
    known = (hour - first + 1 - span) / DAY
    return min(math.ceil(known), BASELINE_DAYS) if known >= 1 else 0


def _daily(days: NDArray[np.float64], known: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return days[:, 0], _mean(days[:, 1 : 1 + BASELINE_DAYS], known)


def _weekly(days: NDArray[np.float64], known: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return days[:, :WEEK_FACTOR].sum(axis=1), WEEK_FACTOR * _mean(days[:, WEEK_FACTOR:], known)


def _mean(days: NDArray[np.float64], known: int) -> NDArray[np.float64]:
    """Weight of a day by the past; 0 where no whole day is known."""
    if not known:
        return np.zeros(len(days))
    return np.asarray(days.sum(axis=1).clip(min=0) / known)


def _rising(movies: NDArray[np.int64], days: NDArray[np.float64], known: int) -> Ranked:
    recent, usual = _daily(days, known)
    if not known:  # nothing to compare with: everything would rise
        return ordered(movies, recent, recent, usual, kept=np.zeros(len(movies), np.bool_))
    past = days[:, 1 : 1 + known]
    variance = past.var(axis=1, ddof=1) if past.shape[1] > 1 else np.zeros(len(movies))
    scores = burst(recent, usual, variance)
    return ordered(movies, scores, recent, usual, kept=(scores >= LEAST_BURST) & (recent > 0))


def burst(
    recent: NDArray[np.float64], usual: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How many standard deviations above its own past each movie is; the formula stands above."""
    return np.asarray((recent - usual) / np.sqrt(np.maximum(np.maximum(variance, usual), LEAST_VARIANCE)))
