"""From what people said to a model that serves: train, publish, and put its factors into the search engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import IndexMissing, ModelMissing, StoreUnavailable
from core.jobs.runs import Watch, Work
from core.ports import IndexStore, MovieIndex
from core.recommendations.snapshots import Snapshot
from core.types import Filters, Movie, MovieId, Sort
from core.users import UserId
from data.catalogues import sources
from data.database import Stores
from engine.demo import upkeep
from engine.demo.upkeep import REMOVED
from engine.recommender.models import interactions
from engine.recommender.models.interactions import Interactions
from engine.registry.registry import Registry
from engine.training import dataset, factor_publication, publication
from engine.training.dataset import Dataset
from engine.training.options import Options
from engine.training.progress import OnlyWatched

PORTION = 500
"""Vectors asked of the engine at once."""
LISTED = 10_000
"""The farthest that any engine lists movies; larger catalogues are read from their source."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training learned and published."""

    version: str
    users: int
    ratings: int
    movies: int
    """Movies learned from ratings."""
    catalogue: int
    stamped: int
    """Movies of the index that hold the model's factors."""
    seconds: float

    def plain(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def words(self) -> str:
        """For people."""
        learned = f"{self.ratings:,} ratings of {self.users:,} viewers, {self.movies:,} films learned from them"
        return (
            f"published the model {self.version} in {self.seconds:.1f} s\n  learned from: {learned}\n"
            f"  {self.catalogue:,} films can be recommended; the search engine holds the factors of {self.stamped:,}"
        )


def run(
    settings: Settings, watch: Watch, *, stores: Stores | None, index_store: IndexStore, registry: Registry
) -> TrainingReport:
    """Train on all that is at hand, publish the model whatever the gate says of it, and stamp the index.

    Args:
        stores: None where the database cannot be reached; what this site's users said is left out then.

    Raises:
        DataError, IndexMissing, ModelMissing: nothing was published.
    """
    work = OnlyWatched(watch)
    given = gather(settings, work, stores=stores, index_store=index_store)
    report = publication.learn(settings, given, Options.of(settings.training), work, registry=registry, force=True)
    if not report.published:
        raise ModelMissing(f"the model that came of it is broken: {report.decision.rejected}")
    if not report.decision.promoted:
        watch.say(f"published since it was asked for by hand, though the gate refuses it: {report.decision.rejected}")
    stamped = factor_publication.publish_factors(index_store, registry)
    return TrainingReport(
        report.version,
        report.users,
        report.ratings,
        report.movies,
        len(given.world.movies),
        stamped,
        round(report.seconds, 1),
    )


def gather(settings: Settings, work: Work, *, stores: Stores | None, index_store: IndexStore) -> Dataset:
    """The snapshot that a training learns from: the movies that are served, and what people said of them.

    Raises:
        DataError, IndexMissing.
    """
    index = index_store.open()
    info = index.info()
    snapshot, feedback, demo = _said(stores, index, work)
    movies = _movies(settings, index)
    work.say(f"training for the {len(movies):,} films of the index {info.version}")
    vectors = [
        index.vectors([movie.id for movie in movies[start : start + PORTION]])
        for start in range(0, len(movies), PORTION)
    ]
    return dataset.gather(
        movies=movies,
        vectors=np.concatenate(vectors),
        ratings_folder=sources.ratings(settings, progress=work.say),
        snapshot=snapshot,
        feedback=feedback,
        demo=demo,
        catalogue_hash=info.catalogue_hash,
        encoder=info.encoder,
    )


def stale(index_store: IndexStore, registry: Registry) -> str:
    """Why the published model does not fit the published index, in words; empty when it does."""
    version = registry.current()
    if version is None:
        return "there is no model yet"
    try:
        manifest = registry.manifest(version)
        index = index_store.open()
        info = index.info()
    except ModelMissing as missing:
        return str(missing)
    except IndexMissing:
        return ""
    if manifest.get("encoder", info.encoder) != info.encoder:
        return f"films are described by {info.encoder} now, and were by {manifest['encoder']} at the training"
    if manifest.get("catalogue_hash") != info.catalogue_hash:
        return "the catalogue has changed since the model was trained"
    return "" if index.factors_version() == version else "the index does not hold the factors of the model"


def _movies(settings: Settings, index: MovieIndex) -> list[Movie]:
    """Every movie that is served: from the index, or from the catalogue's source where no engine lists that far."""
    count = index.info().count
    if count <= LISTED:
        return list(index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=LISTED).movies)
    known = {movie.id: movie for movie in sources.load(settings).movies}
    return index.movies([MovieId(movie) for movie in known])


def _said(
    stores: Stores | None, index: MovieIndex, work: Work
) -> tuple[Snapshot | None, Interactions, frozenset[UserId]]:
    """What the site's users said and showed, and which of them are demo users.

    A model without it is better than none while the database is down.
    """
    if stores is None:
        return None, interactions.NOTHING, frozenset()
    try:
        if upkeep.remove_if_misplaced(stores, index):
            work.say(REMOVED)
        demo = stores.demo.users()
        return stores.diaries.snapshot(), interactions.of_implicit_feedback(stores.implicit_feedback.read()), demo
    except StoreUnavailable as error:
        work.say(f"what this site's viewers said is left out: {error}")
        return None, interactions.NOTHING, frozenset()
