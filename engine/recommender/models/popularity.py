"""Popularity: the number of users who liked a movie, supplemented by the catalogue's votes.

    expected likes = likes + s · votes' share        popularity = log(1 + expected likes), scaled to 0..1

`votes' share` is the number of likes that a movie would have if likes were distributed like votes weighted by the
Bayesian mean. So a movie without ratings here but with many votes is popular.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids
from core.recommendations.scores import bayesian_mean
from core.types import MAX_VOTE, Movie
from core.users import LIKED_STARS
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions

NAME = "popularity"
VOTES_SHARE = 0.1
"""Weight of the votes' share: it ranks movies without likes, and does not outweigh real ones."""

LEAST_MARK = 0.3
"""Weight of the weakest mark that counts as a like (watched); implicit feedback is weaker and does not count."""


@dataclass(frozen=True)
class Popularity:
    """A score per movie, the same for all users.

    Attributes:
        movies: int64, (n,), ascending.
        values: float32, (n,), 0 to 1.
    """

    movies: Ids
    values: Floats

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:  # noqa: ARG002 - popularity does not depend on the user
        """Return float32, (n,): the same for all histories, also the empty one."""
        return self.values.copy()


def fit(interactions: Interactions, movies: Sequence[Movie]) -> Popularity:
    """Compute the popularity of all movies of the catalogue."""
    ordered = sorted(movies, key=lambda movie: movie.id)
    ids = np.array([movie.id for movie in ordered], np.int64)
    likes, votes = count_likes(interactions, ids), _weighed_votes(ordered)
    if votes.any():
        votes *= likes.sum() / votes.sum() if likes.any() else 1
    share = VOTES_SHARE if likes.any() else 1.0
    known = np.log1p(likes + share * votes)
    return Popularity(ids, np.asarray(known / max(known.max(initial=0), 1e-9), np.float32))


def count_likes(interactions: Interactions, movies: Ids) -> NDArray[np.float64]:
    """Return float64, (len(movies),): the number of users who liked each movie (4 stars or better, or a mark)."""
    liked = interactions.stars >= LIKED_STARS
    liked |= np.isnan(interactions.stars) & (interactions.weights >= LEAST_MARK)
    found = id_index.find(movies, interactions.movies[liked])
    return np.bincount(found[found >= 0], minlength=len(movies)).astype(np.float64)


def _weighed_votes(movies: Sequence[Movie]) -> NDArray[np.float64]:
    count = np.array([movie.vote_count for movie in movies], np.float64)
    average = np.array([np.nan if movie.vote_average is None else movie.vote_average for movie in movies])
    return count * (bayesian_mean(average, count) / MAX_VOTE) ** 2
