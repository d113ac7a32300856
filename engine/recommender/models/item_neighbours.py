"""Item-to-item neighbours: cosine with shrinkage between movies' users, and lists blended with content.

    s_ij = Σ_u w_ui w_uj / (|w_i| |w_j| + shrinkage)        (Bell and Koren, 2007, for the shrinkage)

The shrinkage moves the cosine of movies with few users towards 0. All pairs are never in memory at once: similarities
are computed for a block of movies, and of these only the nearest are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, Ids
from engine.recommender.models import interaction_matrix
from engine.recommender.models.interactions import Interactions

LENGTH = 20
"""Length of a precomputed list."""
BLOCK = 256
"""Movies whose similarities to all others are in memory at once."""


def similarity(interactions: Interactions, movies: Ids, *, shrinkage: float) -> Floats:
    """Return float32, (n, n): the shrunk cosine of all pairs of movies, 0 on the diagonal. For few movies only."""
    known = interaction_matrix.sparse(interactions, movies, interactions.weights).tocsc()
    parts = [block for _, block in similar(known, np.arange(len(movies)), shrinkage=shrinkage)]
    return np.concatenate(parts) if parts else np.empty((0, 0), np.float32)


def similar(
    known: Any,  # noqa: ANN401 - scipy has no types
    movies: NDArray[np.intp],
    *,
    shrinkage: float,
) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield some of `movies` and their similarity to all movies, float32, (≤ BLOCK, n), 0 to themselves.

    Args:
        known: sparse matrix by columns (CSC), (n_users, n).
        movies: intp, columns of `known`.
    """
    by_rows = known.tocsr()
    lengths = np.sqrt(np.asarray(known.multiply(known).sum(axis=0), np.float32).ravel())
    for start in range(0, len(movies), BLOCK):
        rows = movies[start : start + BLOCK]
        block = (known[:, rows].T @ by_rows).toarray()
        block /= np.outer(lengths[rows], lengths) + np.float32(shrinkage)
        block[np.arange(len(rows)), rows] = 0
        yield rows, np.asarray(block, np.float32)


def lists(
    interactions: Interactions,
    learned: NDArray[np.bool_],
    alike: Floats,
    *,
    movies: Ids,
    share: float,
    shrinkage: float,
) -> tuple[NDArray[np.intp], Floats]:
    """Return the nearest movies of each movie, best first, ties by row.

    Args:
        interactions: whose users make movies similar; those with the `learned` movies count.
        alike: float32, (n, dim): unit rows, the description vectors.
        movies: int64, (n,), ascending.
        share: of the similarity by users; the rest is content. Both are scaled by their maximum in the row, so that
            shares compare.

    Returns:
        intp, (n, LENGTH): rows of movies; float32, (n, LENGTH): scores, at most 1.
    """
    length = min(LENGTH, max(len(alike) - 1, 0))
    found = np.zeros((len(alike), length), np.intp)
    scores = np.zeros((len(alike), length), np.float32)
    for rows in _blocks(np.flatnonzero(~learned)):
        found[rows], scores[rows] = _nearest(_scaled(_content(alike, rows)), rows, length)
    places = np.flatnonzero(learned)
    known = interaction_matrix.sparse(interactions, movies[learned], interactions.weights).tocsc()
    for columns, together in similar(known, np.arange(len(places)), shrinkage=shrinkage):
        rows = places[columns]
        score = (1 - share) * _scaled(_content(alike, rows))
        score[:, places] += share * _scaled(together)
        found[rows], scores[rows] = _nearest(score, rows, length)
    return found, scores


def greatest(rows: Floats, count: int) -> NDArray[np.intp]:
    """Return intp, (len(rows), ≤ count): places of the greatest values of each row, in any order."""
    if count >= rows.shape[1]:
        return np.broadcast_to(np.arange(rows.shape[1]), rows.shape)
    return np.argpartition(rows, -count, axis=1)[:, -count:]


def _content(alike: Floats, rows: NDArray[np.intp]) -> Floats:
    """Return float32, (len(rows), n): the cosines of some movies' descriptions with all, 0 with themselves."""
    cosines = alike[rows] @ alike.T
    cosines[np.arange(len(rows)), rows] = 0
    return np.asarray(cosines, np.float32)


def _scaled(block: Floats) -> Floats:
    """Divide each row by its maximum, in place."""
    block /= np.maximum(block.max(axis=1, initial=0, keepdims=True), np.float32(1e-6))
    return block


def _nearest(score: Floats, rows: NDArray[np.intp], length: int) -> tuple[NDArray[np.intp], Floats]:
    """Return the best `length` movies of each row and their scores, best first, ties by place, without itself."""
    score[np.arange(len(rows)), rows] = -np.inf
    likely = greatest(score, length)
    values = np.take_along_axis(score, likely, axis=1)
    order = np.lexsort((likely, -values), axis=1)[:, :length]
    return np.take_along_axis(likely, order, axis=1), np.take_along_axis(values, order, axis=1)


def _blocks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]
