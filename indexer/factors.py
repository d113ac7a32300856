"""Item factors on their way into an index, and the order of the movies they favour: what both engines share. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import BuildRejected
from core.ports import FactorMatches, Factors, Vectors

MAX_DIMENSION = 4_096
"""The longest vector that Elasticsearch holds; the embedded engine keeps to it, so that a model suits both."""


def check(factors: Factors) -> None:
    """Refuse factors that no engine could hold or order by.

    Raises:
        BuildRejected: says what is wrong with them; what was stamped before still serves.
    """
    if fault := _fault(factors):
        raise BuildRejected(f"the factors of the model {factors.model!r} were not stamped: {fault}")


def check_user(vector: Vectors, dimension: int) -> Vectors:
    """A user's vector as float32, (dimension,).

    Raises:
        ValueError: it has another shape than the movies' or is not finite.
    """
    user = np.asarray(vector, dtype=np.float32)
    if user.shape != (dimension,):
        raise ValueError(f"vector: expected the shape ({dimension},) of the model's factors, got {user.shape}")
    if not np.isfinite(user).all():
        raise ValueError("vector: expected finite numbers only")
    return user


def rank(movies: NDArray[np.int64], scores: NDArray[np.float32], *, depth: int) -> FactorMatches:
    """The `depth` best of some movies, ties by id."""
    order = np.lexsort((movies, -scores))[: max(depth, 0)]
    return FactorMatches(movies[order], scores[order])


def _fault(factors: Factors) -> str:
    movies, vectors = factors.movies, factors.vectors
    if not factors.model:
        return "the model has no version to stamp them with"
    if vectors.ndim != 2 or len(vectors) != len(movies) or not 1 <= vectors.shape[1] <= MAX_DIMENSION:  # noqa: PLR2004
        return f"expected a row of 1 to {MAX_DIMENSION} numbers for each of {len(movies)} films, got {vectors.shape}"
    found, counts = np.unique(movies, return_counts=True)
    if (counts > 1).any():
        return f"film {found[counts > 1][0]} is in them twice"
    # A product of two float32 must not overflow: an infinite score would order nothing.
    odd = ~(np.abs(vectors) < np.sqrt(np.finfo(np.float32).max) / MAX_DIMENSION).all(axis=1)
    return f"those of film {movies[odd][0]} are not finite numbers of a sensible size" if odd.any() else ""
