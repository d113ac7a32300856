"""Events as arrays, and the number of users per movie."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from core.types import MovieId
from core.users import Event, EventKind, User
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, raw, sign_up

HEAT, ALIEN = MovieId(949), MovieId(348)
ALL = tuple(EventKind)


def test_columns_contain_every_field_of_every_event_by_time(stores: Stores, ann: User) -> None:
    shown = Event(EventKind.IMPRESSION, NOW, ann.id, HEAT, list="for-you", position=3, model="m1")
    asked = Event(EventKind.SEARCH, NOW - MINUTE, query="Räuber 'in' Los Angeles")
    stores.events.add([shown, asked])
    found = stores.events.columns(since=NOW - MINUTE, until=NOW + MINUTE)
    assert found.kinds.tolist() == ["search", "impression"]
    assert found.seconds.tolist() == [(NOW - MINUTE).timestamp(), NOW.timestamp()]
    assert (found.users.tolist(), found.movies.tolist()) == ([-1, ann.id], [-1, HEAT])
    assert (found.positions.tolist(), found.lists.tolist()) == ([-1, 3], ["", "for-you"])
    assert (found.models.tolist(), found.queries.tolist()) == (["", "m1"], ["Räuber 'in' Los Angeles", ""])
    kinds = [found.seconds, found.users, found.movies, found.positions, found.lists, found.models, found.queries]
    assert [str(column.dtype) for column in kinds] == ["float64", *["int64"] * 3, *["object"] * 3]


def test_columns_include_since_and_exclude_until(stores: Stores) -> None:
    stores.events.add([Event(EventKind.CLICK, NOW + minute * MINUTE) for minute in range(5)])
    found = stores.events.columns(since=NOW + MINUTE, until=NOW + 3 * MINUTE)
    assert found.seconds.tolist() == [(NOW + minute * MINUTE).timestamp() for minute in (1, 2)]


def test_columns_of_some_kinds_contain_no_others(stores: Stores) -> None:
    stores.events.add([Event(kind, NOW) for kind in ALL])
    found = stores.events.columns(since=NOW, until=NOW + MINUTE, kinds=[EventKind.CLICK, EventKind.SEARCH])
    assert sorted(found.kinds.tolist()) == ["click", "search"]
    assert len(stores.events.columns(since=NOW, until=NOW + MINUTE)) == len(ALL)


def test_columns_without_events_are_empty_and_of_the_same_types(stores: Stores) -> None:
    found = stores.events.columns(since=NOW, until=NOW)
    assert len(found) == 0
    assert found.kinds.dtype.kind == "U"
    assert [str(column.dtype) for column in (found.seconds, found.queries)] == ["float64", "object"]


def test_columns_longer_than_one_chunk_are_complete(stores: Stores, ann: User) -> None:
    count = 5_001
    stores.events.add([Event(EventKind.CLICK, NOW + number * MINUTE, ann.id, HEAT) for number in range(count)])
    found = stores.events.columns(since=NOW, until=NOW + count * MINUTE)
    assert len(found) == count
    assert (np.diff(found.seconds) == 60).all()


def test_a_time_without_fractional_seconds_is_read(stores: Stores, url: str) -> None:
    with raw(url) as connection, connection.begin():
        words = "INSERT INTO events (kind, at, list, model, query) VALUES ('click', '2026-11-21 12:30:15', '', '', '')"
        connection.execute(sa.text(words))
    found = stores.events.columns(since=NOW - MINUTE, until=NOW + MINUTE)
    assert found.seconds.tolist() == [NOW.replace(microsecond=0).timestamp()]


def test_each_user_counts_once_per_movie_and_all_anonymous_ones_as_one(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    who = [ann.id, ann.id, bob.id, None, None]
    stores.events.add([Event(EventKind.CLICK, NOW, user, HEAT) for user in who])
    stores.events.add([Event(EventKind.CLICK, NOW, ann.id, ALIEN), Event(EventKind.CLICK, NOW, ann.id)])
    counted = stores.events.distinct_users([HEAT, ALIEN, MovieId(1)], since=NOW, kinds=ALL)
    assert counted == {HEAT: 3, ALIEN: 1}


def test_earlier_events_and_other_kinds_do_not_count(stores: Stores, ann: User) -> None:
    stores.events.add(
        [Event(EventKind.CLICK, NOW - MINUTE, ann.id, HEAT), Event(EventKind.SWIPE_LEFT, NOW, movie=HEAT)]
    )
    assert stores.events.distinct_users([HEAT], since=NOW, kinds=[EventKind.CLICK]) == {}
    assert stores.events.distinct_users([HEAT], since=NOW - MINUTE, kinds=[EventKind.CLICK]) == {HEAT: 1}
    assert stores.events.distinct_users([], since=NOW, kinds=ALL) == {}
    assert stores.events.distinct_users([HEAT], since=NOW - MINUTE, kinds=[]) == {}


def test_users_of_more_movies_than_fit_one_statement_are_all_counted(stores: Stores, ann: User) -> None:
    movies = [MovieId(number) for number in range(1, 1_202)]
    stores.events.add([Event(EventKind.CLICK, NOW, ann.id, movie) for movie in movies])
    assert stores.events.distinct_users(movies, since=NOW, kinds=ALL) == dict.fromkeys(movies, 1)
