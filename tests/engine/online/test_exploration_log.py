"""Exploration as served: stable for a day, logged with its probabilities, and off for those who opted out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.config import Settings
from core.recommendations.records import RecommendationRequest
from core.types import MovieId
from core.users import Preferences, User
from data import database
from data.database import Stores
from engine import wiring
from engine.online.exploration_log import ExplorationLog
from engine.recommender.recommendation import Recommend
from tests import databases, sample
from tests.data.database.servers import NOW

REQUEST = RecommendationRequest(size=20)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained").home
    return Settings(home=home, offline=True, exploration_share=0.3)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


def recommending(settings: Settings, stores: Stores) -> Recommend:
    made = wiring.build(settings, stores=stores).recommending
    assert isinstance(made, Recommend)
    return made


def user(recommend: Recommend, stores: Stores, name: str, *, keep_events: bool = True) -> User:
    """A user who rated some movies highly."""
    made = stores.accounts.create(name, password_hash="-", preferences=Preferences(keep_events=keep_events), at=NOW)
    model = recommend.models.current()
    assert model is not None
    liked = model.movies[model.rated][:8].tolist()
    stores.diaries.rate(made.id, {MovieId(movie): 4.5 for movie in liked}, at=NOW)
    return made


def test_a_list_is_explored_the_same_all_day_and_logged_with_probabilities(settings: Settings, stores: Stores) -> None:
    recommend = recommending(settings, stores)
    ada = user(recommend, stores, "Ada")
    first, again = (recommend.for_user(ada, REQUEST) for _ in range(2))
    assert [item.movie.id for item in first.items] == [item.movie.id for item in again.items]
    assert first.explored
    assert recommend.exploring is not None
    recommend.exploring.flush()
    logged = {draw.explored for draw in stores.explorations.of_user(ada.id)}
    assert logged == set(first.explored)
    for one in first.explored:
        assert first.items[one.position - 1].movie.id == one.movie
        assert 0 < one.propensity <= 1


def test_two_pages_share_no_movie_and_log_their_own_draws(settings: Settings, stores: Stores) -> None:
    recommend = recommending(settings, stores)
    ada = user(recommend, stores, "Ada")
    pages = [recommend.for_user(ada, RecommendationRequest(size=10, offset=start)) for start in (0, 10)]
    shown = [[item.movie.id for item in page.items] for page in pages]
    assert not set(shown[0]) & set(shown[1])
    assert shown[0] + shown[1] == [item.movie.id for item in recommend.for_user(ada, REQUEST).items]
    assert all(one.position > 10 for one in pages[1].explored)


def test_the_first_row_of_for_you_is_explored_and_shares_no_movie_with_the_others(
    settings: Settings, stores: Stores
) -> None:
    recommend = recommending(settings, stores)
    plain = recommending(settings.model_copy(update={"exploration_share": 0.0}), stores)
    ada = user(recommend, stores, "Ada")
    (first, *others), _based_on = recommend.rows(ada, REQUEST)
    assert recommend.exploring is not None
    recommend.exploring.flush()
    drawn = [draw.explored for draw in stores.explorations.of_user(ada.id)]
    assert first.key == "for-you"
    assert drawn
    for one in drawn:
        assert first.items[one.position - 1].movie.id == one.movie
    assert not {item.movie.id for item in first.items} & {item.movie.id for row in others for item in row.items}
    assert others
    assert others == plain.rows(ada, REQUEST)[0][1:]


def test_users_who_opted_out_and_lists_without_exploration_are_unchanged(settings: Settings, stores: Stores) -> None:
    recommend = recommending(settings, stores)
    plain = recommending(settings.model_copy(update={"exploration_share": 0.0}), stores)
    shy = user(recommend, stores, "Shy", keep_events=False)
    assert plain.exploring is None
    assert recommend.for_user(shy, REQUEST) == plain.for_user(shy, REQUEST)
    assert stores.explorations.of_user(shy.id) == []


def test_another_day_or_user_explores_other_positions(stores: Stores) -> None:
    ada, bob = (stores.accounts.create(name, password_hash="-", preferences=Preferences(), at=NOW) for name in "AB")
    days = [
        ExplorationLog(stores.explorations, 0.2, 90, now=lambda day=day: NOW + timedelta(days=day)) for day in (0, 1)
    ]
    assert days[0].plan(ada) == days[0].plan(ada)
    assert len({days[0].plan(ada), days[1].plan(ada), days[0].plan(bob)}) == 3
    assert ExplorationLog(stores.explorations, 0.2, 0).plan(ada) is None
