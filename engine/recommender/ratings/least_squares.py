"""Closed forms of factor models for all users (or movies) at once, without loops over ratings. Training only."""

from __future__ import annotations

import numpy as np

from core.recommendations.records import Floats
from engine.recommender.ratings.rating_table import Sparse

STEPS = 12
"""Steps of the conjugate gradient: with rows of unit length they converge to four digits."""


def features(vectors: Floats) -> Floats:
    """Return float32, (n, 1 + k): (1, factors) of vectors (bias, factors), to multiply with the other side's."""
    met = vectors.copy()
    met[:, 0] = 1
    return met


def moments(met: Floats, rated: Sparse) -> Floats:
    """Return float32, (n, 1 + k, 1 + k): for each row of `rated` the sum of f fᵀ over its features."""
    size = met.shape[1]
    left, right = np.triu_indices(size)
    upper = rated @ (met[:, left] * met[:, right])
    full = np.empty((rated.shape[0], size, size), dtype=np.float32)
    full[:, left, right] = upper
    full[:, right, left] = upper
    return full


def targets(met: Floats, biases: Floats, *, rated: Sparse, ratings: Sparse) -> Floats:
    """Return float32, (n, 1 + k): for each row the sum of f (r - b) over its features and biases."""
    return np.asarray(ratings @ met - rated @ (biases[:, None] * met), dtype=np.float32)


def unit_rows(rated: Sparse) -> Sparse:
    """Return `rated` with each row divided by the root of its count: the |N|^-½ of SVD++."""
    from scipy import sparse  # noqa: PLC0415 - only training needs it

    counts = np.maximum(np.diff(rated.indptr), 1)
    return (sparse.diags_array(counts**-0.5, dtype=np.float32) @ rated).tocsr()


def regress(shares: Sparse, right: Floats, *, penalty: float) -> Floats:
    """Return float32, (m, 1 + k): the solution Y of (SᵀS + penalty) Y = right, by conjugate gradients.

    Hestenes and Stiefel 1952, all columns at once; `shares` is S, (n, m), sparse.
    """
    transposed = shares.T.tocsr()
    solution, residual = np.zeros_like(right), right.copy()
    direction, size = right.copy(), np.square(right).sum(axis=0)
    for _ in range(STEPS):
        image = transposed @ (shares @ direction) + np.float32(penalty) * direction
        step = size / np.maximum((direction * image).sum(axis=0), np.finfo(np.float32).tiny)
        solution += step * direction
        residual -= step * image
        before, size = size, np.square(residual).sum(axis=0)
        direction = residual + size / np.maximum(before, np.finfo(np.float32).tiny) * direction
    return solution
