"""What a training learns from: the movies, what people said of them, and a hash that tells two such snapshots apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
"""Hexadecimal digits of a data hash: 64 bits, among the few snapshots of one site."""


@dataclass(frozen=True)
class Dataset:
    """One snapshot, which does not change while a training runs.

    Attributes:
        rated: everything that was said, of MovieLens' users and of the site's.
        public: MovieLens' part of it.
        hash: of `rated` and of the movies.
    """

    world: World
    rated: Interactions
    public: Interactions
    hash: str
    catalogue_hash: str = ""
    notes: tuple[str, ...] = ()
    encoder: str = ""
    """Name of the encoder that made the movies' vectors."""


def gather(
    *,
    movies: Sequence[Movie],
    vectors: Floats,
    ratings_folder: Path | None,
    snapshot: Snapshot | None,
    feedback: Interactions = interactions.NOTHING,
    catalogue_hash: str = "",
    encoder: str = "",
) -> Dataset:
    """Everything that is at hand.

    Args:
        vectors: float32, (n_movies, dim), unit rows, in the order of `movies`: what the movies are about.
        feedback: what the site's users showed without saying it; what they said of the same movie wins.

    Raises:
        DataError: the files of ratings are unusable as a whole.
    """
    world = World.of(movies, vectors)
    public, notes = _public(ratings_folder, world)
    own = interactions.NOTHING if snapshot is None else interactions.of_site(snapshot)
    own = interactions.within(interactions.merge(own, feedback), world.ids)
    rated = interactions.join((public, own))
    return Dataset(world, rated, public, digest(rated, catalogue_hash), catalogue_hash, notes, encoder)


def digest(rated: Interactions, *more: str) -> str:
    """A hash of what was said, by users' names: the same however the users happen to be numbered."""
    found = hashlib.sha256("\n".join((*more, *rated.names)).encode())
    for values in (rated.users, rated.movies, rated.weights, np.nan_to_num(rated.stars)):
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()[:HASH]


def described(known: Interactions, rated: Interactions) -> dict[str, int]:
    """What was learned from, and what was left out, in numbers."""
    return {
        "users": len(np.unique(known.users)),
        "movies": len(np.unique(known.movies)),
        "interactions": len(known),
        "users_left_out": len(np.unique(rated.users)) - len(np.unique(known.users)),
        "movies_left_out": len(np.unique(rated.movies)) - len(np.unique(known.movies)),
    }


def learnable(rated: Interactions, settings: Settings) -> Interactions:
    """What the settings let models learn from."""
    return interactions.learnable(
        rated, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )


def _public(folder: Path | None, world: World) -> tuple[Interactions, tuple[str, ...]]:
    """MovieLens' ratings of the catalogue's movies, and what is to be said of them."""
    if folder is None:
        return interactions.NOTHING, ("no MovieLens ratings at hand: taste starts from descriptions and votes",)
    read = movielens.read_ratings(folder)
    found = interactions.within(interactions.of_movielens(read), world.ids)
    notes = (f"{len(found):,} of {len(read.users):,} MovieLens ratings are of films of the catalogue",)
    return found, (*notes, *(f"skipped: {row}" for row in read.skipped[:3]))
