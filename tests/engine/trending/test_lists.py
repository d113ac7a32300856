"""The published lists with their movies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from core.errors import StoreUnavailable
from core.trends import HourTally, Origin, Trend, TrendList, Window
from core.types import MovieId
from engine.trending.lists import SECONDS, Trending
from tests.fakes import MOVIES, FakeMovies

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@dataclass
class InMemory:
    """Trending lists in memory that can be unreachable."""

    lists: dict[Window, TrendList] = field(default_factory=dict)
    away: bool = False
    reads: int = 0

    def read(self, window: Window) -> TrendList | None:
        self.reads += 1
        if self.away:
            raise StoreUnavailable("the database does not answer")
        return self.lists.get(window)

    def publish(self, lists: Sequence[TrendList]) -> None:
        self.lists.update({one.window: one for one in lists})

    def recount(self, *, since: int, tally: HourTally) -> None: ...
    def hours(self, *, since: int) -> HourTally:
        raise NotImplementedError

    def purge(self, *, before: int) -> int:
        raise NotImplementedError


@dataclass
class Timer:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def published(*movies: int, origin: Origin = Origin.EVENTS) -> TrendList:
    trends = tuple(Trend(MovieId(movie), 9.0 - n, 5, 6.0, 1.0) for n, movie in enumerate(movies))
    return TrendList(Window.DAY, origin, NOW, trends)


def test_a_list_has_its_movies_in_order_with_explanations() -> None:
    store = InMemory({Window.DAY: published(MOVIES[2].id, MOVIES[0].id)})
    page = Trending(store, FakeMovies()).read(Window.DAY)
    assert [movie.movie for movie in page.movies] == [MOVIES[2], MOVIES[0]]
    assert page.movies[0].why == "5 viewers showed interest in the last day, 6 times as much as usual."
    assert (page.origin, page.made_at) == (Origin.EVENTS, NOW)


def test_movies_removed_from_the_catalogue_are_left_out_and_others_move_up() -> None:
    store = InMemory({Window.DAY: published(999_999, MOVIES[0].id, MOVIES[1].id)})
    page = Trending(store, FakeMovies()).read(Window.DAY, size=2)
    assert [movie.movie for movie in page.movies] == [MOVIES[0], MOVIES[1]]


def test_a_list_without_counts_is_empty_and_has_no_time() -> None:
    page = Trending(InMemory(), FakeMovies()).read(Window.RISING)
    assert (page.made_at, page.movies) == (None, ())


def test_lists_are_cached_for_a_few_seconds() -> None:
    timer, store = Timer(), InMemory({Window.DAY: published(MOVIES[0].id)})
    trending = Trending(store, FakeMovies(), timer=timer)
    for size in (1, 5, 20):
        trending.read(Window.DAY, size=size)
    assert store.reads == 1
    store.publish([published(MOVIES[1].id)])
    timer.seconds = SECONDS
    assert trending.read(Window.DAY).movies[0].movie == MOVIES[1]


def test_without_the_database_pages_fail_clearly_and_lists_of_new_users_do_without() -> None:
    trending = Trending(InMemory(away=True), FakeMovies())
    with pytest.raises(StoreUnavailable):
        trending.read(Window.DAY)
    assert trending.popular() == {}


def test_only_this_sites_events_affect_the_lists_of_new_users() -> None:
    own = Trending(InMemory({Window.DAY: published(MOVIES[3].id)}), FakeMovies())
    lent = Trending(InMemory({Window.DAY: published(MOVIES[3].id, origin=Origin.MOVIELENS)}), FakeMovies())
    assert own.popular() == {MOVIES[3].id: own.read(Window.DAY).movies[0].why}
    assert lent.popular() == {}
    assert Trending(InMemory(), FakeMovies()).popular() == {}
