"""Fits models with Spark (`engine.training.fit.fitter`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.config import Settings
from core.errors import DataError
from engine.recommender.models import ease
from engine.recommender.models.interactions import Interactions
from engine.spark import factors, item_rows, session, snapshots
from engine.spark import splits as columns
from engine.spark.snapshots import SnapshotFolder
from engine.training.evaluation import splits
from engine.training.fit import local_fit
from engine.training.fit.fitter import Part
from engine.training.fit.local_fit import ALONE, EASE, Course, FitConfig, Fitted

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

RATINGS = 500_000
"""Ratings of a block of users or movies in ALS at most."""


class SparkFitter:
    """Fits ALS and the sums of item-item weights on Spark's workers, from a snapshot of all interactions.

    The predictor of stars is fitted on this machine: its budget bounds its work, whatever the number of ratings.
    """

    name = "spark"
    by_epoch = False

    def __init__(self, running: SparkSession, folder: SnapshotFolder, settings: Settings) -> None:
        self._session, self.folder = running, folder
        self._least = {
            "min_user_ratings": settings.min_user_ratings,
            "min_movie_ratings": settings.min_movie_ratings,
        }

    def fit(self, known: Interactions, config: FitConfig, *, part: Part, course: Course = ALONE) -> Fitted:
        """Fit all components to the same interactions as `known`, read from the snapshot."""
        movies = np.unique(known.movies)
        frame = self.interactions(part).persist()
        try:
            with session.failures("fit the model"):
                count = frame.count()
                if count != len(known):
                    raise DataError(f"Spark reads {count:,} interactions to learn from, but there are {len(known):,}")
                parallel = self._session.sparkContext.defaultParallelism
                found = factors.fit(frame, movies, config.als, blocks=max(parallel, -(-count // RATINGS)))
                course.portion()
                wanted = EASE in config.parts
                rows = item_rows.fit(frame, movies, config.ease, self.folder) if wanted else ease.nothing(config.ease)
        finally:
            frame.unpersist()
        course.portion()
        return Fitted(found, rows, local_fit.stars(known, config, course))

    def interactions(self, part: Part) -> DataFrame:
        """Return user, movie and weight of the interactions of a part that may be learned from."""
        read = self.folder.read(self._session)
        if part is Part.TRAINING:
            read = read.where(columns.classes(read.hash, read.movie, splits.CLASSES) < splits.TRAIN)
        return columns.learnable(read.select("user", "movie", "weight"), **self._least)


@contextlib.contextmanager
def opened(settings: Settings, rated: Interactions, *, key: str) -> Iterator[SparkFitter]:
    """Yield a fitter of `rated`, whose snapshot has the name `key`; at the end, session and snapshot are removed.

    Raises:
        InvalidSettings, ServiceUnavailable: Spark cannot be used.
    """
    with session.opened(settings, name="training") as running, snapshots.kept(settings, key, rated) as folder:
        yield SparkFitter(running, folder, settings)
