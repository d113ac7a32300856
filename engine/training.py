"""From what people said to a model that serves: train, publish, and put its factors into the search engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.config import Settings
from core.errors import IndexMissing, ModelMissing, StoreUnavailable
from core.ports import MovieIndex
from core.stores import Snapshot
from core.types import Filters, Movie, MovieId, Sort
from data import sources
from engine import stamping, wiring
from engine.indexing import Watch
from engine.models import train

PORTION = 500
"""Vectors asked of the engine at once."""
LISTED = 10_000
"""The farthest that any engine lists films; larger catalogues are read from their source."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training learned and published."""

    version: str
    viewers: int
    ratings: int
    films: int
    """Films learned from ratings."""
    catalogue: int
    stamped: int
    """Films of the index that hold the model's factors."""
    seconds: float

    def plain(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def words(self) -> str:
        """For people."""
        learned = f"{self.ratings:,} ratings of {self.viewers:,} viewers, {self.films:,} films learned from them"
        return (
            f"published the model {self.version} in {self.seconds:.1f} s\n  learned from: {learned}\n"
            f"  {self.catalogue:,} films can be recommended; the search engine holds the factors of {self.stamped:,}"
        )


def run(settings: Settings, watch: Watch) -> TrainingReport:
    """Train on all that is at hand, publish the model, and stamp the index with its factors.

    Raises:
        DataError, IndexMissing, StoreUnavailable: nothing was published.
    """
    store = wiring.store(settings)
    index = store.open()
    info = index.info()
    movies = _films(settings, index)
    watch.say(f"training for the {len(movies):,} films of the index {info.version}")
    vectors = np.concatenate(
        [
            index.vectors([movie.id for movie in movies[start : start + PORTION]])
            for start in range(0, len(movies), PORTION)
        ]
    )
    report = train.train(
        settings,
        store_snapshot=_snapshot(settings, watch),
        movies=movies,
        vectors=vectors,
        ratings_folder=sources.ratings(settings, progress=watch.say),
        watch=watch,
        catalogue_hash=info.catalogue_hash,
    )
    stamped = store.stamp(stamping.factors(report.model))
    return TrainingReport(
        report.version, report.viewers, report.ratings, report.films, len(movies), stamped, round(report.seconds, 1)
    )


def stale(settings: Settings) -> str:
    """Why the published model does not fit the published index, in words; empty when it does."""
    registry = wiring.models(settings)
    version = registry.current()
    if version is None:
        return "there is no model yet"
    try:
        manifest = registry.manifest(version)
        index = wiring.store(settings).open()
        info = index.info()
    except ModelMissing as missing:
        return str(missing)
    except IndexMissing:
        return ""
    if manifest.get("catalogue_hash") != info.catalogue_hash:
        return "the catalogue has changed since the model was trained"
    return "" if index.stamped() == version else "the index does not hold the factors of the model"


def _films(settings: Settings, index: MovieIndex) -> list[Movie]:
    """Every film that is served: from the index, or from the catalogue's source where no engine lists that far."""
    count = index.info().count
    if count <= LISTED:
        return list(index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=LISTED).movies)
    known = {movie.id: movie for movie in sources.load(settings).movies}
    return index.movies([MovieId(movie) for movie in known])


def _snapshot(settings: Settings, watch: Watch) -> Snapshot | None:
    """What the site's viewers said; a model without them is better than none while the database is down."""
    try:
        return wiring.people(settings).diaries.snapshot()
    except StoreUnavailable as error:
        watch.say(f"the ratings of this site are left out: {error}")
        return None
