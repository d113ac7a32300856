"""Diversity of lists."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.recommender.selection import diversity
from engine.recommender.selection.diversity import Pool

NOBODY: frozenset[str] = frozenset()


def pool(
    relevance: list[float],
    *,
    groups: list[frozenset[str]] | None = None,
    cold: list[bool] | None = None,
    vectors: np.ndarray | None = None,
) -> Pool:
    """Return a pool of dissimilar movies, unless `vectors` are given."""
    count = len(relevance)
    return Pool(
        relevance=np.array(relevance),
        vectors=np.eye(count, dtype=np.float32) if vectors is None else vectors.astype(np.float32),
        groups=groups or [NOBODY] * count,
        cold=np.array(cold or [False] * count),
    )


def test_dissimilar_movies_stay_in_the_order_of_relevance() -> None:
    assert diversity.choose(pool([1, 5, 3, 4, 2]), size=5) == [1, 3, 2, 4, 0]


def test_a_similar_movie_gives_way_to_a_nearly_as_good_different_one() -> None:
    same = np.array([[1, 0], [1, 0], [0, 1]])
    assert diversity.choose(
        pool(
            [
                1.0,
                0.99,
                0.9,
            ][:3],
            vectors=same,
        ),
        size=2,
        share=0.5,
    ) == [0, 2]
    assert diversity.choose(pool([1.0, 0.99, 0.9], vectors=same), size=2, share=1.0) == [0, 1]


def test_any_ten_movies_contain_at_most_two_of_a_director() -> None:
    groups = [frozenset({"director A"})] * 8 + [NOBODY] * 20
    chosen = diversity.choose(pool(list(range(28, 0, -1)), groups=groups), size=20)
    places = [place for place, movie in enumerate(chosen) if movie < 8]
    for start in range(11):
        assert sum(start <= place < start + 10 for place in places) <= 2
    assert len(chosen) == 20


def test_the_bound_on_directors_is_relaxed_if_nothing_else_is_left() -> None:
    groups = [frozenset({"director A"})] * 5
    assert len(diversity.choose(pool([5, 4, 3, 2, 1], groups=groups), size=5)) == 5


def test_every_tenth_place_is_reserved_for_a_movie_without_ratings() -> None:
    cold = [False] * 30 + [True] * 5
    chosen = diversity.choose(pool(list(range(35, 0, -1)), cold=cold), size=30, cold_share=0.1)
    assert [place for place, movie in enumerate(chosen, 1) if movie >= 30] == [10, 20, 30]


def test_without_a_share_no_movie_without_ratings_is_shown_however_relevant() -> None:
    assert diversity.choose(pool([9, 1, 2], cold=[True, False, False]), size=3) == [2, 1]


def test_a_reserved_place_goes_to_a_rated_movie_if_no_other_is_left() -> None:
    assert diversity.choose(pool([3, 2, 1]), size=3, cold_share=0.5) == [0, 1, 2]


def test_nothing_to_choose_from_gives_an_empty_list() -> None:
    assert diversity.choose(pool([]), size=10) == []


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    count = draw(st.integers(1, 40))
    seed = draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = [frozenset({f"g{random.integers(0, 6)}"}) for _ in range(count)]
    return Pool(random.normal(size=count), vectors.astype(np.float32), groups, random.random(count) < 0.3)


@given(pools(), st.integers(1, 30), st.integers(1, 30), st.sampled_from([0.0, 0.1, 0.25]))
def test_a_longer_list_begins_with_the_shorter_one(one: Pool, short: int, more: int, share: float) -> None:
    first = diversity.choose(one, size=short, cold_share=share)
    longer = diversity.choose(one, size=short + more, cold_share=share)
    assert longer[: len(first)] == first


@given(pools(), st.integers(1, 60))
def test_each_movie_is_chosen_once_and_none_is_left_out_without_need(one: Pool, size: int) -> None:
    chosen = diversity.choose(one, size=size)
    assert max(Counter(chosen).values(), default=1) == 1
    assert len(chosen) == min(size, int((~one.cold).sum()))
