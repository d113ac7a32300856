"""Ratings, marks and implicit feedback of all users, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All ratings and marks of the site, one row each, in separate tables.

    Attributes:
        rating_users, rating_movies: int64, (n_ratings,).
        stars: float32, (n_ratings,).
        rating_times: int64, (n_ratings,), seconds since 1970.
        mark_users, mark_movies, mark_times: int64, (n_marks,).
        mark_kinds: the `MarkKind` of each mark, (n_marks,) of str.
    """

    rating_users: NDArray[np.int64]
    rating_movies: NDArray[np.int64]
    stars: NDArray[np.float32]
    rating_times: NDArray[np.int64]
    mark_users: NDArray[np.int64]
    mark_movies: NDArray[np.int64]
    mark_times: NDArray[np.int64]
    mark_kinds: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of ratings, of users with ratings, and of movies with ratings."""

    ratings: int
    users: int
    movies: int


@dataclass(frozen=True, slots=True)
class ImplicitFeedback:
    """Implicit feedback, one row per user and movie, ordered by user and movie.

    Attributes:
        users, movies: int64, (n,).
        clicks: int64, (n,), clicks in any list.
        searches: int64, (n,), clicks that came from a search.
        skips: int64, (n,), days on which the movie was shown in a list, if the user never interacted with it; else 0.
        times: int64, (n,), seconds since 1970, of the latest of these.
    """

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    clicks: NDArray[np.int64]
    searches: NDArray[np.int64]
    skips: NDArray[np.int64]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.movies)
