"""The counts of the databases equal those of plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from core.recommendations.snapshots import ImplicitFeedback
from core.trends import SEARCH_LIST, TRENDING_LIST, Activity, ActivityCounts
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, User, UserId
from data import database
from data.database import Stores
from tests.data.database import event_reference as reference
from tests.data.database.event_reference import Said
from tests.data.database.servers import NOW, raw, sign_up

START = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
"""Two hours before midnight."""
MICROSECONDS = 76 * 3600 * 10**6
TIMES = st.one_of(
    st.integers(0, MICROSECONDS - 1),
    st.integers(0, 75).map(lambda hour: hour * 3600 * 10**6),
    st.integers(1, 75).map(lambda hour: hour * 3600 * 10**6 - 1),
).map(lambda after: START + timedelta(microseconds=after))
EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([*EventKind]),
        at=TIMES,
        user=st.sampled_from([None, UserId(1), UserId(2), UserId(3)]),
        movie=st.sampled_from([None, *map(MovieId, (-1, 0, 1, 2))]),
        list=st.sampled_from(["", TRENDING_LIST, SEARCH_LIST]),
        query=st.sampled_from(["", "robots"]),
    ),
    max_size=40,
)
"""Users are positions among `users`, from 1."""
SAID = st.lists(
    st.builds(
        Said,
        what=st.sampled_from(["rating", *MarkKind]),
        stars=st.sampled_from([0.5, 3.5, 4.0, 5.0]),
        user=st.sampled_from([UserId(1), UserId(2)]),
        movie=st.sampled_from([1, 2]),
        at=TIMES,
    ),
    max_size=15,
)
CUTS = st.lists(TIMES, max_size=2).map(lambda cuts: sorted([START, *cuts, START + timedelta(days=4)]))
PROPERTY = tries(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])


@pytest.fixture(scope="module")
def opened(url: str) -> Iterator[Stores]:
    """The stores of the module's database, for many examples."""
    stores = database.open(url)
    yield stores
    database.close(stores)


@pytest.fixture(scope="module")
def people(opened: Stores) -> Iterator[list[UserId]]:
    """Three users."""
    users = [sign_up(opened, name).id for name in ("Cem", "Dan", "Eve")]
    yield users
    for user in users:
        opened.accounts.delete(user)


def _fresh(url: str) -> None:
    with raw(url) as connection, connection.begin():
        for table in ("events", "changes", "ratings", "marks"):
            connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608


def _add(stores: Stores, people: list[UserId], events: list[Event]) -> list[Event]:
    named = [
        Event(
            one.kind, one.at, None if one.user is None else people[one.user - 1], one.movie, one.list, query=one.query
        )
        for one in events
    ]
    stores.events.add(named)
    return named


def _rows(counted: ActivityCounts | ImplicitFeedback) -> list[tuple[int, ...]]:
    columns: list[Any] = [getattr(counted, name).tolist() for name in type(counted).__slots__]
    return list(zip(*columns, strict=True))


@PROPERTY
@given(events=EVENTS, cuts=CUTS)
def test_users_by_hour_movie_and_activity_are_those_of_plain_python(
    url: str, opened: Stores, people: list[UserId], events: list[Event], cuts: list[datetime]
) -> None:
    _fresh(url)
    named = _add(opened, people, events)
    for since, until in itertools.pairwise(cuts):
        expected = reference.users_by_activity(
            (one.at, one.movie or 0, one.user, reference.activity_of(one)) for one in named if since <= one.at < until
        )
        assert _rows(opened.events.activities(since=since, until=until)) == expected


@PROPERTY
@given(said=SAID)
def test_users_who_rated_or_marked_movies_are_those_of_plain_python(
    url: str, opened: Stores, people: list[UserId], said: list[Said]
) -> None:
    _fresh(url)
    written: list[Said] = []
    for one in said:
        own, user = MovieId(one.movie), people[one.user - 1]
        before = opened.diaries.revision(user)
        if one.what == "rating":
            opened.diaries.rate(user, {own: one.stars}, at=one.at)
        else:
            opened.diaries.mark(user, MarkKind(one.what), [own], on=True, at=one.at)
        if opened.diaries.revision(user) != before:
            written.append(one)
    expected = reference.users_by_activity(
        (one.at, one.movie, one.user, reference.activity_said(one)) for one in written
    )
    assert _rows(opened.diaries.activities(since=START, until=START + timedelta(days=4))) == expected


@PROPERTY
@given(events=EVENTS, cuts=CUTS)
def test_feedback_is_that_of_plain_python(
    url: str, opened: Stores, people: list[UserId], events: list[Event], cuts: list[datetime]
) -> None:
    _fresh(url)
    named = _add(opened, people, events)
    for days in (1, 3):
        since, until = cuts[0], cuts[-1] if days == 1 else cuts[1]
        expected = reference.feedback((one for one in named if since <= one.at < until), skipped_days=days)
        parts = (range(people[1]), range(people[1], people[1] + 1), range(people[1] + 1, people[2] + 1))
        found = [opened.events.feedback(since=since, until=until, users=one, skipped_days=days) for one in parts]
        assert [row for part in found for row in _rows(part)] == expected


def test_removed_ratings_and_marks_still_count_at_their_time(stores: Stores, ann: User) -> None:
    movie = MovieId(949)
    stores.diaries.rate(ann.id, {movie: 5.0}, at=NOW)
    stores.diaries.rate(ann.id, {movie: None}, at=NOW + timedelta(minutes=1))
    stores.diaries.mark(ann.id, MarkKind.WATCHLIST, [movie], on=True, at=NOW)
    stores.diaries.mark(ann.id, MarkKind.WATCHLIST, [movie], on=False, at=NOW)
    found = stores.diaries.activities(since=NOW, until=NOW + timedelta(hours=1))
    expected = [list(Activity).index(one) for one in (Activity.WATCHLIST, Activity.LOVED)]
    assert (found.activities.tolist(), found.users.tolist()) == (expected, [1, 1])


def test_users_without_events_are_those_who_opted_out(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.accounts.set_preferences(bob.id, Preferences(keep_events=False))
    old = sign_up(stores, "Old")
    with stores.accounts.database.writing() as connection:
        connection.execute(sa.text("UPDATE users SET preferences = '{}' WHERE id = :id"), {"id": old.id})
    assert stores.accounts.without_events() == {bob.id}
    assert ann.id not in stores.accounts.without_events()


def test_the_size_of_feedback_is_the_number_of_its_events_and_the_highest_user(stores: Stores, ann: User) -> None:
    assert stores.events.feedback_size(since=NOW, until=NOW + timedelta(hours=1)) == (0, 0)
    stores.events.add([Event(kind, NOW, ann.id, MovieId(1)) for kind in EventKind])
    assert stores.events.feedback_size(since=NOW, until=NOW + timedelta(hours=1)) == (4, ann.id)
