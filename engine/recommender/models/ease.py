"""EASE^R: item-item weights in closed form. Steck, "Embarrassingly Shallow Autoencoders", 2019.

With G = XᵀX + λ1 and P = G⁻¹, the weight of movie j for movie i is B_ji = -P_ji / P_ii and B_ii = 0. X contains the
interaction weights (negative ones for disliked movies); a movie's score is the sum over the history's rows.

G is dense, so memory grows with the square of the movies and time with their cube. Hence only the most rated movies
have these weights, as many as `EASEConfig.memory_mb` admits. The others get the weights of their nearest neighbours
(`engine.recommender.models.item_neighbours`). Only the greatest weights are kept: many for a popular movie, few for
a rare one, which loses less than as many for each (`docs/training.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.recommendations.records import Floats, History, Ids
from engine.recommender import id_index
from engine.recommender.models import interaction_matrix, item_neighbours, sparse_rows
from engine.recommender.models.interactions import Interactions
from engine.recommender.models.sparse_rows import SparseRows

NAME = "ease"
BLOCK = 256
"""Rows of G that are computed, or of P that are read, at once."""
BYTES_PER_WEIGHT = 4.0
"""Of G and P, which share their memory: the inverse is computed in place."""
BYTES_PER_BLOCK = 40 * BLOCK
"""Of the blocks, for each movie."""
BYTES_PER_ENTRY = 12
"""Of a kept weight with its row and its column."""
BITS = 16
"""Leading bits of a single-precision number that are compared when the greatest weights are looked for."""


@dataclass(frozen=True, slots=True)
class EASEConfig:
    """The configuration of EASE, tuned on validation data."""

    regularization: float = 280.0
    against: float = 0.1
    """Factor of negative weights: with 1, lists get slightly worse (NDCG@10 -.001); with 0, disliked movies would have
    no effect."""
    memory_mb: int = 2_000
    """Memory of a fit in megabytes; it decides how many of the most rated movies have weights of EASE."""
    kept: int = 512
    """Weights of EASE kept for each movie on average: those of the greatest amount of all."""
    neighbours: int = 32
    """Neighbours of each movie without weights of EASE."""
    shrinkage: float = 30.0
    """Shrinkage of the similarity of these neighbours."""
    neighbour_weight: float = 0.1
    """Factor of this similarity, which makes it comparable with weights of EASE."""
    threads: int = 1
    """Threads of a fit."""


@dataclass(frozen=True)
class Ease:
    """The matrix B.

    Attributes:
        movies: int64, (n,), ascending.
        rows: row j contains the weights of movie j for other movies. May be memory-mapped: a request reads only the
            rows of the user's movies.
    """

    movies: Ids
    rows: SparseRows
    against: float

    @property
    def name(self) -> str:
        """The name of the model in tables and manifests."""
        return NAME

    def scores(self, history: History) -> Floats:
        """Return float32, (n,): the sum of the rows; NaN if no movie of the history is known."""
        own, weights = self._own(history)
        if not len(own):
            return np.full(len(self.movies), np.nan, np.float32)
        return self.rows.weighted_sum(own, weights)

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): the summands of the scores."""
        found, rows = id_index.find(self.movies, history.movies), id_index.find(self.movies, movies)
        own, weights = self._own(history)
        result = np.zeros((len(movies), len(history)), np.float32)
        if len(own):
            result[np.ix_(rows >= 0, found >= 0)] = self.rows.dense(own, rows[rows >= 0]).T * weights
        else:
            result[:] = np.nan
        result[rows < 0] = np.nan
        return result

    def _own(self, history: History) -> tuple[NDArray[np.intp], Floats]:
        found = id_index.find(self.movies, history.movies)
        weights = history.weights[found >= 0]
        return found[found >= 0], np.where(weights > 0, weights, self.against * weights).astype(np.float32)


def nothing(config: EASEConfig | None = None) -> Ease:
    """Return a model that knows no movie."""
    return Ease(np.empty(0, np.int64), sparse_rows.nothing(), (config or EASEConfig()).against)


def capacity(config: EASEConfig) -> int:
    """Return for how many movies a fit of EASE needs at most `config.memory_mb`."""
    # The positive root of BYTES_PER_WEIGHT n² + each n = memory.
    each = BYTES_PER_BLOCK + BYTES_PER_ENTRY * config.kept
    half = each / (2 * BYTES_PER_WEIGHT)
    return int(np.sqrt(half**2 + config.memory_mb * 1e6 / BYTES_PER_WEIGHT) - half)


def fit(interactions: Interactions, config: EASEConfig) -> Ease:
    """Fit B for all movies in `interactions`: by EASE for the most rated ones, by neighbours for the others."""
    movies = np.unique(interactions.movies)
    weights = np.where(interactions.weights > 0, interactions.weights, config.against * interactions.weights)
    known = interaction_matrix.sparse(interactions, movies, weights).tocsc()
    exact = most_rated(np.diff(known.indptr), capacity(config))
    parts = [_exact(known, np.flatnonzero(exact), config), _by_neighbours(known, np.flatnonzero(~exact), config)]
    return assembled(movies, Triples.joined(parts), config)


def assembled(movies: Ids, found: Triples, config: EASEConfig) -> Ease:
    """Return the model of `movies` with all its weights."""
    rows = sparse_rows.of_triples(found.sources, found.targets, found.values, size=len(movies))
    return Ease(movies, rows, config.against)


@dataclass(frozen=True, slots=True)
class Triples:
    """Entries of B.

    Attributes:
        sources, targets: int32, (n,): the weight of movie `sources[k]` for movie `targets[k]`. values: float32, (n,).
    """

    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    values: Floats

    @staticmethod
    def of(sources: NDArray[np.intp], targets: NDArray[np.intp], values: Floats) -> Triples:
        """Return entries; row numbers fit into 32 bits, which saves half of their memory."""
        return Triples(sources.astype(np.int32), targets.astype(np.int32), values)

    @staticmethod
    def joined(parts: Sequence[Triples]) -> Triples:
        """Return the entries of all parts."""
        none = np.empty(0, np.int32)
        return Triples(
            np.concatenate([none, *(part.sources for part in parts)]),
            np.concatenate([none, *(part.targets for part in parts)]),
            np.concatenate([np.empty(0, np.float32), *(part.values for part in parts)]),
        )

    def select(self, rows: NDArray[np.bool_]) -> Triples:
        """Return some of the entries."""
        return Triples(self.sources[rows], self.targets[rows], self.values[rows])


def most_rated(counts: NDArray[np.integer[Any]], size: int) -> NDArray[np.bool_]:
    """Return bool, like `counts`: the `size` movies with most ratings, ties by row."""
    kept = np.zeros(len(counts), np.bool_)
    kept[np.argsort(-counts, kind="stable")[:size]] = True
    return kept


def _exact(known: Any, movies: NDArray[np.intp], config: EASEConfig) -> Triples:  # noqa: ANN401 - scipy has no types
    """Return the weights of EASE between `movies`; `known` is a sparse matrix, (n_users, n_movies), by columns."""
    return solved(_gram(known[:, movies]), movies, config) if len(movies) else Triples.joined([])


def solved(gram: Floats, movies: NDArray[np.intp], config: EASEConfig) -> Triples:
    """Return the greatest weights of EASE.

    Args:
        gram: float32, (len(movies), len(movies)): XᵀX. Its memory is used for the inverse.
        movies: intp, the row of each movie in the model.

    Raises:
        DataError: the matrix is singular in single precision.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - serving processes do not need it

    with threadpool_limits(config.threads, "blas"):
        inverse = _inverse(gram, config.regularization)
    least = _least_kept(inverse, config.kept)
    parts = []
    for targets, block in _blocks(inverse):
        places, sources = np.nonzero(np.abs(block) >= least)
        parts.append(Triples.of(movies[sources], movies[targets[places]], block[places, sources]))
    del gram, inverse  # before the parts are copied
    return Triples.joined(parts)


def _blocks(inverse: Floats) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield some movies and the columns of B for them, as rows: P is symmetric."""
    diagonal = np.diag(inverse).copy()
    for start in range(0, len(inverse), BLOCK):
        block = inverse[start : start + BLOCK] / -diagonal[start : start + BLOCK, None]
        places = np.arange(len(block))
        block[places, start + places] = 0
        yield start + places, block


def _least_kept(inverse: Floats, kept: int) -> np.float32:
    """Return the least amount among the greatest `kept` · n weights, in steps of less than a hundredth; above 0."""
    wanted, counts = kept * len(inverse), np.zeros(2**BITS, np.int64)
    for _, block in _blocks(inverse):
        # Positive numbers are in the order of their bits, of which the first are exponent and leading digits.
        counts += np.bincount(np.abs(block).view(np.uint32).ravel() >> (32 - BITS), minlength=2**BITS)
    from_above = np.cumsum(counts[::-1])[::-1]
    first = max(int(np.argmax(from_above <= wanted)), 1)
    return np.uint32(first << (32 - BITS)).view(np.float32)


def _gram(known: Any) -> Floats:  # noqa: ANN401 - scipy has no types
    """Return float32, (n, n): XᵀX, whose sparse form is never in memory as a whole."""
    by_rows = known.tocsr()
    gram = np.empty((known.shape[1], known.shape[1]), np.float32)
    for start in range(0, len(gram), BLOCK):
        part = slice(start, start + BLOCK)
        (known[:, part].T @ by_rows).toarray(out=gram[part])
    return gram


def _inverse(gram: Floats, regularization: float) -> Floats:
    """Return (G + λ1)⁻¹ in the memory of G, by Cholesky decomposition: G is symmetric and positive definite."""
    from scipy.linalg import lapack  # noqa: PLC0415 - serving processes do not need it

    gram[np.diag_indices_from(gram)] += regularization
    # The transpose of an array in rows is in LAPACK's order, so that it overwrites the array instead of a copy.
    _, fault = lapack.spotrf(gram.T, lower=1, overwrite_a=1)
    if not fault:
        _, fault = lapack.spotri(gram.T, lower=1, overwrite_c=1)
    if fault:
        raise DataError("EASE cannot be fitted: its matrix is singular in single precision; raise ease_regularization")
    for start in range(0, len(gram), BLOCK):  # LAPACK computes one half
        rows, rest = slice(start, start + BLOCK), slice(start + BLOCK, None)
        corner = np.triu(gram[rows, rows])
        gram[rows, rows] = corner + np.triu(corner, 1).T
        gram[rest, rows] = gram[rows, rest].T
    return gram


def _by_neighbours(known: Any, movies: NDArray[np.intp], config: EASEConfig) -> Triples:  # noqa: ANN401 - scipy
    """Return weights between each of `movies` and its nearest neighbours, in both directions."""
    parts = []
    for targets, block in item_neighbours.similar(known, movies, shrinkage=config.shrinkage):
        sources = item_neighbours.greatest(block, config.neighbours)
        values = np.take_along_axis(block, sources, axis=1).ravel()
        parts.append(Triples.of(sources.ravel(), np.repeat(targets, sources.shape[1]), values).select(values > 0))
    found = Triples.joined(parts)
    squares = np.asarray(known.multiply(known).sum(axis=0), np.float32).ravel()
    lengths = np.asarray(np.sqrt(squares), np.float32)
    common = found.values * (lengths[found.sources] * lengths[found.targets] + np.float32(config.shrinkage))
    return neighbour_weights(Triples(found.sources, found.targets, common.astype(np.float32)), squares, config)


def neighbour_weights(found: Triples, squares: Floats, config: EASEConfig) -> Triples:
    """Return weights between movies and their neighbours, in both directions.

    If movie j were the only one that predicts movie i, its weight in EASE would be g_ji / (g_jj + λ).

    Args:
        found: pairs of a neighbour and a movie with g_ji. Its values are changed.
        squares: float32, (n,): g_jj of all movies.
    """
    common = found.values
    common *= np.float32(config.neighbour_weight)
    alone = squares + np.float32(config.regularization)
    return Triples.joined(
        [
            Triples(found.sources, found.targets, common / alone[found.sources]),
            Triples(found.targets, found.sources, common / alone[found.targets]),
        ]
    )
