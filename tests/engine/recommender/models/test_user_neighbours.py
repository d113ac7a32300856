"""User-based collaborative filtering: the neighbours, and what they gave."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.records import History, RankingModel
from engine.recommender.models import user_neighbours
from engine.recommender.models.interactions import weigh
from engine.recommender.models.user_neighbours import UserNeighbours, UserNeighboursConfig
from engine.training import demo_users
from tests.engine.recommender import scorer_kit as kit

Table = dict[int, dict[int, float]]
"""Stars by user and movie."""
STARS = st.sampled_from([half / 2 for half in range(1, 11)])
TABLES: st.SearchStrategy[Table] = st.dictionaries(
    st.integers(1, 40),
    st.dictionaries(st.integers(1, 12), STARS, min_size=1, max_size=8),
    min_size=1,
    max_size=25,
)


def model(table: Table) -> UserNeighbours:
    """Return the model of a table of stars, as a version of the model brings it."""
    numbers = np.array(sorted(table), np.int64)
    ends = np.cumsum([0, *(len(table[number]) for number in numbers.tolist())]).astype(np.int64)
    movies = np.array([movie for number in numbers.tolist() for movie in sorted(table[number])], np.int64)
    stars = np.array(
        [table[number][movie] for number in numbers.tolist() for movie in sorted(table[number])], np.float32
    )
    return demo_users.DemoUsers(numbers, ends, movies, stars).neighbours()


def nearest(table: Table, asked: History) -> dict[int, float]:
    """Return the similarity of each user by the formula, in plain Python."""
    known = {movie for own in table.values() for movie in own}
    own = {int(m): float(w) for m, w in zip(asked.movies, asked.weights, strict=True) if int(m) in known}
    found = {}
    for user, rated in sorted(table.items()):
        weights = {movie: float(weigh(np.array([stars], np.float32))[0]) for movie, stars in rated.items()}
        product = sum(own[movie] * weight for movie, weight in weights.items() if movie in own)
        lengths = sum(w * w for w in own.values()) ** 0.5 * sum(w * w for w in weights.values()) ** 0.5
        found[user] = product / max(lengths, 1e-9)
    kept = sorted(found, key=lambda user: -found[user])[: user_neighbours.DEFAULT.kept]
    return {user: found[user] for user in kept if found[user] > 0}


@pytest.mark.parametrize("promise", kit.PROMISES, ids=lambda promise: promise.__name__)
def test_user_neighbours_keep_each_promise_of_a_scorer(promise: Callable[[RankingModel], None]) -> None:
    promise(user_neighbours.fit(kit.checkerboard()))


@given(table=TABLES, asked=st.dictionaries(st.integers(1, 12), STARS, min_size=1))
def test_the_opinion_is_the_number_and_the_mean_of_the_stars_of_the_nearest_users(
    table: Table, asked: dict[int, float]
) -> None:
    history = kit.history(asked)
    near = nearest(table, history)
    movies = np.arange(1, 14, dtype=np.int64)
    for movie, found in zip(movies.tolist(), model(table).opinions(history, movies), strict=True):
        given_stars = [table[user][movie] for user in near if movie in table[user]]
        assert (found.users if found else 0) == len(given_stars)
        if found:
            assert found.mean == pytest.approx(np.mean(given_stars))


def test_nobody_is_a_neighbour_of_their_own() -> None:
    found = model({7: {1: 5.0, 2: 1.0}, 8: {1: 4.0, 2: 2.0, 3: 3.0}})
    own = kit.history({1: 5.0, 2: 1.0})
    both = np.array([1, 3], np.int64)
    assert [opinion and opinion.users for opinion in found.opinions(own, both)] == [2, 1]
    assert [opinion and (opinion.users, opinion.mean) for opinion in found.opinions(own, both, without=7)] == [
        (1, 4.0),
        (1, 3.0),
    ]


def test_users_with_the_opposite_taste_are_no_neighbours() -> None:
    found = model({7: {1: 0.5, 2: 5.0, 3: 5.0}})
    assert found.opinions(kit.history({1: 5.0, 2: 0.5}), np.array([3], np.int64)) == [None]


def test_only_the_nearest_count() -> None:
    told = kit.checkerboard()
    few = user_neighbours.fit(told, UserNeighboursConfig(kept=4))
    asked = kit.history({kit.FIRST_ID: 5, kit.FIRST_ID + 2: 5})
    assert (few.similarities(asked) > 0).sum() == 4


def test_of_very_many_users_an_even_sample_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_neighbours, "MAX_USERS", 5)
    found = model({user: {1: 5.0, 2: 4.0} for user in range(1, 10)})
    assert found.names.tolist() == [1, 3, 5, 7, 9]
    opinion = found.opinions(kit.history({1: 5.0}), np.array([2], np.int64))[0]
    assert opinion is not None
    assert opinion.users == 5


def test_similarities_are_kept_by_the_content_of_the_history_and_by_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_neighbours, "SIMILARITY_BYTES", 3 * 2 * 8)  # of three histories, for two users
    found = model({7: {1: 5.0, 2: 1.0}, 8: {1: 4.0, 2: 2.0, 3: 3.0}})
    first = found.similarities(kit.history({1: 5.0}))
    assert found.similarities(kit.history({1: 5.0})) is first
    assert found.similarities(kit.history({1: 5.0}), without=7).tolist() != first.tolist()
    for stars in (0.5, 1.0, 4.5):
        assert found.similarities(kit.history({1: stars})) is not first
    again = found.similarities(kit.history({1: 5.0}))
    assert again is not first
    assert again.tolist() == first.tolist()
