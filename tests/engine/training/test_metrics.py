"""Metrics against an independent library, by hand, and at their limits."""

from __future__ import annotations

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import P, R, nDCG

from engine.training.evaluation import metrics

DEPTH = 20


@given(st.integers(0, 2**32 - 1))
def test_ndcg_recall_and_precision_agree_with_ir_measures(seed: int) -> None:
    draw = np.random.default_rng(seed)
    movies, users = 60, 5
    lists = np.stack([draw.permutation(movies)[:DEPTH] for _ in range(users)])
    liked = [draw.permutation(movies)[: draw.integers(1, 30)] for _ in range(users)]
    hits = np.stack([np.isin(shown, own) for shown, own in zip(lists, liked, strict=True)])
    relevant = np.array([len(own) for own in liked])
    judged = [ir_measures.Qrel(str(v), str(f), 1) for v, own in enumerate(liked) for f in own]
    run = [
        ir_measures.ScoredDoc(str(v), str(f), float(DEPTH - place))
        for v, shown in enumerate(lists)
        for place, f in enumerate(shown)
    ]
    theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 20, P @ 10], judged, run)
    assert metrics.ndcg(hits[:, :10], relevant).mean() == pytest.approx(theirs[nDCG @ 10])
    assert metrics.recall(hits, relevant).mean() == pytest.approx(theirs[R @ 20])
    assert metrics.precision(hits[:, :10]).mean() == pytest.approx(theirs[P @ 10])


def test_the_perfect_list_has_an_ndcg_of_one_and_a_list_of_misses_none() -> None:
    hits = np.array([[True, True, False], [False, False, False]])
    assert metrics.ndcg(hits, np.array([2, 2])).tolist() == [1, 0]


def test_coverage_is_the_share_of_movies_in_any_list() -> None:
    assert metrics.coverage(np.arange(12).reshape(4, 3), 12) == 1
    assert metrics.coverage(np.tile(np.arange(3), (4, 1)), 12) == 0.25


def test_errors_of_ratings() -> None:
    assert metrics.rmse(np.array([3.0, 5.0]), np.array([4.0, 2.0])) == pytest.approx(5**0.5)
    assert metrics.mae(np.array([3.0, 5.0]), np.array([4.0, 2.0])) == 2


def test_an_interval_contains_the_mean_and_is_deterministic() -> None:
    values = np.random.default_rng(1).random(200)
    low, high = metrics.interval(values)
    assert low < values.mean() < high
    assert (low, high) == metrics.interval(values)
    assert metrics.interval([0.5] * 9) == (0.5, 0.5)
