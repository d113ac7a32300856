"""Splits lose and leak nothing; rankings exclude known movies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.recommender.models import ease
from engine.recommender.models.interactions import Interactions
from engine.training.evaluation import ranking, splits
from tests.engine.recommender import scorer_kit as kit


def pairs(interactions: Interactions) -> set[tuple[int, int]]:
    return set(zip(interactions.users.tolist(), interactions.movies.tolist(), strict=True))


@given(st.integers(0, 1_000))
def test_a_split_divides_every_users_movies_and_loses_none(seed: int) -> None:
    known = kit.checkerboard()
    split = splits.by_user(known, seed=seed)
    assert pairs(split.train) | pairs(split.test) == pairs(known)
    assert not pairs(split.train) & pairs(split.test)
    counts = np.bincount(split.test.users, minlength=kit.USERS)
    assert set(counts.tolist()) == {4}, "a fifth of 19 films"


def test_equal_seeds_give_equal_splits_and_others_do_not() -> None:
    known = kit.checkerboard()
    first, again, other = (splits.by_user(known, seed=seed) for seed in (1, 1, 2))
    assert pairs(first.test) == pairs(again.test) != pairs(other.test)


def test_known_movies_are_never_shown_and_ties_are_broken_by_row() -> None:
    scores = np.array([1, 5, 5, np.nan, 2], np.float32)
    assert ranking.best(scores, np.array([1]), depth=4).tolist() == [2, 4, 0, 3]


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_best_movies_match_a_full_sort(seed: int, depth: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 9, 60).astype(np.float32)
    assert ranking.best(scores, np.empty(0, np.intp), depth=depth).tolist() == (
        np.argsort(-scores, kind="stable")[:depth].tolist()
    )


def test_a_perfect_model_finds_every_movie() -> None:
    split = splits.by_user(kit.checkerboard(missing=False), seed=3)
    asked = ranking.cases(split, kit.IDS)
    model = ease.fit(split.train, ease.EASEConfig(regularization=5, against=1))
    assert ranking.rank(model.scores, asked).ndcg().tolist() == pytest.approx([1] * kit.USERS)


def test_a_shortened_history_is_a_subset_and_the_rest_stays_hidden() -> None:
    case = ranking.cases(splits.by_user(kit.checkerboard(), seed=1), kit.IDS)[0]
    short = ranking.shortened(case, 3, seed=5)
    assert len(short.history) == 3
    assert set(short.history.movies.tolist()) < set(case.history.movies.tolist())
    np.testing.assert_array_equal(short.known, case.known)
    assert ranking.shortened(case, 100, seed=5) is case
