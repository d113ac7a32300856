"""Lists for several people, with the real sample, a trained model and a real database."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.diary.lists import MAX_TASTES
from core.errors import InvalidRequest
from core.recommendations.records import RecommendationRequest
from core.types import Filters, MovieId, SearchRequest
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.clock import now
from engine.recommender import groups
from engine.services import Services
from tests import sample

NAMES = count(1)
SCORES = arrays.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 8)), elements=st.floats(-5, 5))


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Services:
    home: Path = sample.shared(tmp_path_factory.getbasetemp()) / "trained"
    return wiring.build(sample.trained(home), stores=stores)


def fan(services: Services, stores: Stores, genre: str, *, dislikes: str = "") -> User:
    """Return a user who loves the most popular movies of a genre, and dislikes those of another."""
    user = stores.accounts.create(f"fan{next(NAMES)}", password_hash="-", preferences=Preferences(), at=now())
    for name, stars in ((genre, 5.0), (dislikes, 0.5)):
        if name:
            for hit in services.search.run(SearchRequest(filters=Filters(genres=(name,)), size=8)).hits:
                services.diaries.rate(user, hit.movie.id, stars)
    return user


@given(SCORES)
def test_the_order_of_the_users_does_not_matter(scores: np.ndarray) -> None:
    assert np.allclose(groups.aggregate(scores), groups.aggregate(scores[::-1]), atol=1e-9)


def test_a_movie_that_one_dislikes_loses_against_one_that_both_accept() -> None:
    scores = np.array([[2.5, 0.9], [-1.0, 0.8]])
    assert groups.aggregate(scores)[1] > groups.aggregate(scores)[0]


def test_a_list_contains_nothing_that_one_of_the_group_has_seen_or_dismissed(
    services: Services, stores: Stores
) -> None:
    first, second = fan(services, stores, "Science Fiction"), fan(services, stores, "Comedy")
    asked = RecommendationRequest(size=10)
    users = [first.id, second.id]
    before = services.recommending.for_group(users, asked)
    services.diaries.rate(first, before[0].movie.id, 3)
    services.diaries.mark(second, before[1].movie.id, MarkKind.DISMISSED, on=True)
    after = {one.movie.id for one in services.recommending.for_group(users, asked)}
    assert len(after) == 10
    assert not after & {before[0].movie.id, before[1].movie.id}
    rated = set(services.diaries.read(first).ratings) | set(services.diaries.read(second).ratings)
    assert not after & rated


def test_what_is_on_a_watchlist_may_be_suggested_and_is_counted(services: Services, stores: Stores) -> None:
    user = fan(services, stores, "Science Fiction")
    wanted = services.recommending.for_group([user.id], RecommendationRequest(size=1))[0].movie.id
    services.diaries.mark(user, wanted, MarkKind.WATCHLIST, on=True)
    found = services.recommending.for_group([user.id], RecommendationRequest(size=5))
    assert {one.movie.id: one.watchlists for one in found}[wanted] == 1


def test_how_many_a_movie_suits_equals_what_each_of_them_is_told(services: Services, stores: Stores) -> None:
    people = [fan(services, stores, genre) for genre in ("Science Fiction", "Drama", "Comedy")]
    for one in services.recommending.for_group([person.id for person in people], RecommendationRequest(size=10)):
        ids = np.array([one.movie.id], np.int64)
        own = [services.recommending.read(person).affinity(ids)[0] for person in people]
        assert (one.suits, one.of) == (sum(value >= groups.SUITS for value in own), 3)


def test_users_without_history_take_part_without_influence(services: Services, stores: Stores) -> None:
    known, new = fan(services, stores, "Science Fiction"), fan(services, stores, "")
    asked = RecommendationRequest(size=6)
    together = services.recommending.for_group([known.id, new.id], asked)
    alone = services.recommending.for_group([known.id], asked)
    assert [one.movie.id for one in together] == [one.movie.id for one in alone]
    assert {one.of for one in together} == {1}


def test_a_group_without_any_history_gets_popular_movies(services: Services, stores: Stores) -> None:
    found = services.recommending.for_group([fan(services, stores, "").id], RecommendationRequest(size=5))
    assert len(found) == 5
    assert {(one.suits, one.of) for one in found} == {(0, 0)}


def test_filters_apply(services: Services, stores: Stores) -> None:
    asked = RecommendationRequest(filters=Filters(genres=("Comedy",), runtime_max=110), size=5)
    found = services.recommending.for_group([fan(services, stores, "Drama").id], asked)
    assert found
    assert all("Comedy" in one.movie.genres and (one.movie.runtime or 0) <= 110 for one in found)


@pytest.mark.parametrize("users", [0, MAX_TASTES + 1])
def test_a_group_has_a_limited_size(services: Services, stores: Stores, users: int) -> None:
    people = [fan(services, stores, "").id for _ in range(users)]
    with pytest.raises(InvalidRequest, match="users"):
        services.recommending.for_group(people, RecommendationRequest(size=5))


def test_a_diverse_list_does_not_repeat_a_movie(services: Services, stores: Stores) -> None:
    found = services.recommending.for_group([fan(services, stores, "Drama").id], RecommendationRequest(size=20))
    ids: list[MovieId] = [one.movie.id for one in found]
    assert len(set(ids)) == len(ids)
