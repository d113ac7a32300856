"""Sparse item-item weights give what the dense matrix gives."""

from __future__ import annotations

import numpy as np
import pytest

from engine.recommender.models import sparse_rows

SIZE = 30


@pytest.fixture
def dense() -> np.ndarray:
    chance = np.random.default_rng(3)
    return (chance.standard_normal((SIZE, SIZE)) * (chance.random((SIZE, SIZE)) < 0.3)).astype(np.float32)


def test_a_weighted_sum_of_rows_is_that_of_the_dense_matrix(dense: np.ndarray) -> None:
    rows, weights = np.array([3, 0, 29]), np.array([0.5, -1, 2], np.float32)
    found = sparse_rows.of_dense(dense).weighted_sum(rows, weights)
    np.testing.assert_allclose(found, weights @ dense[rows], rtol=1e-5, atol=1e-6)
    assert found.dtype == np.float32


def test_the_sum_of_no_rows_is_zero(dense: np.ndarray) -> None:
    none = np.empty(0, np.intp)
    assert sparse_rows.of_dense(dense).weighted_sum(none, np.empty(0, np.float32)).tolist() == [0] * SIZE


def test_parts_are_those_of_the_dense_matrix_also_in_another_order_and_repeated(dense: np.ndarray) -> None:
    rows, columns = np.array([7, 2]), np.array([28, 4, 28, 0])
    np.testing.assert_array_equal(sparse_rows.of_dense(dense).dense(rows, columns), dense[np.ix_(rows, columns)])


def test_movies_that_leave_the_catalogue_take_their_rows_and_columns_with_them(dense: np.ndarray) -> None:
    kept = np.arange(SIZE) % 3 > 0
    everything = np.arange(kept.sum())
    found = sparse_rows.of_dense(dense).among(kept)
    np.testing.assert_array_equal(found.dense(everything, everything), dense[np.ix_(kept, kept)])


def test_of_two_entries_of_one_place_one_is_kept() -> None:
    rows, columns = np.array([1, 0, 1]), np.array([2, 1, 2])
    found = sparse_rows.of_triples(rows, columns, np.array([0.5, 2.0, 0.7], np.float32), size=3)
    assert found.starts.tolist() == [0, 1, 2, 2]
    assert found.values.tolist() == [2.0, 0.5]


def test_a_model_without_movies_has_no_entries() -> None:
    assert len(sparse_rows.nothing()) == len(sparse_rows.nothing().values) == 0
