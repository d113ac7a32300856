"""Item-item weights from sums that Spark computes: those of `engine.recommender.models.ease`, of which only sums over
users grow with the number of ratings.

Each part of the users gives the products of pairs of movies (XᵀX), which Spark adds up. Those of the most rated movies
are inverted on this machine within `EASEConfig.memory_mb`; of the others, Spark keeps the nearest neighbours by shrunk
cosine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender import id_index
from engine.recommender.models import ease
from engine.recommender.models.ease import Ease, EASEConfig, Triples
from engine.spark.snapshots import SnapshotFolder

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

BLOCK = 256
"""Movies whose products with all others a worker computes at once."""
RATINGS = 5_000_000
"""Ratings of a part of the users at most: larger parts add up more pairs before they are sent."""
PAIRS, NEAREST = "pairs", "nearest"
"""Names of tables beside the snapshot."""
FIRST, SECOND, EXACT, SUM = "first", "second", "exact", "product"
SCHEMA = f"{FIRST} int, {SECOND} int, {EXACT} boolean, {SUM} float"

Pairs = Iterator[tuple[NDArray[np.int32], NDArray[np.int32], Floats]]
"""Two rows of movies and their product."""


@dataclass(frozen=True)
class Movies:
    """The movies of a fit.

    Attributes:
        ids: int64, (n,), ascending.
        exact: bool, (n,): those with weights of EASE.
        squares: float64, (n,): Σ w² of their interactions.
    """

    ids: Ids
    exact: NDArray[np.bool_]
    squares: NDArray[np.float64]


def fit(frame: DataFrame, movies: Ids, config: EASEConfig, folder: SnapshotFolder) -> Ease:
    """Fit item-item weights of `movies`, all movies of `frame` (user, movie, weight).

    Intermediate results are stored in `folder`.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    weight = f.when(f.col("weight") > 0, f.col("weight")).otherwise(f.col("weight") * f.lit(config.against))
    known = frame.select("user", "movie", weight.cast("float").alias("weight"))
    about = _movies(known, movies, config)
    products = _products(known, about).persist()
    try:
        found = Triples.joined([_exact(products, about, config, folder), _neighbours(products, about, config, folder)])
    finally:
        products.unpersist()
    return ease.assembled(movies, found, config)


def partial_products(batches: Iterator[pyarrow.RecordBatch], *, movies: Movies) -> Iterator[pyarrow.RecordBatch]:
    """Yield the products of pairs of movies, summed over the users of one part of the data.

    Each pair of movies with weights of EASE is given once, the lesser row first; pairs with another movie are given
    with that one first, and so twice if both are others.
    """
    import pyarrow  # noqa: PLC0415

    read = list(batches)
    if not read:
        return
    known = _matrix(pyarrow.Table.from_batches(read), movies.ids)
    by_rows = known.tocsr()
    rows = np.flatnonzero(np.diff(known.indptr))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        product = (known[:, block].T @ by_rows).tocoo()
        first, second = block[product.row], product.col
        exact = movies.exact[first]
        wanted = np.where(exact, movies.exact[second] & (second >= first), second != first)
        yield pyarrow.RecordBatch.from_arrays(
            [
                pyarrow.array(first[wanted].astype(np.int32)),
                pyarrow.array(second[wanted].astype(np.int32)),
                pyarrow.array(exact[wanted]),
                pyarrow.array(product.data[wanted].astype(np.float32)),
            ],
            names=[FIRST, SECOND, EXACT, SUM],
        )


def _movies(known: DataFrame, movies: Ids, config: EASEConfig) -> Movies:
    from pyspark.sql import functions as f  # noqa: PLC0415

    weight = f.col("weight").cast("double")
    table = known.groupBy("movie").agg(f.count("*").alias("count"), f.sum(weight * weight).alias("square")).toArrow()
    rows = id_index.find(movies, table["movie"].to_numpy())
    counts, squares = np.zeros(len(movies), np.int64), np.zeros(len(movies))
    counts[rows], squares[rows] = table["count"].to_numpy(), table["square"].to_numpy()
    return Movies(movies, ease.most_rated(counts, ease.capacity(config)), squares)


def _products(known: DataFrame, movies: Movies) -> DataFrame:
    from pyspark.sql import functions as f  # noqa: PLC0415

    parts = max(known.sparkSession.sparkContext.defaultParallelism, -(-known.count() // RATINGS))
    sums = known.repartition(parts, "user").mapInArrow(partial(partial_products, movies=movies), SCHEMA)
    return sums.groupBy(FIRST, SECOND, EXACT).agg(f.sum(SUM).cast("float").alias(SUM))


def _exact(products: DataFrame, movies: Movies, config: EASEConfig, folder: SnapshotFolder) -> Triples:
    """Return the weights of EASE between the most rated movies."""
    places = np.flatnonzero(movies.exact)
    if not len(places):
        return Triples.joined([])
    row_of = np.cumsum(movies.exact) - 1
    gram = np.zeros((len(places), len(places)), np.float32)
    for first, second, product in _stored(products.where(EXACT), PAIRS, folder):
        rows, columns = row_of[first], row_of[second]
        gram[rows, columns] = gram[columns, rows] = product
    return ease.solved(gram, places, config)


def _neighbours(products: DataFrame, movies: Movies, config: EASEConfig, folder: SnapshotFolder) -> Triples:
    """Return the weights between each other movie and its nearest neighbours, in both directions."""
    from pyspark.sql import Window  # noqa: PLC0415
    from pyspark.sql import functions as f  # noqa: PLC0415

    if movies.exact.all():
        return Triples.joined([])
    lengths = _lengths(products, movies)
    both = products.where(~f.col(EXACT))
    for column, length in ((FIRST, "a"), (SECOND, "b")):
        named = lengths.select(f.col("row").alias(column), f.col("length").alias(length))
        both = both.join(f.broadcast(named), column)
    cosine = f.col(SUM) / (f.col("a") * f.col("b") + f.lit(config.shrinkage))
    order = Window.partitionBy(FIRST).orderBy(f.col("cosine").desc(), SECOND)
    alike = both.withColumn("cosine", cosine).where(f.col("cosine") > 0)
    nearest = alike.withColumn("rank", f.row_number().over(order)).where(f.col("rank") <= config.neighbours)
    parts = [Triples(second, first, product.copy()) for first, second, product in _stored(nearest, NEAREST, folder)]
    return ease.neighbour_weights(Triples.joined(parts), movies.squares.astype(np.float32), config)


def _lengths(products: DataFrame, movies: Movies) -> DataFrame:
    """Return row and length of each movie: few enough for every worker."""
    import pyarrow  # noqa: PLC0415 - an extra

    table = pyarrow.table({"row": np.arange(len(movies.ids), dtype=np.int32), "length": np.sqrt(movies.squares)})
    return products.sparkSession.createDataFrame(table)


def _stored(frame: DataFrame, name: str, folder: SnapshotFolder) -> Pairs:
    """Write rows of pairs as a table, and read it in batches: it may be larger than what a driver of Spark collects."""
    frame.select(FIRST, SECOND, SUM).write.mode("overwrite").parquet(f"{folder.url}/{name}")
    for batch in folder.table(name):
        yield batch[FIRST].to_numpy(), batch[SECOND].to_numpy(), batch[SUM].to_numpy()


def _matrix(table: Any, movies: Ids) -> Any:  # noqa: ANN401 - pyarrow and scipy
    """Return a sparse matrix by columns, (n_users, len(movies)), of the users in a table."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    _, users = np.unique(table["user"].to_numpy(), return_inverse=True)
    columns = id_index.find(movies, table["movie"].to_numpy())
    shape = (int(users.max(initial=-1)) + 1, len(movies))
    return csr_matrix((table["weight"].to_numpy().astype(np.float32), (users, columns)), shape=shape).tocsc()
