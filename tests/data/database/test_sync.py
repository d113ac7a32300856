"""Previews of imports, webhooks and reports of media servers, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.diary.lists import ListAddition, ListDetails
from core.errors import InvalidRequest, NotFound
from core.sync import records
from core.sync.records import (
    MAX_DRAFTS,
    MAX_WAITING,
    Attempt,
    DeliveryStatus,
    ImportDraft,
    NewDelivery,
    Scrobble,
    ScrobbleOutcome,
    Webhook,
    WebhookEvent,
)
from core.types import MovieId
from core.users import Review, User, UserId
from data.database import Stores
from data.database.sync.previews import ImportDraftStore
from tests.data.database.servers import MINUTE, NOW, sign_up

HEAT, JAWS = MovieId(949), MovieId(578)


def draft(user: User, name: str, *, size: int = 10) -> ImportDraft:
    return ImportDraft(name, user.id, f"{name}.csv", b"x" * size, NOW + MINUTE)


def webhook(stores: Stores, user: User) -> Webhook:
    return stores.webhooks.add(user.id, "https://example.org/", [*WebhookEvent], secret="s", at=NOW)


def queue(stores: Stores, one: Webhook, *names: str) -> bool:
    new = [NewDelivery(name, WebhookEvent.TEST, "{}") for name in names]
    return stores.webhooks.enqueue(one, new, change=one.change, lists_at=one.lists_at, at=NOW)


def test_a_preview_is_stored_replaced_and_deleted(stores: Stores) -> None:
    ann, bob = sign_up(stores), sign_up(stores, "Bob")
    stores.import_drafts.add(draft(ann, "a"), at=NOW)
    assert stores.import_drafts.get(ann.id, "a", at=NOW) == draft(ann, "a")
    assert stores.import_drafts.get(bob.id, "a", at=NOW) is None
    assert not stores.import_drafts.replace(bob.id, "a", b"y")
    assert stores.import_drafts.replace(ann.id, "a", b"\x00y")
    found = stores.import_drafts.get(ann.id, "a", at=NOW)
    assert found is not None
    assert found.content == b"\x00y"
    stores.import_drafts.delete(bob.id, "a")
    assert stores.import_drafts.get(ann.id, "a", at=NOW + MINUTE) is None
    stores.import_drafts.delete(ann.id, "a")
    assert stores.import_drafts.get(ann.id, "a", at=NOW) is None


def test_a_user_has_a_few_previews_and_the_site_room_for_a_bounded_amount(stores: Stores) -> None:
    ann, bob = sign_up(stores), sign_up(stores, "Bob")
    for number in range(MAX_DRAFTS + 2):
        stores.import_drafts.add(draft(ann, str(number)), at=NOW + number * MINUTE / 60)
    assert [one["name"] for one in stores.import_drafts.exported(ann.id)] == ["2.csv", "3.csv", "4.csv"]
    small = ImportDraftStore(stores.accounts.database, room=35)
    small.add(draft(bob, "b", size=15), at=NOW + MINUTE)
    assert [one["name"] for one in stores.import_drafts.exported(ann.id)] == ["3.csv", "4.csv"]
    assert stores.import_drafts.purge(at=NOW + MINUTE) >= 3


def test_an_unknown_user_stores_nothing(stores: Stores) -> None:
    nobody = UserId(999_999)
    with pytest.raises(NotFound):
        stores.import_drafts.add(ImportDraft("n", nobody, "n", b"", NOW), at=NOW)
    with pytest.raises(NotFound):
        stores.webhooks.add(nobody, "https://example.org/", [WebhookEvent.RATING], secret="s", at=NOW)
    with pytest.raises(NotFound):
        stores.scrobbles.add(nobody, Scrobble(NOW, "plex", ScrobbleOutcome.UNKNOWN, "Heat"))


def test_an_import_writes_reviews_and_lists_in_its_transaction(stores: Stores) -> None:
    ann = sign_up(stores)
    own = stores.lists.create(ann.id, ListDetails(name="Rain"), at=NOW, entries=[(HEAT, "mine")])
    review = Review(HEAT, "Good", NOW - MINUTE, NOW)
    additions = [
        ListAddition(own, ListDetails(name="Rain"), ((JAWS, "wet"), (HEAT, "again"))),
        ListAddition(None, ListDetails(name="Snow", public=True), ((JAWS, ""),)),
    ]
    stores.diaries.record(ann.id, ratings={}, marks={}, reviews={HEAT: review}, lists=additions, at=NOW)
    assert stores.diaries.read(ann.id).reviews[HEAT] == review
    assert [(entry.movie, entry.note) for entry in stores.lists.entries(own)] == [(HEAT, "mine"), (JAWS, "wet")]
    assert [name for _, name, _ in stores.diaries.own_lists(ann.id)] == ["Rain", "Snow"]
    many = [ListAddition(None, ListDetails(name=f"List {n}"), ()) for n in range(499)]
    with pytest.raises(InvalidRequest, match="more than 500 lists"):
        stores.diaries.record(ann.id, ratings={JAWS: (4.0, NOW)}, marks={}, lists=many, at=NOW)
    assert JAWS not in stores.diaries.read(ann.id).ratings


def test_two_processes_write_the_messages_about_a_change_once(stores: Stores) -> None:
    ann = sign_up(stores)
    one = webhook(stores, ann)
    stores.diaries.rate(ann.id, {HEAT: 4.0}, at=NOW)
    ((number, change),) = stores.webhooks.changes(one, limit=10)
    assert (change.movie, change.after) == (HEAT, "4")
    new = [NewDelivery("m1", WebhookEvent.RATING, "{}")]
    assert stores.webhooks.enqueue(one, new, change=number, lists_at=one.lists_at, at=NOW)
    again = [NewDelivery("m2", WebhookEvent.RATING, "{}")]
    assert not stores.webhooks.enqueue(one, again, change=number, lists_at=one.lists_at, at=NOW)
    assert [each.message for each in stores.webhooks.deliveries(ann.id, one.id)] == ["m1"]
    assert one.id not in [each.id for each in stores.webhooks.behind()]


def test_messages_are_claimed_by_one_process(stores: Stores) -> None:
    ann = sign_up(stores)
    one = webhook(stores, ann)
    assert queue(stores, one, *(f"claim {number}" for number in range(20)))
    claimed: list[int] = []

    def claim() -> None:
        while found := stores.webhooks.claim(at=NOW, until=NOW + MINUTE, limit=3):
            claimed.extend(delivery.id for own, delivery in found if own.id == one.id)

    together(claim)
    assert sorted(claimed) == sorted({*claimed})
    assert len(claimed) == 20


def test_the_outbox_is_bounded(stores: Stores) -> None:
    one = webhook(stores, sign_up(stores))
    assert queue(stores, one, *(f"b{number}" for number in range(MAX_WAITING)))
    assert not queue(stores, one, "one more")


def test_a_webhook_that_is_gone_is_disabled_with_its_messages(stores: Stores) -> None:
    ann = sign_up(stores)
    one = webhook(stores, ann)
    queue(stores, one, "g1", "g2")
    first = next(each for own, each in stores.webhooks.claim(at=NOW, until=NOW, limit=100) if own.id == one.id)
    gone = Attempt(delivered=False, answer="410", gone=True)
    assert stores.webhooks.settle(first, gone, at=NOW, next_at=NOW + MINUTE, disabled_before=NOW - timedelta(days=3))
    assert {each.status for each in stores.webhooks.deliveries(ann.id, one.id)} == {DeliveryStatus.FAILED}
    assert stores.webhooks.get(ann.id, one.id).disabled_at == NOW
    assert not queue(stores, one, "g3")


def test_one_of_two_reports_of_a_watching_at_the_same_time_is_kept(stores: Stores) -> None:
    ann = sign_up(stores)
    report = Scrobble(NOW, "plex", ScrobbleOutcome.LOGGED, "Heat", 1995, HEAT)
    kept: list[int | None] = []
    together(lambda: kept.append(stores.scrobbles.claim(ann.id, report, since=NOW - MINUTE)))
    assert sum(number is not None for number in kept) == 1
    later = Scrobble(NOW + 2 * MINUTE, "plex", ScrobbleOutcome.LOGGED, "Heat", 1995, HEAT)
    assert stores.scrobbles.claim(ann.id, later, since=NOW + MINUTE) is not None
    assert len(stores.scrobbles.latest(ann.id)) == 2


def together(act: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_limits_are_those_of_the_documents() -> None:
    assert (records.MAX_WEBHOOKS, records.KEPT_DELIVERIES, records.KEPT_SCROBBLES) == (5, 100, 100)
