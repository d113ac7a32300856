"""The vector spaces of an index: the first, and a second one if there is a multilingual encoder."""

from __future__ import annotations

import numpy as np

from core.ports import Entry, IndexInfo, Space, Vectors

SPREAD_FROM, LEAST_SPREAD = 1_000, 1e-4
"""Sample size for the spread of a space, and its minimum: a single movie has no spread."""


def describe(encoder: str, vectors: Vectors, *, first: Vectors) -> Space:
    """Return the metadata of an index's second space.

    Args:
        vectors: float32, (n_movies, dimension), unit rows.
        first: the vectors of the first space, in the same format and order.
    """
    spread, usual = _spread(vectors), _spread(first)
    share = spread / usual if min(spread, usual) >= LEAST_SPREAD else 1.0
    return Space(encoder, vectors.shape[1], centroid(vectors), share)


def _spread(vectors: Vectors) -> float:
    """Return the standard deviation of the cosines between movies."""
    some = vectors[:: max(1, len(vectors) // SPREAD_FROM)]
    cosines = (some @ some.T)[~np.eye(len(some), dtype=np.bool_)]
    return float(np.std(cosines, dtype=np.float64)) if cosines.size else 0.0


def centroid(vectors: Vectors) -> tuple[float, ...]:
    """Return the mean of all movie vectors."""
    return tuple(vectors.mean(axis=0, dtype=np.float64).tolist())


def fault(entry: Entry, info: IndexInfo) -> str:
    """Return what is wrong with the vectors of a movie to be indexed, or an empty string."""
    if entry.vector.shape != (info.dimension,):
        return f"its vector has the shape {entry.vector.shape}, expected ({info.dimension},)"
    if info.multilingual is None:
        return "" if entry.multilingual is None else "it has a multilingual vector, but the index has no second space"
    expected, shape = (info.multilingual.dimension,), getattr(entry.multilingual, "shape", None)
    if shape != expected:
        return f"its multilingual vector has the shape {shape}, expected {expected}"
    return ""


def check(info: IndexInfo, *, multilingual: bool) -> None:
    """Reject the use of a second space that an index does not have. Raises `ValueError`."""
    if multilingual and info.multilingual is None:
        raise ValueError(f"the index {info.version} has no multilingual vectors")
