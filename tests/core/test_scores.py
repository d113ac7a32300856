"""Scores computed from a movie's own figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations import scores


def test_a_movie_without_votes_gets_the_mean() -> None:
    assert scores.bayesian_mean([np.nan, 0.0], [0, 0]) == pytest.approx([scores.PRIOR_MEAN] * 2)


def test_many_votes_outweigh_the_prior_and_few_do_not() -> None:
    many, few = scores.bayesian_mean([9.0, 9.0], [30_000, 3])
    assert many == pytest.approx(9.0, abs=0.05)
    assert few == pytest.approx(scores.PRIOR_MEAN, abs=0.05)


def test_an_unknown_mean_with_votes_counts_as_no_votes() -> None:
    assert scores.bayesian_mean([np.nan], [500]) == pytest.approx([scores.PRIOR_MEAN])


@given(st.floats(0, 10), st.integers(0, 10**6))
def test_the_mean_lies_between_the_votes_and_the_prior(average: float, votes: int) -> None:
    found = float(scores.bayesian_mean(average, votes))
    low, high = sorted((average, scores.PRIOR_MEAN))
    assert low - 1e-9 <= found <= high + 1e-9
