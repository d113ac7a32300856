"""New factors of movies from new ratings, without training: one half step of ALS, with users folded in.

    y_i = (XᵀX + Xᵀ(Cⁱ - 1)X + λ1)⁻¹ Xᵀ Cⁱ pⁱ        (Hu, Koren and Volinsky, 2008, equation 5)

X contains the users, folded in over their current ratings of the movies that were learned before. Only movies with new
ratings get new factors; all others keep theirs. EASE has a closed form, so its matrix is fitted anew, exactly, with the
configuration of the training; in larger catalogues than `MOST_MOVIES` it stays, and new movies are scored by the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from core.types import Movie
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import biases, ease, interactions, popularity
from engine.recommender.models.als import Als
from engine.recommender.models.ease import EASEConfig
from engine.recommender.models.interactions import Interactions

MOST_MOVIES = 8_000
"""Rated movies up to which EASE is fitted anew: its cost grows with their third power, half a minute here."""

Portion = Callable[[], None]


def changed(model: Recommender, known: Interactions, *, since: int) -> Ids:
    """Return the movies with interactions after `since` (seconds since 1970), and those that were not learned yet."""
    new = known.movies[known.times > since]
    learned = model.movies[model.rated]
    return np.union1d(
        np.intersect1d(new, model.movies), np.setdiff1d(np.intersect1d(known.movies, model.movies), learned)
    )


def fold_in(
    model: Recommender,
    known: Interactions,
    movies: Ids,
    *,
    rated: Interactions,
    catalogue: Sequence[Movie],
    config: EASEConfig,
    version: str,
    portion: Portion = lambda: None,
) -> Recommender:
    """Return the model with new factors of `movies`, and popularity, biases and EASE of the current ratings.

    Args:
        known: the interactions that models may learn from, of the model's movies. rated: all interactions.
        catalogue: the model's movies, in its order.
        portion: called before each user and movie; may raise to stop.
    """
    learned = np.unique(known.movies)
    fitted = ease.fit(known, config) if len(model.ease.movies) and len(learned) <= MOST_MOVIES else None
    return replace(
        model,
        version=version,
        als=fold_in_movies(model.als, known, movies, portion=portion),
        ease=fitted or model.ease,
        popularity=popularity.fit(rated, catalogue).values,
        baseline=biases.fit(rated, catalogue),
    )


def fold_in_movies(als: Als, known: Interactions, movies: Ids, *, portion: Portion = lambda: None) -> Als:
    """Return the factors with new ones of `movies`, which count as learned from now on."""
    users = _users(als, known, portion)
    gram = users.T @ users + als.regularization * np.eye(users.shape[1])
    factors, learned = als.factors.copy(), als.learned.copy()
    order = np.argsort(known.movies, kind="stable")
    ends = np.searchsorted(known.movies[order], movies, side="right")
    starts = np.searchsorted(known.movies[order], movies)
    for row, start, end in zip(id_index.find(als.movies, movies).tolist(), starts, ends, strict=True):
        portion()
        if row < 0 or start == end:
            continue
        own = order[start:end]
        factors[row] = _solve(gram, users[known.users[own]], known.weights[own].astype(np.float64), als.alpha)
        learned[row] = True
    return Als(als.movies, factors, learned, als.alpha, als.regularization)


def _users(als: Als, known: Interactions, portion: Portion) -> NDArray[np.float64]:
    """Return float64, (n_users, dim): all users, folded in over the movies that were learned before."""
    told = interactions.within(known, als.movies[als.learned])
    vectors = np.zeros((len(known.names), als.factors.shape[1]))
    for user, history in enumerate(told.histories()):
        portion()
        if len(history):
            vectors[user] = als.user_vector(history)
    return vectors


def _solve(gram: NDArray[np.float64], users: NDArray[np.float64], weights: NDArray[np.float64], alpha: float) -> Floats:
    extra = alpha * np.abs(weights)
    wanted = users.T @ np.where(weights > 0, 1 + extra, 0.0)
    return np.asarray(np.linalg.solve(gram + (users.T * extra) @ users, wanted), np.float32)
