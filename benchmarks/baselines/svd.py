"""SVD with biases: r = μ + b_i + b_u + q_i·p_u (Koren, Bell and Volinsky 2009, "Matrix factorization techniques").

Trained by alternating least squares: with fixed movies, every user is a ridge regression, and vice versa.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.recommendations.records import Floats, Ids
from engine.recommender.ratings import least_squares, predictor_build, rating_table
from engine.recommender.ratings.bayes import Sweep
from engine.recommender.ratings.fold_in import FactorPredictor
from engine.recommender.ratings.rating_table import Sparse, Table


@dataclass(frozen=True, slots=True)
class Options:
    """Training options. The defaults were selected by `python -m benchmarks.rating tune`."""

    factors: int = 4
    bias_penalty: float = 5.0
    """The ridge penalty of the biases of users and movies."""
    user_penalty: float = 10.0
    """The ridge penalty of users' factors. Their scale is free, so only its product with the movies' matters."""
    movie_penalty: float = 10.0
    sweeps: int = 20
    seed: int = 0


def train(
    users: Ids, movies: Ids, stars: Floats, *, options: Options | None = None, sweep: Sweep | None = None
) -> FactorPredictor:
    """Train levels and factors of movies on ratings: int64 (n,), int64 (n,), float32 (n,)."""
    chosen = options or Options()
    known = rating_table.make(users, movies, stars)
    rated, ratings = known.rated(), known.ratings()
    back, ratings_back = rated.T.tocsr(), ratings.T.tocsr()
    of_users, of_movies = penalties(chosen)
    movie_factors = start(known, chosen)
    user_factors = np.zeros((len(known.users), chosen.factors + 1), dtype=np.float32)
    nothing = np.zeros_like(user_factors), np.zeros_like(movie_factors)
    for number in range(1, chosen.sweeps + 1):
        user_factors = ridge(
            least_squares.features(movie_factors),
            movie_factors[:, 0],
            rated=rated,
            ratings=ratings,
            penalty=of_users,
            prior=nothing[0],
        )
        movie_factors = ridge(
            least_squares.features(user_factors),
            user_factors[:, 0],
            rated=back,
            ratings=ratings_back,
            penalty=of_movies,
            prior=nothing[1],
        )
        if sweep is not None:
            sweep(number, training_error(known, movie_factors, user_factors))
    return finished(known, movie_factors, user_factors, name="svd", implicit=movie_factors[:, :0], precision=of_users)


def ridge(met: Floats, biases: Floats, *, rated: Sparse, ratings: Sparse, penalty: Floats, prior: Floats) -> Floats:
    """Return each row's ridge regression of its ratings, shrunk towards its row of `prior`: float32, (n, 1 + k).

    Args:
        met: (m, 1 + k), features of the other side.
        biases: (m,), biases of the other side.
        penalty: (1 + k, 1 + k), positive definite.
        prior: (n, 1 + k).
    """
    right = least_squares.targets(met, biases, rated=rated, ratings=ratings) + prior @ penalty
    return np.asarray(
        np.linalg.solve(least_squares.moments(met, rated) + penalty, right[:, :, None])[:, :, 0], dtype=np.float32
    )


def penalties(options: Options) -> tuple[Floats, Floats]:
    """Return the ridge penalties of users and movies, (1 + k, 1 + k) each, the bias first."""
    of_users, of_movies = (
        np.diag(np.array([options.bias_penalty] + [penalty] * options.factors, dtype=np.float32))
        for penalty in (options.user_penalty, options.movie_penalty)
    )
    return of_users, of_movies


def start(known: Table, options: Options) -> Floats:
    """Return the initial movies, without bias and with small random factors: float32, (n_movies, 1 + k)."""
    chance = np.random.default_rng(options.seed)
    movies = chance.standard_normal((len(known.movies), options.factors + 1), dtype=np.float32) * np.float32(0.1)
    movies[:, 0] = 0
    return movies


def fitted(known: Table, movies: Floats, users: Floats) -> Floats:
    """Return the fitted deviations of the known ratings: float32, (n,)."""
    met = least_squares.features(movies)[known.movie_rows]
    return np.asarray(movies[known.movie_rows, 0] + np.einsum("na,na->n", met, users[known.user_rows]), np.float32)


def training_error(known: Table, movies: Floats, users: Floats) -> float:
    """Return the RMSE on the known ratings, in stars."""
    return float(np.sqrt(np.mean(np.square(known.deviations - fitted(known, movies, users)))))


def finished(
    known: Table, movies: Floats, users: Floats, *, name: str, implicit: Floats, precision: Floats
) -> FactorPredictor:
    """Return the vectors of movies as a predictor with a single draw; the noise is the residual of the fit."""
    made = fitted(known, movies, users)
    noise = np.array([np.std(known.deviations - made)], dtype=np.float32)
    return predictor_build.predictor(
        known,
        name=name,
        movies=movies[:, None, :],
        implicit=implicit[:, None, :],
        precision=precision[None],
        noise=noise,
        fitted=made,
        spread=noise,
    )
