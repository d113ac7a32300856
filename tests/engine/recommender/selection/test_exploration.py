"""Exploration: the share of drawn positions, their probabilities, and consistent pages."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.recommender.selection import exploration

SCORES = np.linspace(3, -3, 100)
LIST = list(range(0, 100, 2))


def test_without_a_share_the_list_is_unchanged() -> None:
    assert exploration.explore(LIST, SCORES, size=20, share=0.0, seed=1) == (LIST[:20], [])


@given(seed=st.integers(0, 10_000), share=st.floats(0, 1), size=st.integers(1, 40), more=st.integers(0, 10))
def test_a_list_repeats_nothing_and_a_shorter_one_is_a_prefix(seed: int, share: float, size: int, more: int) -> None:
    short, draws = exploration.explore(LIST, SCORES, size=size, share=share, seed=seed)
    long, _ = exploration.explore(LIST, SCORES, size=size + more, share=share, seed=seed)
    assert len(set(short)) == len(short) == size
    assert long[:size] == short
    assert all(short[one.position - 1] == one.item for one in draws)
    assert {one.item for one in draws} <= set(range(exploration.CANDIDATES))


def test_the_share_of_drawn_positions_is_the_setting() -> None:
    draws = [exploration.explore(LIST, SCORES, size=20, share=0.2, seed=seed)[1] for seed in range(500)]
    assert np.mean([len(one) for one in draws]) == pytest.approx(4, abs=0.25)


def test_movies_are_drawn_as_often_as_their_propensity_says() -> None:
    found = [exploration.explore(LIST, SCORES, size=1, share=1.0, seed=seed)[1][0] for seed in range(20_000)]
    counts = Counter(one.item for one in found)
    propensity = {one.item: one.propensity for one in found}
    for item, chance in propensity.items():
        assert counts[item] / 20_000 == pytest.approx(chance, abs=4 * (chance / 20_000) ** 0.5)
    assert sum(exploration.probabilities(SCORES[: exploration.CANDIDATES])) == pytest.approx(1)


def test_better_movies_are_drawn_more_often_and_equal_ones_equally() -> None:
    chances = exploration.probabilities(SCORES)
    assert (np.diff(chances) < 0).all()
    assert exploration.probabilities(np.ones(4)).tolist() == [0.25] * 4


def test_the_rank_is_among_the_movies_not_yet_shown() -> None:
    _, draws = exploration.explore([], SCORES[:3], size=3, share=1.0, seed=5)
    assert [one.pool for one in draws] == [3, 2, 1]
    assert draws[-1].propensity == 1
    assert draws[-1].rank == 0
