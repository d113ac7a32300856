"""The dataset of a training run: movies, ratings and marks, and a hash that identifies it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.config import Settings
from core.recommendations.records import Floats
from core.recommendations.snapshots import Snapshot
from core.types import Movie
from data.catalogues import movielens
from engine.recommender.models import interactions
from engine.recommender.models.interactions import Interactions
from engine.training.fit.components import World

HASH = 16
"""Hexadecimal digits of a data hash: 64 bits are enough for the few datasets of one site."""


@dataclass(frozen=True)
class Dataset:
    """A dataset, which does not change while a training runs.

    Attributes:
        rated: all interactions, of MovieLens' users and of the site's.
        public: MovieLens' part of them.
        hash: of `rated` and of the movies.
    """

    world: World
    rated: Interactions
    public: Interactions
    hash: str
    catalogue_hash: str = ""
    notes: tuple[str, ...] = ()
    encoder: str = ""
    """Name of the encoder of the movies' vectors."""
    demo: bool = False
    """Whether demo users are among the users."""


def gather(
    *,
    movies: Sequence[Movie],
    vectors: Floats,
    ratings_folder: Path | None,
    snapshot: Snapshot | None,
    feedback: Interactions = interactions.NOTHING,
    catalogue_hash: str = "",
    encoder: str = "",
    demo: Collection[int] = (),
) -> Dataset:
    """Gather all available data.

    Args:
        vectors: float32, (n_movies, dim), unit rows, in the order of `movies`: what the movies are about.
        feedback: implicit feedback of the site's users; ratings and marks of the same movie take precedence.
        demo: the ids of demo users.

    Raises:
        DataError: the rating files are unusable.
    """
    world = World.of(movies, vectors)
    public, notes = _public(ratings_folder, world)
    notes = (_demo_note(len(demo)),) if demo and ratings_folder is None else notes
    own = interactions.NOTHING if snapshot is None else interactions.of_site(snapshot)
    own = interactions.within(interactions.merge(own, feedback), world.ids)
    rated = interactions.join((public, own))
    hashed = digest(rated, catalogue_hash)
    return Dataset(world, rated, public, hashed, catalogue_hash, notes, encoder, demo=bool(demo))


def digest(rated: Interactions, *more: str) -> str:
    """Return a hash of the interactions by users' names, independent of how users are numbered."""
    found = hashlib.sha256("\n".join((*more, *rated.names)).encode())
    for values in (rated.users, rated.movies, rated.weights, np.nan_to_num(rated.stars)):
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()[:HASH]


def described(known: Interactions, rated: Interactions) -> dict[str, int]:
    """Return the numbers of users, movies and interactions learned from, and of those left out."""
    return {
        "users": len(np.unique(known.users)),
        "movies": len(np.unique(known.movies)),
        "interactions": len(known),
        "users_left_out": len(np.unique(rated.users)) - len(np.unique(known.users)),
        "movies_left_out": len(np.unique(rated.movies)) - len(np.unique(known.movies)),
    }


def learnable(rated: Interactions, settings: Settings) -> Interactions:
    """Return the interactions that meet the settings' minimum numbers of ratings."""
    return interactions.learnable(
        rated, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )


def _demo_note(users: int) -> str:
    return f"demo data: the training includes the ratings of {users} made-up users"


def _public(folder: Path | None, world: World) -> tuple[Interactions, tuple[str, ...]]:
    """Return MovieLens' ratings of the catalogue's movies, and notes about them."""
    if folder is None:
        return interactions.NOTHING, ("no MovieLens ratings available: the model uses descriptions and votes",)
    read = movielens.read_ratings(folder)
    found = interactions.within(interactions.of_movielens(read), world.ids)
    notes = (f"{len(found):,} of {len(read.users):,} MovieLens ratings match movies of the catalogue",)
    return found, (*notes, *(f"skipped: {row}" for row in read.skipped[:3]))
