"""The table of training ratings: numbered users and movies, sorted, each pair once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from core.users import MAX_STARS, MIN_STARS

Sparse = Any
"""A `scipy.sparse` CSR matrix of float32; scipy has no types."""


@dataclass(frozen=True, slots=True)
class Table:
    """Ratings sorted by user and movie, so that the order of the input does not matter.

    Attributes:
        movies: int64, (n_movies,), TMDB ids, ascending.
        users: int64, (n_users,), ascending.
        user_rows, movie_rows: int64, (n,), indices into `users` and `movies`.
        deviations: float32, (n,), stars minus `mean`.
        mean: mean of all stars.
    """

    movies: Ids
    users: Ids
    user_rows: NDArray[np.int64]
    movie_rows: NDArray[np.int64]
    deviations: Floats
    mean: float

    def __len__(self) -> int:
        return len(self.deviations)

    def rated(self) -> Sparse:
        """Return float32, (n_users, n_movies): 1 where the user rated the movie."""
        return self._matrix(np.ones(len(self), dtype=np.float32))

    def ratings(self) -> Sparse:
        """Return float32, (n_users, n_movies): the deviations."""
        return self._matrix(self.deviations)

    def _matrix(self, values: Floats) -> Sparse:
        from scipy import sparse  # noqa: PLC0415 - only training needs it

        shape = len(self.users), len(self.movies)
        return sparse.csr_matrix((values, (self.user_rows, self.movie_rows)), shape=shape)


def make(users: Ids, movies: Ids, stars: Floats) -> Table:
    """Number users and movies; repeated pairs count once, with the mean of their stars.

    Args:
        users: int64, (n,), any ids.
        movies: int64, (n,), TMDB ids.
        stars: float32, (n,), .5 to 5.

    Raises:
        ValueError: the message names the argument, what was expected and the first invalid entry.
    """
    _check(users, movies, stars)
    names, user_rows = np.unique(users, return_inverse=True)
    ids, movie_rows = np.unique(movies, return_inverse=True)
    pairs, places, counts = np.unique(user_rows * len(ids) + movie_rows, return_inverse=True, return_counts=True)
    means = np.bincount(places, weights=stars) / counts
    mean = float(means.mean())
    return Table(
        movies=ids.astype(np.int64),
        users=names.astype(np.int64),
        user_rows=pairs // len(ids),
        movie_rows=pairs % len(ids),
        deviations=(means - mean).astype(np.float32),
        mean=mean,
    )


def _check(users: Ids, movies: Ids, stars: Floats) -> None:
    if not len(users) == len(movies) == len(stars):
        raise ValueError(
            f"users, movies and stars: expected equal lengths, got {len(users)}, {len(movies)} and {len(stars)}"
        )
    if len(stars) == 0:
        raise ValueError("stars: expected at least one rating, got none")
    bad = ~((stars >= MIN_STARS) & (stars <= MAX_STARS))
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(f"stars: expected {MIN_STARS} to {MAX_STARS}, got {stars[first]} in entry {first}")
