"""What all users said and showed, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every rating and mark of the site, a row each; ratings and marks are separate tables.

    Attributes:
        rating_viewers, rating_movies: int64, (n_ratings,).
        stars: float32, (n_ratings,).
        rating_times: int64, (n_ratings,), seconds since 1970.
        mark_viewers, mark_movies, mark_times: int64, (n_marks,).
        mark_kinds: the `MarkKind` of each mark, (n_marks,) of str.
    """

    rating_viewers: NDArray[np.int64]
    rating_movies: NDArray[np.int64]
    stars: NDArray[np.float32]
    rating_times: NDArray[np.int64]
    mark_viewers: NDArray[np.int64]
    mark_movies: NDArray[np.int64]
    mark_times: NDArray[np.int64]
    mark_kinds: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many ratings stand, of how many viewers and films."""

    ratings: int
    viewers: int
    films: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What viewers showed of films without saying it, a row each viewer and film, ordered by viewer and film.

    Attributes:
        viewers, movies: int64, (n,).
        clicks: int64, (n,), clicks, wherever the film stood.
        searches: int64, (n,), those of them that came from a search.
        skips: int64, (n,), days on which it was seen in a list, where it was never touched; else 0.
        times: int64, (n,), seconds since 1970, of the last of these.
    """

    viewers: NDArray[np.int64]
    movies: NDArray[np.int64]
    clicks: NDArray[np.int64]
    searches: NDArray[np.int64]
    skips: NDArray[np.int64]
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.movies)
