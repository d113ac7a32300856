"""Factors of the world's movies, and a straightforward reference implementation of their ranking."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import numpy as np

from core.ports import FactorMatches, Factors, MovieIndex, Vectors
from core.types import Filters
from tests.contracts import world

KNOWN = 120
"""Movies with factors; the others, and `STRANGERS`, are known to only one side."""
STRANGERS = (990_001, 990_002, 2_000_000_000)
TOLERANCE = 2e-5
"""Elasticsearch keeps 1 + product in float32."""


@cache
def factors(model: str, dimension: int = 12, seed: int = 1) -> Factors:
    """Return factors with products of both signs, rows of all lengths, ties and a row of zeros, not ordered by id."""
    rng = np.random.default_rng(seed)
    own = [movie.id for movie in world.movies()]
    movies = np.array([*rng.permutation(own)[:KNOWN], *STRANGERS], dtype=np.int64)
    vectors = rng.normal(size=(len(movies), dimension)) * rng.uniform(0.1, 3, size=(len(movies), 1))
    vectors[5:25] = vectors[4]
    vectors[30] = 0
    return Factors(model, movies, vectors.astype(np.float32))


def user(dimension: int = 12, seed: int = 7) -> Vectors:
    """Return a user's vector: float32, (dimension,)."""
    return np.random.default_rng(seed).normal(size=dimension).astype(np.float32)


def expected(
    stamped: Factors, vector: Vectors, *, filters: Filters | None = None, without: Collection[int] = ()
) -> dict[int, float]:
    """Return the inner product of each eligible movie, computed individually."""
    movies = {int(movie.id): movie for movie in world.movies()}
    return {
        movie: float(row.astype(np.float64) @ vector.astype(np.float64))
        for movie, row in zip(stamped.movies.tolist(), stamped.vectors, strict=True)
        if movie in movies and movie not in without and (filters is None or world.meets(movies[movie], filters))
    }


def assert_exact(found: FactorMatches, products: dict[int, float], *, depth: int) -> None:
    """Assert that the result is the `depth` best of `products` with their products, best first and ties by id."""
    assert len(found.movies) == len(found.scores) == min(depth, len(products))
    assert found.movies.dtype == np.int64
    assert found.scores.dtype == np.float32
    own = [products[movie] for movie in found.movies.tolist()]
    np.testing.assert_allclose(found.scores, own, rtol=1e-5, atol=TOLERANCE)
    left = [product for movie, product in products.items() if movie not in set(found.movies.tolist())]
    assert not left or not own or max(left) <= min(own) + TOLERANCE
    pairs = list(zip((-found.scores).tolist(), found.movies.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert len(set(found.movies.tolist())) == len(found.movies)


def ask(index: MovieIndex, model: str, vector: Vectors | None = None, *, depth: int = 20) -> FactorMatches:
    """Return the result for a user without filters."""
    wanted = user() if vector is None else vector
    return index.search_by_factors(wanted, model=model, filters=Filters(), without=(), depth=depth)
