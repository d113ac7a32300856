"""The entry of training: gather the dataset, train, publish the model, and publish its factors to the search engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import IndexMissing, ModelMissing, StoreUnavailable
from core.jobs.runs import Watch, Work
from core.jobs.work import UncancellableWork
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
from engine.training.fit import hyperparameter_search
from engine.training.options import Options

PORTION = 500
"""Vectors read from the engine at once."""
LISTED = 10_000
"""Most movies that an engine lists for one query; larger catalogues are read from their source."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The figures of a training run and the published model."""

    version: str
    users: int
    ratings: int
    movies: int
    """Movies with enough ratings to be learned."""
    catalogue: int
    stamped: int
    """Movies of the index that have the model's factors."""
    seconds: float

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def words(self) -> str:
        """Return the report as text for the command line."""
        learned = f"{self.ratings:,} ratings of {self.movies:,} movies by {self.users:,} users"
        return (
            f"published model {self.version} in {self.seconds:.1f} s\n  trained on {learned}\n"
            f"  {self.catalogue:,} movies can be recommended; {self.stamped:,} have factors in the search engine"
        )


def run(
    settings: Settings,
    watch: Watch,
    *,
    stores: Stores | None,
    index_store: IndexStore,
    registry: Registry,
    tune: bool = False,
) -> TrainingReport:
    """Train on all available data, publish the model even if the gate refuses it, and publish its factors.

    Args:
        stores: None if the database is unreachable; the model is then trained without this site's users.
        tune: whether to search the options first, even if the ratings hardly changed.

    Raises:
        DataError, IndexMissing, ModelMissing: nothing was published.
    """
    work = UncancellableWork(watch)
    given = gather(settings, work, stores=stores, index_store=index_store)
    asked = {"search_trials": hyperparameter_search.AUTOMATIC_TRIALS} if tune else {}
    options = Options.of({**settings.training, **asked})
    report = publication.learn(settings, given, options, work, registry=registry, force=True)
    if not report.published:
        raise ModelMissing(f"the trained model is invalid: {report.decision.rejected}")
    if not report.decision.promoted:
        watch.say(f"published although the promotion gate refuses it: {report.decision.rejected}")
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
    """Return the dataset of a training run: the movies of the published index and users' ratings, marks and feedback.

    Raises:
        DataError, IndexMissing.
    """
    index = index_store.open()
    info = index.info()
    snapshot, feedback, demo = _training_data(stores, index, work)
    movies = _movies(settings, index)
    work.say(f"training for the {len(movies):,} movies of the index {info.version}")
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
    """Return why the published model does not fit the published index, or an empty text."""
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
        return f"the model was trained with the encoder {manifest['encoder']}, but the index uses {info.encoder}"
    if manifest.get("catalogue_hash") != info.catalogue_hash:
        return "the catalogue has changed since the model was trained"
    return "" if index.factors_version() == version else "the index does not contain the model's factors"


def _movies(settings: Settings, index: MovieIndex) -> list[Movie]:
    """Return all movies of the index; catalogues larger than an engine lists are read from their source."""
    count = index.info().count
    if count <= LISTED:
        return list(index.listing(Filters(adult=True), sort=Sort.POPULARITY, offset=0, size=LISTED).movies)
    known = {movie.id: movie for movie in sources.load(settings).movies}
    return index.movies([MovieId(movie) for movie in known])


def _training_data(
    stores: Stores | None, index: MovieIndex, work: Work
) -> tuple[Snapshot | None, Interactions, frozenset[UserId]]:
    """Read users' ratings, implicit feedback and the ids of demo users.

    Without a database, train without them rather than not at all.
    """
    if stores is None:
        return None, interactions.NOTHING, frozenset()
    try:
        if upkeep.remove_if_misplaced(stores, index):
            work.say(REMOVED)
        demo = stores.demo.users()
        return stores.diaries.snapshot(), interactions.of_implicit_feedback(stores.implicit_feedback.read()), demo
    except StoreUnavailable as error:
        work.say(f"training without this site's ratings: {error}")
        return None, interactions.NOTHING, frozenset()
