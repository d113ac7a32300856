"""Impressions, clicks and searches: the contract of `EventStore`."""

from __future__ import annotations

from core.types import MovieId
from core.users import Event, EventKind, User, UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, sign_up

HEAT = MovieId(949)


def _click(user: User | None, *, minutes: int = 0) -> Event:
    return Event(EventKind.CLICK, NOW + minutes * MINUTE, user.id if user else None, HEAT)


def test_events_are_returned_as_added_oldest_first(stores: Stores, ann: User) -> None:
    shown = Event(EventKind.IMPRESSION, NOW, ann.id, HEAT, list="for-you", position=3, model="2026-11")
    asked = Event(EventKind.SEARCH, NOW - MINUTE, ann.id, query="bank robbers in Los Angeles")
    stores.events.add([shown, asked])
    stores.events.add([_click(ann, minutes=1)])
    assert list(stores.events.of_user(ann.id)) == [asked, shown, _click(ann, minutes=1)]
    assert stores.events.count() == 3


def test_anonymous_events_are_stored_and_belong_to_nobody(stores: Stores, ann: User) -> None:
    stores.events.add([_click(None), _click(ann)])
    assert stores.events.count() == 2
    assert list(stores.events.of_user(ann.id)) == [_click(ann)]


def test_adding_no_events_does_nothing(stores: Stores) -> None:
    stores.events.add([])
    assert stores.events.count() == 0


def test_a_batch_of_a_thousand_events_is_added_at_once(stores: Stores, ann: User) -> None:
    stores.events.add([_click(ann, minutes=minute) for minute in range(1_000)])
    assert stores.events.count() == 1_000


def test_events_of_a_deleted_account_are_omitted_and_the_rest_of_the_batch_is_stored(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.accounts.delete(bob.id)
    stores.events.add([_click(bob), _click(ann), _click(None)])
    stores.events.add([_click(bob)])
    assert stores.events.count() == 2
    assert list(stores.events.of_user(bob.id)) == []


def test_opting_out_deletes_the_events_of_that_user_only(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.events.add([_click(ann), _click(ann), _click(bob), _click(None)])
    assert stores.events.forget(ann.id) == 2
    assert stores.events.forget(ann.id) == 0
    assert stores.events.forget(UserId(999_999)) == 0
    assert stores.events.count() == 2


def test_purging_deletes_only_older_events(stores: Stores, ann: User) -> None:
    stores.events.add([_click(ann, minutes=minute) for minute in range(10)])
    assert stores.events.purge(before=NOW + 4 * MINUTE) == 4
    assert stores.events.purge(before=NOW + 4 * MINUTE) == 0
    assert stores.events.of_user(ann.id)[0].at == NOW + 4 * MINUTE


def test_made_up_values_of_clients_do_not_break_a_batch(stores: Stores, ann: User) -> None:
    stores.events.add(
        [Event(EventKind.SEARCH, NOW, ann.id, query="nul \0 and half \udc00", position=2**70, movie=MovieId(-5))]
    )
    assert stores.events.of_user(ann.id)[0].query == "nul  and half ?"
