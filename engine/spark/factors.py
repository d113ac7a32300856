"""Factors by the ALS of Spark's MLlib, for the same model as `engine.recommender.models.als`.

Confidences and preferences are the same: MLlib gives a rating r the confidence 1 + α|r|, and the preference 1 where
r > 0, else 0. The regularization differs: MLlib multiplies it by the number of positive ratings of the user or movie
(Zhou et al., "Large-scale Parallel Collaborative Filtering for the Netflix Prize", 2008), as for predicted stars.
`SHARE` makes one option serve both. Users are folded in with the constant one, as always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import DataError
from core.recommendations.records import Floats, Ids
from engine.recommender import id_index
from engine.recommender.models.als import Als, ALSConfig

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SHARE = 1 / 70
"""MLlib's regularization for each positive rating, as a share of the constant one."""
MOST = 2**31
"""MLlib takes ids below this."""


def fit(frame: DataFrame, movies: Ids, config: ALSConfig, *, blocks: int) -> Als:
    """Fit factors of `movies`.

    Args:
        frame: user, movie and weight of the interactions to learn from.
        movies: int64, (n,), ascending: all movies of `frame`.
        config: `threads` has no meaning here.
        blocks: into how many parts users and movies are divided.

    Raises:
        DataError: an id is too large for MLlib.
    """
    if len(movies) and movies[-1] >= MOST:
        raise DataError(
            f"MLlib takes ids of movies below {MOST:,}, but there is {movies[-1]}; use MARQUEE_TRAINER=local"
        )
    factors = np.zeros((len(movies), config.factors), np.float32)
    found, learned = _learn(frame, config, blocks)
    factors[id_index.find(movies, found)] = learned
    return Als(movies, factors, np.ones(len(movies), np.bool_), config.alpha, config.regularization)


def _learn(frame: DataFrame, config: ALSConfig, blocks: int) -> tuple[Ids, Floats]:
    """Return the movies with factors, and the factors."""
    from pyspark.ml.recommendation import ALS  # noqa: PLC0415 - an extra

    liked = _liked(frame)
    if liked.isEmpty():
        return np.empty(0, np.int64), np.empty((0, config.factors), np.float32)
    trainer = ALS(
        rank=config.factors,
        maxIter=config.iterations,
        regParam=config.regularization * SHARE,
        alpha=config.alpha,
        implicitPrefs=True,
        numUserBlocks=blocks,
        numItemBlocks=blocks,
        userCol="user",
        itemCol="movie",
        ratingCol="weight",
        seed=config.seed,
        intermediateStorageLevel="MEMORY_AND_DISK",
    )
    table = trainer.fit(liked).itemFactors.toArrow()
    vectors = table["features"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return table["id"].to_numpy().astype(np.int64), vectors.reshape(len(table), -1).astype(np.float32, copy=False)


def _liked(frame: DataFrame) -> DataFrame:
    """Return the interactions of users and movies with at least one positive weight.

    The others have factors of 0, whatever the rest, and therefore no effect on it. MLlib would multiply their
    regularization by 0, so that their systems might have no solution.
    """
    positive = frame.where(frame.weight > 0)
    users, movies = positive.select("user").distinct(), positive.select("movie").distinct()
    return frame.join(users, "user", "left_semi").join(movies, "movie", "left_semi").select("user", "movie", "weight")
