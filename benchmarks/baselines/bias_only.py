"""The baseline: mean of all ratings, plus what is usual for the film, plus what is usual for the viewer.

Koren 2010, "Factor in the neighbors", section 2.1: b_i = Σ (r - μ) / (λ_i + n_i), then
b_u = Σ (r - μ - b_i) / (λ_u + n_u). Films and viewers with few ratings stay near the mean.
"""

from __future__ import annotations

import numpy as np

from benchmarks.baselines import svd
from core.recommendations import Floats, Ids
from engine.recommender.ratings import rating_table
from engine.recommender.ratings.fold_in import Doubles, FactorPredictor
from engine.recommender.ratings.rating_table import Table

FILM_SHRINKAGE = 5.0
"""Ratings that a film's bias is shrunk by. Chosen by `python -m benchmarks.rating tune`, as is the next."""
VIEWER_SHRINKAGE = 5.0


def train(
    users: Ids,
    movies: Ids,
    stars: Floats,
    *,
    film_shrinkage: float = FILM_SHRINKAGE,
    viewer_shrinkage: float = VIEWER_SHRINKAGE,
) -> FactorPredictor:
    """Learn the count' biases; a viewer's is folded in when asked for (a ridge regression on the 1 alone)."""
    known = rating_table.make(users, movies, stars)
    count = len(known.movies)
    sums = np.bincount(known.film_rows, weights=known.deviations, minlength=count)
    biases = sums / (film_shrinkage + np.bincount(known.film_rows, minlength=count))
    return svd.finished(
        known,
        biases.astype(np.float32)[:, None],
        _viewers(known, biases, viewer_shrinkage),
        name="baseline",
        implicit=np.zeros((count, 0), dtype=np.float32),
        precision=np.full((1, 1), viewer_shrinkage, dtype=np.float32),
    )


def _viewers(known: Table, biases: Doubles, shrinkage: float) -> Floats:
    """float32, (n_users, 1): the biases of the users of training."""
    sums = np.bincount(known.user_rows, weights=known.deviations - biases[known.film_rows])
    return (sums / (shrinkage + np.bincount(known.user_rows))).astype(np.float32)[:, None]
