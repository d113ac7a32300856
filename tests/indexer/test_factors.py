"""Validation of item factors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.errors import BuildRejected
from core.ports import Factors
from indexer import factors

GOOD = Factors("m1", np.array([5, 3], dtype=np.int64), np.array([[1, -2, 0], [0, 0, 0]], dtype=np.float32))


def test_factors_of_any_length_and_empty_factors_are_valid() -> None:
    factors.check(GOOD)
    factors.check(replace(GOOD, movies=GOOD.movies[:0], vectors=GOOD.vectors[:0]))


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"model": ""}, "the model '' were not published: the model has no version"),
        ({"vectors": GOOD.vectors[:1]}, r"for each of 2 movies, got \(1, 3\)"),
        ({"vectors": GOOD.vectors[:, :0]}, r"got \(2, 0\)"),
        ({"vectors": GOOD.vectors[0]}, r"got \(3,\)"),
        ({"movies": np.array([3, 3])}, "movie 3 occurs twice"),
        ({"vectors": np.array([[1], [np.inf]], np.float32)}, "those of movie 3 are not finite"),
    ],
)
def test_invalid_factors_are_reported(wrong: dict[str, object], complaint: str) -> None:
    with pytest.raises(BuildRejected, match=complaint):
        factors.check(replace(GOOD, **wrong))  # type: ignore[arg-type]


def test_a_users_vector_is_accepted_in_any_precision() -> None:
    assert factors.check_user(np.ones(3), 3).dtype == np.float32  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"expected the shape \(4,\)"):
        factors.check_user(GOOD.vectors[0], 4)
    with pytest.raises(ValueError, match="finite"):
        factors.check_user(np.array([np.inf], np.float32), 1)


@given(
    scores=arrays.arrays(np.float32, st.integers(0, 30), elements=st.sampled_from([-1.5, 0.0, 2.0, 3.25])),
    depth=st.integers(-2, 40),
)
def test_movies_are_ranked_by_score_and_ties_by_id(scores: np.ndarray, depth: int) -> None:
    movies = np.random.default_rng(3).permutation(np.arange(100, 100 + len(scores)))
    found = factors.rank(movies, scores, depth=depth)
    pairs = sorted(zip((-scores).tolist(), movies.tolist(), strict=True))[: max(depth, 0)]
    assert list(zip((-found.scores).tolist(), found.movies.tolist(), strict=True)) == pairs
