"""The baseline: mean of all ratings, plus what is usual for the movie, plus what is usual for the user.

Koren 2010, "Factor in the neighbors", section 2.1: b_i = Σ (r - μ) / (λ_i + n_i), then
b_u = Σ (r - μ - b_i) / (λ_u + n_u). Movies and users with few ratings stay near the mean.
"""

from __future__ import annotations

import numpy as np

from benchmarks.baselines import svd
from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import rating_table
from engine.recommender.ratings.fold_in import Doubles, FactorPredictor
from engine.recommender.ratings.rating_table import Table

MOVIE_SHRINKAGE = 5.0
"""Ratings that a movie's bias is shrunk by. Chosen by `python -m benchmarks.rating tune`, as is the next."""
USER_SHRINKAGE = 5.0


def train(
    users: Ids,
    movies: Ids,
    stars: Floats,
    *,
    movie_shrinkage: float = MOVIE_SHRINKAGE,
    user_shrinkage: float = USER_SHRINKAGE,
) -> FactorPredictor:
    """Learn the count' biases; a user's is folded in when asked for (a ridge regression on the 1 alone)."""
    known = rating_table.make(users, movies, stars)
    count = len(known.movies)
    sums = np.bincount(known.movie_rows, weights=known.deviations, minlength=count)
    biases = sums / (movie_shrinkage + np.bincount(known.movie_rows, minlength=count))
    return svd.finished(
        known,
        biases.astype(np.float32)[:, None],
        _users(known, biases, user_shrinkage),
        name="baseline",
        implicit=np.zeros((count, 0), dtype=np.float32),
        precision=np.full((1, 1), user_shrinkage, dtype=np.float32),
    )


def _users(known: Table, biases: Doubles, shrinkage: float) -> Floats:
    """float32, (n_users, 1): the biases of the users of training."""
    sums = np.bincount(known.user_rows, weights=known.deviations - biases[known.movie_rows])
    return (sums / (shrinkage + np.bincount(known.user_rows))).astype(np.float32)[:, None]
