"""User-based collaborative filtering: the users whose ratings are most similar, and what they gave to a movie.

    s_uv = Σ_i w_ui w_vi / (|w_u| |w_v| + shrinkage)        (Herlocker et al., 1999)

The neighbours of a user are the users with the greatest positive similarity. Explanations quote the mean of their
actual stars and their number, which is a fact about people and not a prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Ids, Opinion
from engine.recommender import id_index
from engine.recommender.models.interactions import Interactions, weigh

NAME = "user-knn"
MAX_USERS = 5_000
"""Users that are searched for neighbours, an even sample of all: bounds memory and the work of a request (3 ms)."""
SIMILARITY_BYTES = 4 * 2**20
"""Size of the cache of similarities: enough for 100 users at `MAX_USERS`."""


@dataclass(frozen=True, slots=True)
class UserNeighboursConfig:
    """The configuration of user neighbours, tuned on validation data."""

    kept: int = 60
    """Number of neighbours."""
    shrinkage: float = 0.0


DEFAULT = UserNeighboursConfig()


@dataclass(frozen=True)
class UserNeighbours:
    """The ratings of many users, by movie.

    Attributes:
        movies: int64, (n,), ascending.
        starts: int64, (n + 1,): the rows of movie k are `starts[k]` to `starts[k + 1]`.
        users: int32, (n_rows,): who rated, as numbers from 0.
        stars: float32, (n_rows,); NaN for marks without a rating. weights: float32, (n_rows,).
        names: int64, (n_users,), ascending: what the users are called, so that none is a neighbour of their own.
    """

    movies: Ids
    starts: NDArray[np.int64]
    users: NDArray[np.int32]
    stars: Floats
    weights: Floats
    names: NDArray[np.int64]
    config: UserNeighboursConfig = DEFAULT
    _similarities: LRUCache[tuple[bytes, int | None], NDArray[np.float64]] = field(
        default_factory=lambda: LRUCache(SIMILARITY_BYTES, lambda found: found.nbytes),
        init=False,
        repr=False,
        compare=False,
    )
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    @cached_property
    def _lengths(self) -> NDArray[np.float64]:
        """float64, (n_users,): |w_v|."""
        return np.sqrt(np.bincount(self.users, np.square(self.weights, dtype=np.float64), len(self.names)))

    @cachedmethod(
        lambda self: self._similarities,
        key=lambda _, history, *, without=None: (history.key, without),
        lock=lambda self: self._lock,
    )
    def similarities(self, history: History, *, without: int | None = None) -> NDArray[np.float64]:
        """Return float64, (n_users,): the similarity of each neighbour, 0 for all other users.

        Kept for the histories asked for last.

        Args:
            without: the name of a user who is no neighbour: the one who asks.
        """
        places = id_index.find(self.movies, history.movies)
        own = history.weights[places >= 0].astype(np.float64)
        shared = np.zeros(len(self.names))
        for place, weight in zip(places[places >= 0].tolist(), own.tolist(), strict=True):
            rows = self._rows(place)
            shared[self.users[rows]] += weight * self.weights[rows]  # a user rates a movie once
        found = shared / np.maximum(self._lengths * np.sqrt(own @ own) + self.config.shrinkage, 1e-9)
        if without is not None:
            found[self.names == without] = 0.0
        return _greatest(found, self.config.kept)

    def opinions(self, history: History, movies: Ids, *, without: int | None = None) -> list[Opinion | None]:
        """Return what the neighbours gave to each movie; None where none of them rated it."""
        near = self.similarities(history, without=without) > 0
        return [self._opinion(place, near) for place in id_index.find(self.movies, movies).tolist()]

    def everybody(self, movies: Ids) -> list[Opinion | None]:
        """Return what all users gave to each movie; None where none of them rated it."""
        all_users = np.ones(len(self.names), np.bool_)
        return [self._opinion(place, all_users) for place in id_index.find(self.movies, movies).tolist()]

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): the sum of similarity times weight; NaN if no movie of the history is known."""
        if not (id_index.find(self.movies, history.movies) >= 0).any():
            return np.full(len(self.movies), np.nan, np.float32)
        added = self.similarities(history)[self.users] * self.weights
        totals = np.concatenate(([0.0], np.cumsum(added)))
        return np.asarray(np.diff(totals[self.starts]), np.float32)

    def _opinion(self, place: int, near: NDArray[np.bool_]) -> Opinion | None:
        if place < 0:
            return None
        rows = self._rows(place)
        stars = self.stars[rows][near[self.users[rows]]].astype(np.float64)
        given = stars[~np.isnan(stars)]
        return Opinion(len(given), float(given.mean())) if len(given) else None

    def _rows(self, place: int) -> slice:
        return slice(int(self.starts[place]), int(self.starts[place + 1]))


NOBODY = UserNeighbours(
    np.empty(0, np.int64),
    np.zeros(1, np.int64),
    np.empty(0, np.int32),
    np.empty(0, np.float32),
    np.empty(0, np.float32),
    np.empty(0, np.int64),
)
"""A model without users."""


def fit(interactions: Interactions, config: UserNeighboursConfig = DEFAULT) -> UserNeighbours:
    """Return the neighbours' ratings of all interactions; users are named by their place."""
    numbers = np.arange(len(interactions.names))
    return _by_movie(interactions.users, interactions, numbers, config)


def of_ratings(
    numbers: NDArray[np.int64], ends: Sequence[int] | NDArray[np.int64], movies: Ids, stars: Floats
) -> UserNeighbours:
    """Return the neighbours' ratings of named users; the rows of user k are `ends[k]` to `ends[k + 1]`."""
    users = np.repeat(np.arange(len(numbers)), np.diff(ends))
    given = Interactions(tuple(map(str, numbers.tolist())), users, movies, weigh(stars), stars, np.zeros_like(movies))
    if len(numbers) > MAX_USERS:
        kept = np.linspace(0, len(numbers) - 1, MAX_USERS).astype(np.int64)
        given, numbers = given.select(np.isin(users, kept)), numbers[kept]
        return _by_movie(np.searchsorted(kept, given.users), given, numbers, DEFAULT)
    return _by_movie(users, given, numbers, DEFAULT)


def _by_movie(
    users: NDArray[np.int64], given: Interactions, numbers: NDArray[np.int64], config: UserNeighboursConfig
) -> UserNeighbours:
    order = np.argsort(given.movies, kind="stable")
    movies, first = np.unique(given.movies[order], return_index=True)
    starts = np.append(first, len(given)).astype(np.int64)
    return UserNeighbours(
        movies, starts, users[order].astype(np.int32), given.stars[order], given.weights[order], numbers, config
    )


def _greatest(found: NDArray[np.float64], kept: int) -> NDArray[np.float64]:
    """Set all but the `kept` greatest positive values to 0; ties by place, so that never more are kept."""
    places = np.argsort(-found, kind="stable")[:kept]
    result = np.zeros_like(found)
    result[places] = np.maximum(found[places], 0.0)
    return result
