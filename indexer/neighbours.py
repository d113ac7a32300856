"""The nearest movies of each movie, computed when the index is built. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ports import Vectors

COUNT = 10
"""Neighbours per movie: enough to check whether its surroundings match a query too."""
BLOCK = 4_000_000
"""Cosines computed at once, 16 MB: the whole matrix of 200,000 movies would take 160 GB."""


def nearest(vectors: Vectors, ids: NDArray[np.int64], *, count: int = COUNT) -> NDArray[np.int64]:
    """Return the ids of the nearest movies of each movie, nearest first, ties by id, without the movie itself.

    Exact: the time grows quadratically with the catalogue, the memory does not.

    Args:
        vectors: float32, (n, dimension), unit rows.
        ids: int64, (n,).

    Returns:
        int64, (n, min(count, n - 1)).
    """
    kept = max(0, min(count, len(ids) - 1))
    found = np.zeros((len(ids), kept), np.int64)
    step = max(1, BLOCK // max(len(ids), 1))
    for start in range(0, len(ids) if kept else 0, step):
        rows = np.arange(start, min(start + step, len(ids)))
        cosine = vectors[rows] @ vectors.T
        cosine[np.arange(len(rows)), rows] = -np.inf
        near = np.argpartition(-cosine, kept - 1, axis=1)[:, :kept]
        order = np.lexsort((ids[near], -np.take_along_axis(cosine, near, axis=1)), axis=1)
        found[rows] = ids[np.take_along_axis(near, order, axis=1)]
    return found
