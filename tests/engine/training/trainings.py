"""Training on given movies and ratings, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.config import Settings
from core.jobs.runs import Watch
from core.jobs.work import UncancellableWork
from core.recommendations.snapshots import Snapshot
from core.types import Movie
from engine.recommender.models.interactions import Floats
from engine.registry.registry import Registry
from engine.training import dataset, publication
from engine.training.options import Options
from engine.training.publication import PublicationReport


def train(
    settings: Settings,
    *,
    store_snapshot: Snapshot | None,
    movies: Sequence[Movie],
    vectors: Floats,
    ratings_folder: Path | None,
    watch: Watch,
    registry: Registry,
    catalogue_hash: str = "",
) -> PublicationReport:
    """Train on MovieLens (if available) and this site's ratings, and publish the model even if the gate refuses it.

    Without ratings the model still has factors from descriptions and popularity from votes.

    Args:
        movies: the movies of the catalogue, in the order of `vectors`.
        vectors: float32, (n_movies, dim), unit rows: what the movies are about.
        catalogue_hash: of the index that serves the movies; recorded in the manifest.

    Raises:
        DataError: the rating files are unusable.
    """
    given = dataset.gather(
        movies=movies,
        vectors=vectors,
        ratings_folder=ratings_folder,
        snapshot=store_snapshot,
        catalogue_hash=catalogue_hash,
    )
    work = UncancellableWork(watch)
    return publication.learn(settings, given, Options.of(settings.training), work, registry=registry, force=True)
