"""The nearest movies, compared with a straightforward computation."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.vectors import neighbours


def _unit(count: int, *, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("block", [1, 50, 4_000_000])
def test_neighbours_are_the_nearest_movies_in_order(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(neighbours, "BLOCK", block)
    vectors, ids = _unit(40), np.random.default_rng(1).permutation(40).astype(np.int64) + 100
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    expected = ids[np.argsort(-cosine, axis=1)[:, :5]]
    assert neighbours.nearest(vectors, ids, count=5).tolist() == expected.tolist()


def test_equally_close_movies_are_ordered_by_id() -> None:
    vectors = np.tile(_unit(1), (4, 1))
    assert neighbours.nearest(vectors, np.array([9, 3, 7, 5]), count=3).tolist()[0] == [3, 5, 7]


@pytest.mark.parametrize(("movies", "width"), [(0, 0), (1, 0), (2, 1), (5, 4)])
def test_a_small_catalogue_has_fewer_neighbours(movies: int, width: int) -> None:
    assert neighbours.nearest(_unit(movies), np.arange(movies)).shape == (movies, width)
