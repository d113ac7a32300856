"""What all users said and showed, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every rating and mark of the site, a row each; ratings and marks are separate tables.

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
    """How many ratings stand, of how many users and movies."""

    ratings: int
    users: int
    movies: int


@dataclass(frozen=True, slots=True)
class ImplicitFeedback:
    """What users showed of movies without saying it, a row each user and movie, ordered by user and movie.

    Attributes:
        users, movies: int64, (n,).
        clicks: int64, (n,), clicks, wherever the movie stood.
        searches: int64, (n,), those of them that came from a search.
        skips: int64, (n,), days on which it was seen in a list, where it was never touched; else 0.
        times: int64, (n,), seconds since 1970, of the last of these.
    """

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    clicks: NDArray[np.int64]
    searches: NDArray[np.int64]
    skips: NDArray[np.int64]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.movies)
