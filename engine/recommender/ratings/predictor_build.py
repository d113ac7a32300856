"""The last step of every training: vectors of movies become the predictor that is served. Training only."""

from __future__ import annotations

import numpy as np

from core.recommendations.records import Floats
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from engine.recommender.ratings.fold_in import FactorPredictor, above
from engine.recommender.ratings.rating_table import Table

LIGHT = 10.0
"""Per cent of the users of training who count as light: below what they rated, nothing common was learned."""
SAMPLE = 20_000
"""Ratings that cuts are found on, evenly spread: enough for the third digit of a share."""
LEAST_NOISE = 0.05
"""Stars: nobody's ratings are so exact that less would be believable, even where a fit leaves nothing."""
HALVINGS = 24
"""Halvings of the interval of a cut: to a millionth of a star."""


def predictor(
    known: Table,
    *,
    name: str,
    movies: Floats,
    implicit: Floats,
    precision: Floats,
    noise: Floats,
    fitted: Floats,
    spread: Floats,
) -> FactorPredictor:
    """The predictor of draws of movies.

    Args:
        movies: (n_movies, d, 1 + k), biases and factors.
        implicit: (n_movies, d, 1 + k), or (n_movies, d, 0).
        precision, noise: as the predictor has them.
        fitted: (n,), what the model makes of the ratings of training, as deviations from their mean.
        spread: (n,), or of length 1, standard deviation of each rating around it.
    """
    lightest = np.float32(np.percentile(np.bincount(known.user_rows), LIGHT))
    common = implicit[known.movie_rows].mean(axis=0) if implicit.shape[2] else np.zeros(precision.shape[:2])
    return FactorPredictor(
        name=name,
        movies=known.movies,
        levels=np.ascontiguousarray(movies[:, :, 0]) + np.float32(known.mean),
        factors=np.ascontiguousarray(movies[:, :, 1:]),
        implicit=np.ascontiguousarray(implicit),
        common=np.asarray(np.sqrt(lightest) * common, dtype=np.float32),
        lightest=np.full(1, lightest, dtype=np.float32),
        precision=np.asarray(precision, dtype=np.float32),
        noise=np.maximum(noise, LEAST_NOISE, dtype=np.float32),
        cuts=cuts(known.mean + fitted, np.maximum(spread, LEAST_NOISE), known.mean + known.deviations),
    )


def cuts(fitted: Floats, spread: Floats, stars: Floats) -> Floats:
    """float32, (10,): for .5, 1, … 5 stars, where on the unbroken scale who gives so many or more begins.

    Each is the place above which the model expects as many of the ratings of training as gave so many stars
    (the thresholds of an ordinal model; McCullagh 1980, with the scale known). People round: where only whole stars
    are given, 4 begins near 3.5; with half stars, nearer to 3.75.
    """
    some = np.linspace(0, len(stars) - 1, min(SAMPLE, len(stars))).astype(np.int64)
    fitted, spread = fitted[some], np.broadcast_to(spread, stars.shape)[some]
    steps = np.arange(MIN_STARS, MAX_STARS + STAR_STEP, STAR_STEP)
    given = [(stars[some] >= step).mean() for step in steps]
    return np.array([_cut(fitted, spread, share) for share in given], dtype=np.float32)


def _cut(fitted: Floats, spread: Floats, share: float) -> float:
    low, high = -MAX_STARS, 2 * MAX_STARS
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if above((middle - fitted) / spread).mean() > share else (low, middle)
    return (low + high) / 2
