"""Trending movies in the lists of new users: the real sample, a real database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.recommendations.records import RecommendationRequest, Source
from core.trends import Origin, Trend, TrendList, Window
from core.types import Filters, Movie, MovieId, SearchRequest, Sort
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.services import Services
from tests import sample

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = 100


@pytest.fixture
def services(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Services:
    home = sample.shared(tmp_path_factory.getbasetemp()) / "sample"
    return wiring.build(sample.embedded(home), stores=stores)


@pytest.fixture
def newcomer(stores: Stores) -> User:
    return stores.accounts.create("newcomer", password_hash="-", preferences=Preferences(), at=NOW)


@pytest.fixture
def unheard(services: Services) -> list[Movie]:
    """Return movies that no list of popular or well-loved ones begins with."""
    request = SearchRequest(filters=Filters(), sort=Sort.POPULARITY, size=ALL)
    shown = {item.movie.id for item in services.recommending.for_guest({}, RecommendationRequest(size=20)).items}
    return [hit.movie for hit in services.search.run(request).hits if hit.movie.id not in shown][-3:]


def publish(stores: Stores, movies: list[Movie], origin: Origin) -> None:
    trends = tuple(Trend(movie.id, 9.0 - n, 5, 6.0, 1.0) for n, movie in enumerate(movies))
    stores.trends.publish([TrendList(Window.DAY, origin, NOW, trends)])


def first(services: Services, user: User, request: RecommendationRequest | None = None) -> list[MovieId]:
    return [
        item.movie.id for item in services.recommending.for_user(user, request or RecommendationRequest(size=12)).items
    ]


def test_a_new_users_list_begins_with_trending_movies(
    services: Services, stores: Stores, newcomer: User, unheard: list[Movie]
) -> None:
    services = wiring.build(services.settings, stores=stores)  # remembers nothing of the list before
    publish(stores, unheard, Origin.EVENTS)
    items = {
        item.movie.id: item.explanation
        for item in services.recommending.for_user(newcomer, RecommendationRequest(size=12)).items
    }
    for movie in unheard:
        assert items[movie.id].source is Source.TRENDING
        assert items[movie.id].sentences[0] == "5 viewers showed interest in the last day, 6 times as much as usual."
    assert {why.source for movie, why in items.items() if movie not in {one.id for one in unheard}} == {Source.POPULAR}


def test_trending_lists_from_movielens_do_not_affect_it(
    services: Services, stores: Stores, newcomer: User, unheard: list[Movie]
) -> None:
    services = wiring.build(services.settings, stores=stores)
    publish(stores, unheard, Origin.MOVIELENS)
    assert not {movie.id for movie in unheard} & set(first(services, newcomer))


def test_dismissed_and_filtered_movies_stay_out(
    services: Services, stores: Stores, newcomer: User, unheard: list[Movie]
) -> None:
    services = wiring.build(services.settings, stores=stores)
    publish(stores, unheard, Origin.EVENTS)
    services.diaries.mark(newcomer, unheard[0].id, MarkKind.DISMISSED, on=True)
    assert unheard[0].id not in first(services, newcomer)
    year = unheard[1].year or 0
    later = first(services, newcomer, RecommendationRequest(filters=Filters(year_from=year + 1), size=20))
    assert later
    assert unheard[1].id not in later
