"""The last step of a training: build the served predictor from movie vectors. Training only."""

from __future__ import annotations

import numpy as np

from core.recommendations.records import Floats
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from engine.recommender.ratings.fold_in import FactorPredictor, above
from engine.recommender.ratings.rating_table import Table

LIGHT = 10.0
"""Percentage of training users who count as having few ratings."""
SAMPLE = 20_000
"""Evenly spaced ratings for computing the cuts: enough for the third digit of a share."""
LEAST_NOISE = 0.05
"""Least noise in stars, even if a fit leaves no residuals: nobody rates more exactly."""
HALVINGS = 24
"""Bisections of the interval of a cut: to a millionth of a star."""


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
    """Build the predictor from draws of movie vectors.

    Args:
        movies: (n_movies, d, 1 + k), biases and factors.
        implicit: (n_movies, d, 1 + k), or (n_movies, d, 0).
        precision, noise: as in `FactorPredictor`.
        fitted: (n,), the fitted training ratings, as deviations from their mean.
        spread: (n,), or of length 1, standard deviation of each rating around them.
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
    """Return float32, (10,): the lower bounds of .5, 1, … 5 stars on the continuous scale.

    Above each, the model expects as many training ratings as have so many stars or more (the thresholds of an ordinal
    model; McCullagh 1980, with known scale). Users round: with whole stars only, 4 begins near 3.5; with half stars,
    nearer to 3.75.
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
