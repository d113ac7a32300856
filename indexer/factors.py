"""Validation of item factors and ranking by them, shared by both engines. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import BuildRejected
from core.ports import FactorMatches, Factors, Vectors

MAX_DIMENSION = 4_096
"""Maximum dimension of Elasticsearch's vectors; the embedded engine has the same limit, so that a model fits both."""


def check(factors: Factors) -> None:
    """Reject factors that an engine cannot store or rank by.

    Raises:
        BuildRejected: says what is wrong; the previous factors continue to serve.
    """
    if fault := _fault(factors):
        raise BuildRejected(f"the factors of the model {factors.model!r} were not published: {fault}")


def check_user(vector: Vectors, dimension: int) -> Vectors:
    """Return a user's vector as float32, (dimension,).

    Raises:
        ValueError: its shape differs from the movies' or it is not finite.
    """
    user = np.asarray(vector, dtype=np.float32)
    if user.shape != (dimension,):
        raise ValueError(f"vector: expected the shape ({dimension},) of the model's factors, got {user.shape}")
    if not np.isfinite(user).all():
        raise ValueError("vector: expected finite numbers")
    return user


def rank(movies: NDArray[np.int64], scores: NDArray[np.float32], *, depth: int) -> FactorMatches:
    """Return the `depth` best of some movies, ties by id."""
    order = np.lexsort((movies, -scores))[: max(depth, 0)]
    return FactorMatches(movies[order], scores[order])


def _fault(factors: Factors) -> str:
    movies, vectors = factors.movies, factors.vectors
    if not factors.model:
        return "the model has no version"
    if vectors.ndim != 2 or len(vectors) != len(movies) or not 1 <= vectors.shape[1] <= MAX_DIMENSION:  # noqa: PLR2004
        return f"expected a row of 1 to {MAX_DIMENSION} numbers for each of {len(movies)} movies, got {vectors.shape}"
    found, counts = np.unique(movies, return_counts=True)
    if (counts > 1).any():
        return f"movie {found[counts > 1][0]} occurs twice"
    # The product of two float32 must not overflow: infinite scores cannot be ranked.
    odd = ~(np.abs(vectors) < np.sqrt(np.finfo(np.float32).max) / MAX_DIMENSION).all(axis=1)
    return f"those of movie {movies[odd][0]} are not finite or too large" if odd.any() else ""
