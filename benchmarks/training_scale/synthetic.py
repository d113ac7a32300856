"""Ratings of any number, distributed as those of MovieLens are: by power laws. Reproducible.

- **Movies.** The movie of rank r is chosen with a probability proportional to (r + `SHIFT`)^-`POPULARITY`, a
  Zipf-Mandelbrot law: a flat head, and a long tail of movies with few ratings.
- **Users.** The user of rank r rates a number of movies proportional to (r + `USER_SHIFT`)^-`ACTIVITY`: a few rate
  a thousand, the median half as many as the mean.
- **Tastes.** Movies belong to `GENRES` genres of Dirichlet-distributed sizes. `SHARE` of a user's choices come from the
  `LIKED` genres that the user likes, the others from all movies. A pair occurs once.
- **Stars.** 3.5 + the movie's quality + the user's level + `BONUS` in a liked genre + noise, rounded to half stars.

The first ratings of a movie are not older than the last ones of another: times are drawn evenly over `SECONDS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from core.recommendations.snapshots import Snapshot
from core.types import Movie, MovieId

POPULARITY, SHIFT = 1.1, 40.0
ACTIVITY, USER_SHIFT = 0.9, 60.0
GENRES, LIKED, SHARE = 24, 3, 0.7
BONUS = 0.6
QUALITY, LEVEL, NOISE = 0.45, 0.4, 0.7
"""Standard deviations, in stars."""
BEGAN, SECONDS = 1_500_000_000, 200_000_000
DIMENSION = 384
"""Of description vectors, as the default encoder has."""
SPREAD = 1.2
"""Length of the noise around a genre's direction in a description vector."""
SPARE = 1.3
"""Pairs drawn for each one that is missing: popular movies are drawn for the same user again."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a data set."""

    ratings: int
    movies: int
    users: int

    @property
    def words(self) -> str:
        """The size for a table."""
        return f"{self.ratings:,} × {self.movies:,} × {self.users:,}"


@dataclass(frozen=True)
class World:
    """Movies with description vectors: float32, (n, 384), unit rows; and ratings."""

    movies: list[Movie]
    vectors: Floats
    snapshot: Snapshot


def make(size: Size, *, seed: int = 1) -> World:
    """Return a data set with exactly `size.ratings` ratings."""
    chance = np.random.default_rng(seed)
    genres = chance.choice(GENRES, size.movies, p=chance.dirichlet(np.full(GENRES, 3.0)))
    movies = [Movie(MovieId(number + 1), f"Movie {number + 1}", genres=(f"g{g}",)) for number, g in enumerate(genres)]
    return World(movies, _vectors(chance, genres), ratings(chance, size, genres))


def evenly(size: Size, *, seed: int = 1) -> Snapshot:
    """Return ratings whose pairs are drawn evenly, for measurements that do not depend on their distribution."""
    chance = np.random.default_rng(seed)
    pairs = np.unique(chance.integers(0, size.movies * size.users, int(SPARE * size.ratings)))
    pairs = np.sort(chance.choice(pairs, size.ratings, replace=False, shuffle=False))
    stars = (chance.integers(1, 11, size.ratings) / 2).astype(np.float32)
    times = BEGAN + chance.integers(0, SECONDS, size.ratings)
    none = np.empty(0, np.int64)
    return Snapshot(
        pairs // size.movies + 1, pairs % size.movies + 1, stars, times, none, none, none, np.empty(0, np.str_)
    )


def ratings(chance: np.random.Generator, size: Size, genres: NDArray[np.int64]) -> Snapshot:
    """Return ratings ordered by user and movie; movies and users are numbered from 1."""
    popularity = chance.permutation((np.arange(size.movies) + SHIFT) ** -POPULARITY)
    activity = chance.permutation((np.arange(size.users) + USER_SHIFT) ** -ACTIVITY)
    liked = np.argsort(chance.random((size.users, GENRES), np.float32), axis=1)[:, :LIKED]
    pairs = _pairs(chance, size, np.cumsum(activity / activity.sum()), popularity, tastes=(genres, liked))
    users, movies = pairs // size.movies, pairs % size.movies
    stars = 3.5 + chance.normal(0, NOISE, len(pairs)).astype(np.float32)
    stars += chance.normal(0, QUALITY, size.movies).astype(np.float32)[movies]
    stars += chance.normal(0, LEVEL, size.users).astype(np.float32)[users]
    stars += BONUS * (liked[users] == genres[movies][:, None]).any(axis=1)
    rounded = np.clip(np.round(2 * stars) / 2, 0.5, 5).astype(np.float32)
    times = BEGAN + chance.integers(0, SECONDS, len(pairs))
    none = np.empty(0, np.int64)
    return Snapshot(users + 1, movies + 1, rounded, times, none, none, none, np.empty(0, np.str_))


def _pairs(
    chance: np.random.Generator,
    size: Size,
    activity: NDArray[np.float64],
    popularity: NDArray[np.float64],
    *,
    tastes: tuple[NDArray[np.int64], NDArray[np.intp]],
) -> NDArray[np.int64]:
    """Return user · n_movies + movie of each rating, ascending; `tastes` are genres of movies, and those liked."""
    genres, liked = tastes
    everything = _Chooser(np.arange(size.movies), popularity)
    by_genre = [_Chooser(np.flatnonzero(genres == genre), popularity) for genre in range(GENRES)]
    found = np.empty(0, np.int64)
    while len(found) < size.ratings:
        count = int(SPARE * (size.ratings - len(found))) + 1
        users = np.searchsorted(activity, chance.random(count)).clip(max=size.users - 1)
        movies = everything.draw(chance, count)
        wanted = np.where(chance.random(count) < SHARE, liked[users, chance.integers(0, LIKED, count)], -1)
        for genre, chooser in enumerate(by_genre):
            rows = np.flatnonzero(wanted == genre)
            movies[rows] = chooser.draw(chance, len(rows)) if chooser.any else movies[rows]
        found = np.union1d(found, users * size.movies + movies)
    return np.sort(chance.choice(found, size.ratings, replace=False, shuffle=False))


class _Chooser:
    """Draws movies of a group by their popularity."""

    def __init__(self, movies: Ids, popularity: NDArray[np.float64]) -> None:
        self._movies = movies
        self._bounds = np.cumsum(popularity[movies])

    @property
    def any(self) -> bool:
        """Whether the group has a movie."""
        return len(self._movies) > 0

    def draw(self, chance: np.random.Generator, count: int) -> Ids:
        """Return int64, (count,): movies, with repetitions."""
        places = np.searchsorted(self._bounds, chance.random(count) * self._bounds[-1])
        return np.asarray(self._movies[places.clip(max=len(self._movies) - 1)], np.int64)


def _vectors(chance: np.random.Generator, genres: NDArray[np.int64]) -> Floats:
    centres = chance.standard_normal((GENRES, DIMENSION), np.float32) / np.float32(DIMENSION**0.5)
    found = centres[genres]
    found += chance.standard_normal(found.shape, np.float32) * np.float32(SPREAD / DIMENSION**0.5)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)
