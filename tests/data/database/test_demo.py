"""The store of demo users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.jobs.runs import Outcome
from core.sample.demo import PREFIX, DemoUser
from core.trends import Origin, TrendList, Window
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, Rating, User, UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW

DAY = timedelta(days=1)
MOVIE, OTHER = MovieId(603), MovieId(949)


def demo_user(name: str, at: datetime = NOW) -> DemoUser:
    return DemoUser(
        name=f"{PREFIX}{name}",
        ratings=[Rating(MOVIE, 4.5, at - MINUTE)],
        marks={MarkKind.WATCHLIST: {OTHER: at - 2 * MINUTE}},
        events=[Event(EventKind.SEARCH, at - 3 * MINUTE, query="rain"), Event(EventKind.CLICK, at, movie=MOVIE)],
    )


def load(stores: Stores, names: Sequence[str] = ("ada", "bruno"), at: datetime = NOW) -> list[UserId]:
    stores.demo.load([demo_user(name, at) for name in names], at=at)
    return sorted(stores.demo.users())


def test_they_have_ratings_marks_history_and_events_like_other_users(stores: Stores) -> None:
    users = load(stores)
    assert len(users) == 2
    diary = stores.diaries.read(users[0])
    assert diary.ratings == {MOVIE: Rating(MOVIE, 4.5, NOW - MINUTE)}
    assert diary.marked(MarkKind.WATCHLIST) == {OTHER: NOW - 2 * MINUTE}
    assert [change.after for change in stores.diaries.history(users[0])] == ["4.5", "on"]
    assert [event.user for event in stores.events.of_user(users[0])] == [users[0]] * 2
    assert stores.demo.newest() == NOW


def test_loading_again_replaces_their_data_and_keeps_their_ids(stores: Stores) -> None:
    before = load(stores)
    revision = stores.diaries.revision(before[0])
    assert load(stores, at=NOW + DAY) == before
    assert stores.events.count() == 4
    assert stores.demo.newest() == NOW + DAY
    assert stores.diaries.revision(before[0]) > revision
    assert len(stores.diaries.history(before[0])) == 2


def test_former_demo_users_are_deleted(stores: Stores) -> None:
    both = load(stores)
    assert load(stores, ["ada"]) == both[:1]


def test_removing_them_deletes_their_data_and_no_other(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {MOVIE: 3.0}, at=NOW)
    stores.events.add([Event(EventKind.CLICK, NOW, ann.id, MOVIE)])
    users = load(stores)
    assert stores.demo.remove()
    assert stores.demo.users() == frozenset()
    assert stores.demo.newest() is None
    assert [stores.accounts.user(user) for user in users] == [None, None]
    assert stores.events.count() == 1
    assert stores.diaries.totals().ratings == 1
    assert stores.diaries.snapshot().rating_users.tolist() == [ann.id]
    assert not stores.demo.remove()


def test_lists_and_figures_that_include_them_are_deleted_with_them(stores: Stores) -> None:
    earlier = _measured(stores, NOW - DAY)
    load(stores)
    stores.trends.publish([TrendList(Window.DAY, Origin.EVENTS, NOW, ())])
    later = _measured(stores, NOW + MINUTE)
    stores.demo.remove()
    assert stores.trends.read(Window.DAY) is None
    assert [run.id for run in stores.jobs.runs(EVALUATE_ONLINE)] == [earlier]
    assert later != earlier


def test_nothing_is_removed_if_there_are_none(stores: Stores) -> None:
    stores.trends.publish([TrendList(Window.DAY, Origin.EVENTS, NOW, ())])
    assert not stores.demo.remove()
    assert stores.trends.read(Window.DAY) is not None


def test_an_account_with_a_similar_name_is_not_a_demo_user(stores: Stores) -> None:
    dana = stores.accounts.create("demo-dana", password_hash="-", preferences=Preferences(), at=NOW)
    assert stores.demo.users() == frozenset()
    assert not stores.demo.alone()
    load(stores)
    assert dana.id not in stores.demo.users()
    stores.demo.remove()
    assert stores.accounts.user(dana.id) is not None


def test_they_are_alone_until_somebody_signs_up(stores: Stores) -> None:
    assert stores.demo.alone()
    load(stores)
    assert stores.demo.alone()
    stores.accounts.create("ann", password_hash="-", preferences=Preferences(), at=NOW)
    assert not stores.demo.alone()


@pytest.mark.parametrize("password", ["", "!", "demo:ada"])
def test_nobody_can_sign_in_as_a_demo_user(stores: Stores, password: str) -> None:
    from engine.accounts.credentials.passwords import Passwords  # noqa: PLC0415

    load(stores)
    found = stores.accounts.find("demo:ada")
    assert found is not None
    assert not Passwords().verify(found[1], password)


def _measured(stores: Stores, at: datetime) -> int:
    run = stores.jobs.start(EVALUATE_ONLINE, holder="here", at=at)
    stores.jobs.finish(run.id, outcome=Outcome.DONE, at=at, figures={"sessions": {}})
    return run.id
