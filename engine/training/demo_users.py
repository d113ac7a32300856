"""The public demonstration users: MovieLens' users with their ratings, beside the model that learned from them.

The site's own users are never written here: what they said stays in the database alone, and goes when they go.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelMissing
from core.recommendations.records import Floats, Ids
from core.types import MovieId
from engine.recommender.models.interactions import MEMBER_PREFIX, Interactions

FILE = "members.npz"


@dataclass(frozen=True)
class DemoUsers:
    """Ratings of each user.

    Attributes:
        numbers: int64, (n,), ascending: MovieLens' numbers.
        ends: int64, (n + 1,): the rows of user k are `ends[k]` to `ends[k + 1]`.
        movies: int64, (n_rows,). stars: float32, (n_rows,).
    """

    numbers: NDArray[np.int64]
    ends: NDArray[np.int64]
    movies: Ids
    stars: Floats

    def ratings(self, user: str) -> Mapping[MovieId, float] | None:
        """What `ml:42` rated; None for an unknown name."""
        number = user.removeprefix(MEMBER_PREFIX)
        if number == user or not number.isascii() or not number.isdigit() or len(number) > 9:  # noqa: PLR2004
            return None
        place = int(np.searchsorted(self.numbers, int(number)))
        if place >= len(self.numbers) or self.numbers[place] != int(number):
            return None
        rows = slice(int(self.ends[place]), int(self.ends[place + 1]))
        return {
            MovieId(movie): stars
            for movie, stars in zip(self.movies[rows].tolist(), self.stars[rows].tolist(), strict=True)
        }


NOBODY = DemoUsers(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


def of(movielens: Interactions) -> DemoUsers:
    """The users of MovieLens' interactions."""
    numbers = np.array([int(name.removeprefix(MEMBER_PREFIX)) for name in movielens.names], np.int64)
    ends = np.searchsorted(movielens.users, np.arange(len(numbers) + 1)).astype(np.int64)
    return DemoUsers(numbers, ends, movielens.movies, movielens.stars)


def save(members: DemoUsers, folder: Path) -> None:
    """Write into an existing folder."""
    np.savez(folder / FILE, numbers=members.numbers, ends=members.ends, movies=members.movies, stars=members.stars)


def load(folder: Path) -> DemoUsers:
    """Read what `save` wrote. Raises `ModelMissing`."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            return DemoUsers(**{name: stored[name] for name in ("numbers", "ends", "movies", "stars")})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelMissing(f"{folder / FILE}: cannot be read ({error}); train again") from error
