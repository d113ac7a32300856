"""SVD++: r = μ + b_i + b_u + q_i·(p_u + |N(u)|^-½ Σ y_j), with j over the movies N(u) that the user rated.

Koren 2008, "Factorization meets the neighborhood", equation 15: the selection of movies that a user rated indicates
their taste, whatever the stars. Trained by alternating least squares on z_u = p_u + |N(u)|^-½ Σ y_j instead of
stochastic gradients: users are ridge regressions shrunk towards their implied taste, movies are ridge regressions,
and y is the ridge regression of the users' z on the movies that they rated. Each step lowers the same penalized
squared error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.baselines import svd
from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import least_squares, rating_table
from engine.recommender.ratings.bayes import Sweep
from engine.recommender.ratings.fold_in import FactorPredictor
from engine.recommender.ratings.rating_table import Sparse


@dataclass(frozen=True, slots=True)
class Options(svd.Options):
    """Training options in addition to those of SVD."""

    factors: int = 8
    user_penalty: float = 20.0
    implicit_penalty: float = 2.0
    """The ridge penalty of y relative to that of the users' factors."""


def train(
    users: Ids, movies: Ids, stars: Floats, *, options: Options | None = None, sweep: Sweep | None = None
) -> FactorPredictor:
    """Train levels, factors and implicit factors of movies on ratings: int64 (n,), int64 (n,), float32 (n,)."""
    chosen = options or Options()
    known = rating_table.make(users, movies, stars)
    rated, ratings = known.rated(), known.ratings()
    back, ratings_back, shares = rated.T.tocsr(), ratings.T.tocsr(), least_squares.unit_rows(rated)
    of_users, of_movies = svd.penalties(chosen)
    movie_factors = svd.start(known, chosen)
    implicit, nothing = np.zeros_like(movie_factors), np.zeros_like(movie_factors)
    user_factors = np.zeros((len(known.users), chosen.factors + 1), dtype=np.float32)
    for number in range(1, chosen.sweeps + 1):
        user_factors = svd.ridge(
            least_squares.features(movie_factors),
            movie_factors[:, 0],
            rated=rated,
            ratings=ratings,
            penalty=of_users,
            prior=np.asarray(shares @ implicit),
        )
        movie_factors = svd.ridge(
            least_squares.features(user_factors),
            user_factors[:, 0],
            rated=back,
            ratings=ratings_back,
            penalty=of_movies,
            prior=nothing,
        )
        implicit = _implicit(shares, user_factors, penalty=chosen.implicit_penalty)
        if sweep is not None:
            sweep(number, svd.training_error(known, movie_factors, user_factors))
    return svd.finished(known, movie_factors, user_factors, name="svd++", implicit=implicit, precision=of_users)


def _implicit(shares: Sparse, users: Floats, *, penalty: float) -> Floats:
    """Return y, whose first column (for the users' biases) is 0 in Koren's formula: float32, (n_movies, 1 + k)."""
    implicit = least_squares.regress(shares, np.asarray(shares.T @ users), penalty=penalty)
    implicit[:, 0] = 0
    return implicit
