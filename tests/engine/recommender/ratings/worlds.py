"""Worlds with known true ratings: few factors, biases, and a little noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from engine.recommender.ratings import bayes
from engine.recommender.ratings.fold_in import FactorPredictor

Train = Callable[[Ids, Ids, Floats], FactorPredictor]
SHORT = bayes.Options(factors=2, warm_up=25, draws=6, apart=2)
served: Train = partial(bayes.train, options=SHORT)
"""The served model, trained quickly."""


@dataclass(frozen=True)
class World:
    """The true ratings of all users and movies, and the known ones."""

    truth: Floats
    """float32, (n_users, n_movies); movie number i has the TMDB id `10 * i + 7`."""
    users: Ids
    movies: Ids
    stars: Floats
    held_out: NDArray[np.bool_]
    """(n_users, n_movies): whether a rating is not known."""

    @property
    def ids(self) -> Ids:
        """TMDB ids of all movies, in the order of the columns of `truth`."""
        return movie_ids(self.truth.shape[1])

    def history(self, user: int) -> History:
        """Return the ratings of a user."""
        rows = self.users == user
        return rated(dict(zip(self.movies[rows].tolist(), self.stars[rows].tolist(), strict=True)))

    def error(self, model: FactorPredictor) -> float:
        """Return the RMSE over the unknown ratings, with each user folded in."""
        found = np.array([model.predict(self.history(user), self.ids) for user in range(len(self.truth))])
        return float(np.sqrt(np.nanmean(np.square(found - self.truth)[self.held_out])))


def movie_ids(count: int) -> Ids:
    """Return the TMDB ids of the first movies of a world."""
    return 10 * np.arange(count, dtype=np.int64) + 7


def rated(stars: dict[int, float]) -> History:
    """Return a history of ratings by movie."""
    movies = np.array(sorted(stars), dtype=np.int64)
    return History(
        movies,
        np.ones(len(movies), dtype=np.float32),
        np.array([stars[int(movie)] for movie in movies], dtype=np.float32),
    )


def make(*, users: int = 120, movies: int = 80, factors: int = 2, known: float = 0.4, seed: int = 5) -> World:
    """Create a world with biases of .4, tastes that change a rating by about .6 stars, and noise of .1."""
    chance = np.random.default_rng(seed)
    tastes, traits = chance.normal(0, 0.65, (users, factors)), chance.normal(0, 0.65, (movies, factors))
    truth = 3 + chance.normal(0, 0.4, (users, 1)) + chance.normal(0, 0.4, (1, movies)) + tastes @ traits.T
    truth = np.clip(truth, 0.5, 5).astype(np.float32)
    seen = chance.random(truth.shape) < known
    rows, columns = np.nonzero(seen)
    stars = np.clip(truth[seen] + chance.normal(0, 0.1, len(rows)), 0.5, 5).astype(np.float32)
    return World(truth, rows.astype(np.int64), movie_ids(movies)[columns], stars, ~seen)
