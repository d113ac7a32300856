"""The nearest movies of each movie, computed when the index is built. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors
from indexer.vectors import graph
from indexer.vectors.graph import Graph

COUNT = 10
"""Neighbours per movie: enough to check whether its surroundings match a query too."""
BLOCK = 4_000_000
"""Cosines computed at once, 16 MB: the whole matrix of 200,000 movies would take 160 GB."""
LINKS, BUILD = 16, 64
"""Links of the graph of a large catalogue, and the effort to build it: less than that of searches, for ten movies."""
SEARCH = (100, 32)
"""Candidates that a search examines in a graph of one part, and in each of several. With 200,000 movies in five parts,
32 found .997 of the neighbours, 100 found .999 and took three times as long."""
EXAMINED = 5
"""Movies compared exactly for each neighbour that a graph finds."""
GRAPH_BLOCK = 2_000
"""Movies whose neighbours are found in a graph at once: their vectors take 150 MB."""

Rows = NDArray[np.int64]


def nearest(
    vectors: Vectors, ids: NDArray[np.int64], *, count: int = COUNT, exact_up_to: int = graph.EXACT_UP_TO
) -> NDArray[np.int64]:
    """Return the ids of the nearest movies of each movie, nearest first, ties by id, without the movie itself.

    The time of an exact comparison grows quadratically with the catalogue, so a graph finds those of large ones.

    Args:
        vectors: float32, (n, dimension), unit rows.
        ids: int64, (n,).
        count: neighbours per movie.
        exact_up_to: movies up to which all are compared.

    Returns:
        int64, (n, min(count, n - 1)).
    """
    kept = max(0, min(count, len(ids) - 1))
    if not kept:
        return np.zeros((len(ids), 0), np.int64)
    exactly = len(ids) <= max(exact_up_to, EXAMINED * count)
    found = _exact(vectors, ids, kept) if exactly else _approximate(vectors, ids, kept)
    return ids[found]


def _exact(vectors: Vectors, ids: NDArray[np.int64], kept: int) -> Rows:
    found = np.zeros((len(ids), kept), np.int64)
    step = max(1, BLOCK // len(ids))
    for start in range(0, len(ids), step):
        rows = np.arange(start, min(start + step, len(ids)))
        found[rows] = _nearest_of(rows, vectors, ids, kept)
    return found


def _nearest_of(rows: Rows, vectors: Vectors, ids: NDArray[np.int64], kept: int) -> Rows:
    cosine = vectors[rows] @ vectors.T
    cosine[np.arange(len(rows)), rows] = -np.inf
    near = np.argpartition(-cosine, kept - 1, axis=1)[:, :kept]
    return _first(near, np.take_along_axis(cosine, near, axis=1), ids, kept)


def _approximate(vectors: Vectors, ids: NDArray[np.int64], kept: int) -> Rows:
    built = Graph.build(vectors, links=LINKS, effort=BUILD, search=SEARCH)
    found = np.zeros((len(ids), kept), np.int64)
    for start in range(0, len(ids), GRAPH_BLOCK):
        rows = np.arange(start, min(start + GRAPH_BLOCK, len(ids)))
        near = built.nearest_of_each(vectors[rows], EXAMINED * kept)
        cosine = np.matmul(vectors[near], vectors[rows][:, :, None])[:, :, 0]
        cosine[(near < 0) | (near == rows[:, None])] = -np.inf
        found[rows] = _first(near, cosine, ids, kept)
        few = np.count_nonzero(cosine > -np.inf, axis=1) < kept
        if few.any():  # a movie that the graph leads to from nowhere
            found[rows[few]] = _nearest_of(rows[few], vectors, ids, kept)
    return found


def _first(near: Rows, cosine: NDArray[np.float32], ids: NDArray[np.int64], kept: int) -> Rows:
    """Return the `kept` nearest of `near`, both (n, k), nearest first, ties by id."""
    order = np.lexsort((ids[near], -cosine), axis=1)[:, :kept]
    return np.take_along_axis(near, order, axis=1)
