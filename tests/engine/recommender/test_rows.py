"""The rows of the page For you, and movies of the watchlist in lists, with a model of made-up users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core.ports import MovieIndex
from core.recommendations.records import RecommendationRequest, Row
from core.types import Filters, Movie, MovieId, SearchRequest
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine import wiring
from engine.recommender import rows
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.selection.candidates import Candidates
from engine.services import Services
from tests import sample

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = count(1)
STAR_WARS, METROPOLIS, ALIEN = MovieId(11), MovieId(19), MovieId(348)
REQUEST = RecommendationRequest(size=8)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Services:
    """The sample with a trained model."""
    home: Path = sample.shared(tmp_path_factory.getbasetemp()) / "trained"
    return wiring.build(sample.trained(home), stores=stores)


@pytest.fixture
def user(stores: Stores) -> User:
    """A user without history."""
    return stores.accounts.create(f"viewer{next(NAMES)}", password_hash="-", preferences=Preferences(), at=NOW)


@pytest.fixture
def fan(services: Services, user: User) -> User:
    """A user who rated eight dramas and Star Wars, and has two movies on the watchlist."""
    for hit in services.search.run(SearchRequest(filters=Filters(genres=("Drama",)), size=8)).hits:
        services.diaries.rate(user, hit.movie.id, 4.0)
    services.diaries.rate(user, STAR_WARS, 5.0)
    for movie in (METROPOLIS, ALIEN):
        services.diaries.mark(user, movie, MarkKind.WATCHLIST, on=True)
    return user


def _rows(services: Services, user: User) -> dict[str, Row]:
    return {row.key: row for row in services.recommending.rows(user, REQUEST)[0]}


def _ids(row: Row) -> list[MovieId]:
    return [item.movie.id for item in row.items]


def test_no_movie_is_in_two_rows_and_none_of_the_diary_but_on_the_watchlist(services: Services, fan: User) -> None:
    found = _rows(services, fan)
    assert {"for-you", "because", "watchlist"} <= set(found)
    shown = [movie for row in found.values() for movie in _ids(row)]
    assert len(set(shown)) == len(shown)
    diary = services.diaries.read(fan)
    assert not set(diary.ratings) & set(shown)
    assert set(_ids(found["watchlist"])) == {METROPOLIS, ALIEN}
    assert all(len(row.items) <= REQUEST.size for row in found.values())
    assert all(item.explanation.sentences for row in found.values() for item in row.items)


def test_rows_without_reasons_have_the_same_movies(services: Services, fan: User) -> None:
    explained, bare = (services.recommending.rows(fan, REQUEST, explained=asked)[0] for asked in (True, False))
    assert [(row.key, _ids(row)) for row in bare] == [(row.key, _ids(row)) for row in explained]
    assert not any(item.explanation.sentences for row in bare for item in row.items)


def test_the_home_page_has_no_movie_twice_and_reasons_but_for_the_watchlist(services: Services, fan: User) -> None:
    found = {row.key: row for row in services.recommending.home(fan)}
    assert next(iter(found)) == "for-you"
    shown = [movie for row in found.values() for movie in _ids(row)]
    assert len(set(shown)) == len(shown)
    assert set(_ids(found["watchlist"])) == {METROPOLIS, ALIEN}
    assert {key: all(item.explanation.sentences for item in row.items) for key, row in found.items()} == {
        key: key != "watchlist" for key in found
    }


class Forgetful:
    """An index that is down, and remembers all movies but some."""

    def __init__(self, index: MovieIndex, lost: frozenset[MovieId]) -> None:
        self._index, self._lost = index, lost

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Without the lost ones."""
        return self._index.movies([movie for movie in ids if movie not in self._lost])


@pytest.mark.parametrize("rated", [True, False], ids=["the user's movies", "recommended movies"])
def test_an_outage_that_loses_movies_costs_no_more_than_their_similarity(
    services: Services, fan: User, rated: bool
) -> None:
    reading, index = services.recommending.read(fan), services.recommending.index
    shown = _ids(services.recommending.rows(fan, REQUEST)[0][0])
    lost = frozenset({*reading.diary.ratings, METROPOLIS, ALIEN} if rated else shown[:3])
    candidates = Candidates(Forgetful(index, lost))  # type: ignore[arg-type]
    found = Reasons(index, candidates).recommend(shown, [0.0] * len(shown), reading=reading)
    assert [item.movie.id for item in found] == shown
    assert all(item.explanation.nearest is None for item in found if rated or item.movie.id in lost)


def test_the_loved_movie_is_the_one_with_the_most_stars(services: Services, fan: User) -> None:
    assert _rows(services, fan)["because"].name == "Because you loved Star Wars"


def test_the_watchlist_is_ordered_by_fit(services: Services, fan: User) -> None:
    row, reading = _ids(_rows(services, fan)["watchlist"]), services.recommending.read(fan)
    first, second = reading.scores(row)
    assert first >= second


def test_hidden_gems_are_little_known_and_suit_the_user(services: Services, fan: User) -> None:
    reading = services.recommending.read(fan)
    model, found = reading.model, rows.gems(services.recommending.lists, reading, Filters())
    assert model is not None
    assert found
    bound = np.quantile(model.popularity[model.rated], rows.GEM_POPULARITY)
    assert (model.popularity[reading.places(found)] <= bound).all()
    assert (reading.affinity(np.array(found)) >= rows.GEM_AFFINITY).all()
    assert (model.stars(reading.history, np.array(found)) >= rows.GEM_STARS).all()
    assert not reading.seen & set(found)


def test_something_different_is_less_like_the_user_s_movies_than_other_candidates(
    services: Services, fan: User
) -> None:
    reading, lists = services.recommending.read(fan), services.recommending.lists
    ranked = lists.ranked(reading, REQUEST)
    found = set(rows.different(lists, reading, ranked))
    own = lists.candidates.about(list(reading.diary.ratings)).vectors.mean(axis=0)
    about = lists.candidates.about(ranked[0])
    likeness = dict(zip(about.movies, (about.vectors @ own).tolist(), strict=True))
    assert found
    assert np.mean([likeness[movie] for movie in found]) < np.mean(
        [likeness[movie] for movie in about.movies if movie not in found]
    )


def test_a_user_without_history_has_popular_movies_only(services: Services, user: User) -> None:
    assert list(_rows(services, user)) == ["for-you"]


def test_all_rows_share_one_computation_of_candidates(
    services: Services, fan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists, calls = type(services.recommending.lists), []
    usual = lists.ranked

    def counted(*given: object) -> object:
        calls.append(given)
        return usual(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "ranked", counted)
    _rows(services, fan)
    assert len(calls) == 1


def test_movies_of_the_watchlist_are_in_lists_only_by_the_user_s_preference(services: Services, fan: User) -> None:
    everything = RecommendationRequest(size=100)

    def listed() -> set[MovieId]:
        account = services.accounts.prefer(fan, replace(fan.preferences, watchlist_in_lists=wanted))
        by_name = services.recommending.for_name(str(fan.id), everything)
        found = {item.movie.id for item in services.recommending.for_user(account, everything).items}
        assert found == {item.movie.id for item in by_name.items}
        return found

    waiting = set(services.recommending.read(fan).diary.marked(MarkKind.WATCHLIST))
    wanted = False
    assert not waiting & listed()
    wanted = True
    assert waiting & listed()
    included = replace(fan, preferences=replace(fan.preferences, watchlist_in_lists=True))
    deck = services.recommending.deck(included, size=30)
    assert not waiting & {item.movie.id for item in deck}
    services.diaries.mark(fan, METROPOLIS, MarkKind.WATCHED, on=True)
    assert METROPOLIS not in listed()


def test_movies_of_the_watchlist_are_no_reasons_for_each_other(services: Services, fan: User) -> None:
    for item in _rows(services, fan)["watchlist"].items:
        assert not {METROPOLIS, ALIEN} & {because.movie for because in item.explanation.because}
        assert item.explanation.because


def test_a_user_with_nothing_but_a_watchlist_gets_reasons_from_its_other_movies(services: Services, user: User) -> None:
    for movie in (METROPOLIS, ALIEN):
        services.diaries.mark(user, movie, MarkKind.WATCHLIST, on=True)
    for item in _rows(services, user)["watchlist"].items:
        assert item.movie.id not in {because.movie for because in item.explanation.because}
        assert item.explanation.sentences
