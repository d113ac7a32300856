"""The two data sets, MovieLens' small set on the catalogue and all of MovieLens 100K, and their split by time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import movielens100k
from core.config import Settings
from core.recommendations.records import Floats
from core.types import Movie, MovieId
from data.catalogues import movielens, sources
from engine.recommender.models import interactions
from engine.recommender.models.interactions import Interactions
from engine.search.encoders import onnx_export
from engine.search.encoders.vectors import movie_vectors
from engine.training.evaluation import splits
from engine.training.evaluation.splits import Split
from engine.training.fit.components import World

SMALL, OLD = "ml-latest-small", "ml-100k"
GENRES_FROM = 5
"""The first column of the 19 genres in `u.item`."""


@dataclass(frozen=True)
class Dataset:
    """Ratings, and movies with description vectors."""

    name: str
    interactions: Interactions
    world: World


def small(settings: Settings) -> Dataset:
    """Load ml-latest-small for the movies of the catalogue, with the vectors of the index."""
    assert settings.data_dir is not None
    catalogue = sources.load(settings)
    encoder = onnx_export.indexing_encoder(settings)
    vectors = movie_vectors(
        catalogue.movies,
        encoder=encoder,
        cache_dir=settings.home / "vectors" / catalogue.source.name.replace(" ", "-").lower(),
    )
    world = World.of(catalogue.movies, vectors.vectors)
    read = movielens.read_ratings(settings.data_dir / "movielens" / SMALL)
    return Dataset(SMALL, interactions.within(interactions.of_movielens(read), world.ids), world)


def old(data_dir: Path) -> Dataset:
    """Load all of ml-100k. Its movies have no descriptions, so their 19 genres serve as vectors."""
    folder = data_dir / "movielens" / OLD
    read = movielens100k.read_ratings(folder)
    titles = movielens100k.read_titles(folder).titles
    ids = np.unique(read.movies)
    movies = [Movie(MovieId(int(movie)), titles.get(int(movie)) or "?") for movie in ids]
    _, users = np.unique(read.users, return_inverse=True)
    order = np.lexsort((read.movies, users))
    said = Interactions(
        tuple(f"ml:{number}" for number in np.unique(read.users)),
        users[order].astype(np.int64),
        read.movies[order],
        interactions.weigh(read.stars)[order],
        read.stars[order],
        read.times[order],
    )
    return Dataset(OLD, said, World.of(movies, _genres(folder, ids)))


def by_time(interactions: Interactions, *, held_out: float = splits.HELD_OUT) -> Split:
    """Hold out everything after one moment, the same for all users: the latest share of all interactions.

    Users are evaluated only if they have interactions before it.
    """
    if not len(interactions):
        return Split(interactions, interactions)
    moment = np.quantile(interactions.times, 1 - held_out)
    held = interactions.times > moment
    return Split(interactions.select(~held), interactions.select(held))


def _genres(folder: Path, ids: np.ndarray) -> Floats:
    lines = (folder / movielens100k.MOVIES).read_text(encoding="latin-1").splitlines()
    genres = {int(cells[0]): cells[GENRES_FROM:] for cells in (line.split("|") for line in lines if line)}
    flags = np.array([[float(flag) for flag in genres[int(movie)]] for movie in ids], np.float32)
    return np.asarray(flags / np.maximum(np.linalg.norm(flags, axis=1, keepdims=True), 1), np.float32)
