"""The baseline: the mean of all ratings plus the biases of the movie and the user.

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
"""The shrinkage of movie biases, in ratings. Selected by `python -m benchmarks.rating tune`, like the next one."""
USER_SHRINKAGE = 5.0


def train(
    users: Ids,
    movies: Ids,
    stars: Floats,
    *,
    movie_shrinkage: float = MOVIE_SHRINKAGE,
    user_shrinkage: float = USER_SHRINKAGE,
) -> FactorPredictor:
    """Train the biases of movies; a user's bias is folded in when needed (a ridge regression on the constant 1)."""
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
    """Return the biases of the training users: float32, (n_users, 1)."""
    sums = np.bincount(known.user_rows, weights=known.deviations - biases[known.movie_rows])
    return (sums / (shrinkage + np.bincount(known.user_rows))).astype(np.float32)[:, None]
