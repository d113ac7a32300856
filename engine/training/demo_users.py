"""Demo users: MovieLens' users with their ratings, stored with the model that was trained on them.

The site's own users are never stored here: their ratings are in the database only, and are deleted with the account.
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
from engine.recommender.models import user_neighbours
from engine.recommender.models.interactions import DEMO_PREFIX, Interactions
from engine.recommender.models.user_neighbours import UserNeighbours

FILE = "members.npz"


@dataclass(frozen=True)
class DemoUsers:
    """The ratings of each demo user.

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
        """Return the ratings of `ml:42`; None if the name is unknown."""
        number = self.number(user)
        if number is None:
            return None
        place = int(np.searchsorted(self.numbers, number))
        rows = slice(int(self.ends[place]), int(self.ends[place + 1]))
        return {
            MovieId(movie): stars
            for movie, stars in zip(self.movies[rows].tolist(), self.stars[rows].tolist(), strict=True)
        }

    def number(self, user: str) -> int | None:
        """Return 42 for `ml:42`; None if the name is unknown."""
        number = user.removeprefix(DEMO_PREFIX)
        if number == user or not number.isascii() or not number.isdigit() or len(number) > 9:  # noqa: PLR2004
            return None
        place = int(np.searchsorted(self.numbers, int(number)))
        known = place < len(self.numbers) and self.numbers[place] == int(number)
        return int(number) if known else None

    def neighbours(self) -> UserNeighbours:
        """Return the users as neighbours of others."""
        return user_neighbours.of_ratings(self.numbers, self.ends, self.movies, self.stars)


NOBODY = DemoUsers(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


def of(movielens: Interactions) -> DemoUsers:
    """Return the users of MovieLens' interactions."""
    numbers = np.array([int(name.removeprefix(DEMO_PREFIX)) for name in movielens.names], np.int64)
    ends = np.searchsorted(movielens.users, np.arange(len(numbers) + 1)).astype(np.int64)
    return DemoUsers(numbers, ends, movielens.movies, movielens.stars)


def save(users: DemoUsers, folder: Path) -> None:
    """Write demo users into an existing folder."""
    np.savez(folder / FILE, numbers=users.numbers, ends=users.ends, movies=users.movies, stars=users.stars)


def load(folder: Path) -> DemoUsers:
    """Read demo users that `save` wrote. Raises `ModelMissing`."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            return DemoUsers(**{name: stored[name] for name in ("numbers", "ends", "movies", "stars")})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelMissing(f"{folder / FILE}: cannot be read ({error}); train again") from error
