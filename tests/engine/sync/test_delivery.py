"""The outbox of webhooks, from a change in a diary to a real server, with retries until a webhook is disabled."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.errors import InvalidRequest, NotFound
from core.jobs.work import UncancellableWork
from core.sync.records import MAX_WEBHOOKS, DeliveryStatus, Webhook, WebhookEvent
from core.types import MovieId
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine.job_context import JobContext
from engine.sync import delivery
from engine.sync.delivery import DISABLED_AFTER, KEY_CHANGED, MAX_ATTEMPTS, Outbox
from engine.sync.notices import DisabledNotices, Send
from engine.sync.sender import Sender
from engine.sync.webhooks import SELECTABLE, Webhooks
from tests.engine.accounts.conftest import Clock
from tests.engine.sync.conftest import Receiver

HEAT, JAWS = MovieId(949), MovieId(578)


@pytest.fixture
def user(stores: Stores, clock: Clock) -> User:
    """A user with an account."""
    return stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=clock())


@pytest.fixture
def webhooks(stores: Stores, clock: Clock) -> Webhooks:
    """The webhooks of a site that allows the local network."""
    return Webhooks(stores.webhooks, key=lambda: "the key of the site", private=True, clock=clock)


def outbox(
    stores: Stores, webhooks: Webhooks, clock: Clock, *, seconds: float = 5.0, send: Send | None = None
) -> Outbox:
    notices = DisabledNotices(stores.accounts, send, site_url="https://films.example")
    sender = Sender(private=True, seconds=seconds)
    return Outbox(stores.webhooks, sender, decrypt=webhooks._encryption.decrypt, clock=clock, notices=notices)


def add(webhooks: Webhooks, user: User, receiver: Receiver, path: str = "ok", *events: WebhookEvent) -> Webhook:
    return webhooks.add(user, receiver.url(path), events or SELECTABLE)[0]


def told(receiver: Receiver) -> list[Any]:
    return [json.loads(request.body) for request in receiver.received]


def test_changes_are_told_in_order_and_once(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    stores.diaries.rate(user.id, {HEAT: 1.0}, at=clock())  # before the webhook exists
    add(webhooks, user, receiver)
    stores.diaries.rate(user.id, {HEAT: 4.5, JAWS: 3.0}, at=clock())
    stores.diaries.mark(user.id, MarkKind.WATCHLIST, [HEAT], on=True, at=clock())
    stores.diaries.mark(user.id, MarkKind.FAVOURITE, [HEAT], on=True, at=clock())
    stores.diaries.review(user.id, HEAT, "Good", at=clock())
    sent = outbox(stores, webhooks, clock)
    assert sent.deliver() == (4, 0)
    assert sent.deliver() == (0, 0)
    found = sorted(told(receiver), key=lambda each: str(each["type"]))
    assert [each["type"] for each in found] == ["mark.changed", "rating.changed", "review.changed", "watchlist.changed"]
    changes = found[1]["data"]["changes"]
    assert [(one["movie"], one["before"], one["after"]) for one in changes] == [(HEAT, 1.0, 4.5), (JAWS, None, 3.0)]
    assert [one["after"] for one in found[0]["data"]["changes"]] == [True]


def test_watchings_and_lists_are_told(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    add(webhooks, user, receiver, "ok", WebhookEvent.WATCH_ADDED, WebhookEvent.WATCH_DELETED, WebhookEvent.LIST)
    clock.at += timedelta(seconds=1)
    watch = stores.watches.log(user.id, WatchEntry(movie=HEAT, day=date(2020, 5, 16)), at=clock())
    stores.watches.delete(user.id, watch.id, at=clock())
    stores.lists.create(user.id, ListDetails(name="Rain"), at=clock(), entries=[(HEAT, "")])
    assert outbox(stores, webhooks, clock).deliver() == (3, 0)
    found = {each["type"]: each["data"] for each in told(receiver)}
    assert found["watch.added"]["changes"][0]["after"]["day"] == "2020-05-16"
    assert found["watch.deleted"]["changes"][0]["after"] is None
    assert (found["list.changed"]["list"]["name"], found["list.changed"]["list"]["movies"]) == ("Rain", 1)
    assert outbox(stores, webhooks, clock).deliver() == (0, 0)


def test_the_deletion_of_a_list_is_told_once(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    before = stores.lists.create(user.id, ListDetails(name="Before"), at=clock())
    stores.lists.delete(before, at=clock())
    add(webhooks, user, receiver, "ok", WebhookEvent.LIST)
    clock.at += timedelta(seconds=1)
    number = stores.lists.create(user.id, ListDetails(name="Rain", public=True), at=clock())
    stores.lists.create(user.id, ListDetails(name="Kept"), at=clock())
    clock.at += timedelta(seconds=1)
    stores.lists.delete(number, at=clock())
    assert outbox(stores, webhooks, clock).deliver() == (2, 0)
    lists = {each["data"]["list"]["name"]: each["data"]["list"] for each in told(receiver)}
    assert {name: one["deleted"] for name, one in lists.items()} == {"Kept": False, "Rain": True}
    assert (lists["Rain"]["id"], lists["Rain"]["public"], lists["Rain"]["movies"]) == (number, True, 0)
    assert outbox(stores, webhooks, clock).deliver() == (0, 0)


def test_a_change_and_a_deletion_of_a_list_between_two_messages_are_told_as_a_deletion(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    number = stores.lists.create(user.id, ListDetails(name="Rain"), at=clock())
    add(webhooks, user, receiver, "ok", WebhookEvent.LIST)
    clock.at += timedelta(seconds=1)
    stores.lists.change(number, ListDetails(name="Snow"), at=clock())
    stores.lists.delete(number, at=clock())
    assert outbox(stores, webhooks, clock).deliver() == (1, 0)
    (one,) = told(receiver)
    assert (one["data"]["list"]["name"], one["data"]["list"]["deleted"]) == ("Snow", True)
    assert stores.webhooks.purge_deleted_lists(before=clock()) == 0
    assert stores.webhooks.purge_deleted_lists(before=clock() + timedelta(seconds=1)) == 1


def test_only_selected_events_of_the_own_user_are_told(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    add(webhooks, user, receiver, "ok", WebhookEvent.REVIEW)
    bob = stores.accounts.create("bob", password_hash="x", preferences=Preferences(), at=clock())
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    stores.diaries.review(bob.id, HEAT, "Bad", at=clock())
    assert outbox(stores, webhooks, clock).deliver() == (0, 0)
    assert stores.webhooks.behind() == []


def test_an_import_of_many_movies_is_told_in_a_few_messages(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    add(webhooks, user, receiver)
    stores.diaries.rate(user.id, {MovieId(number): 3.0 for number in range(1, 251)}, at=clock())
    assert outbox(stores, webhooks, clock).deliver() == (3, 0)
    assert sorted(len(each["data"]["changes"]) for each in told(receiver)) == [50, 100, 100]


@pytest.mark.parametrize("path", ["500", "reset", "redirect", "hang"])
def test_a_message_that_fails_is_sent_again_later_with_the_same_id(  # noqa: PLR0917 - fixtures
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver, path: str
) -> None:
    webhook = add(webhooks, user, receiver, path)
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    sent = outbox(stores, webhooks, clock, seconds=0.3)
    assert sent.deliver() == (0, 1)
    assert sent.deliver() == (0, 0)
    (waiting,) = webhooks.deliveries(user, webhook.id)
    assert (waiting.status, waiting.attempts) == (DeliveryStatus.WAITING, 1)
    assert waiting.next_at == clock() + timedelta(seconds=30)
    clock.at += timedelta(seconds=30)
    assert sent.deliver() == (0, 1)
    (waiting,) = webhooks.deliveries(user, webhook.id)
    assert waiting.next_at == clock() + timedelta(minutes=2)
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 1
    assert len(receiver.received) == 2


def test_pauses_grow_up_to_half_a_day() -> None:
    pauses = [delivery.pause_after(attempts) for attempts in range(MAX_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=30), timedelta(hours=12))


def test_a_webhook_that_fails_for_days_is_disabled_and_told_everything_once_it_is_enabled(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook = add(webhooks, user, receiver, "500")
    sent = outbox(stores, webhooks, clock)
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    began = clock.at
    while webhooks.of_user(user)[0].disabled_at is None:
        stores.diaries.rate(user.id, {JAWS: 1.0 + len(receiver.received) % 2}, at=clock())
        sent.deliver()
        clock.at += timedelta(hours=12)
    assert clock.at - began >= DISABLED_AFTER
    assert {one.status for one in webhooks.deliveries(user, webhook.id)} == {DeliveryStatus.FAILED}
    with pytest.raises(InvalidRequest, match="enabled"):
        webhooks.test(user, webhook.id)
    stores.diaries.rate(user.id, {MovieId(7): 5.0}, at=clock())
    count = len(receiver.received)
    assert sent.deliver() == (0, 0)
    webhooks.enable(user, webhook.id)
    assert sent.deliver() == (0, 1)
    assert len(receiver.received) == count + 1


def test_a_delivered_message_ends_a_series_of_failures(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    failing, fine = add(webhooks, user, receiver, "500"), add(webhooks, user, receiver, "ok")
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    outbox(stores, webhooks, clock).deliver()
    since = {each.id: each.failing_since for each in webhooks.of_user(user)}
    assert since == {failing.id: clock(), fine.id: None}


def test_a_server_that_is_gone_is_not_told_again(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    add(webhooks, user, receiver, "410")
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    outbox(stores, webhooks, clock).deliver()
    assert webhooks.of_user(user)[0].disabled_at == clock()


def test_a_user_with_a_confirmed_address_is_told_by_email_that_a_webhook_was_disabled(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    sent: list[tuple[str, str, str]] = []
    stores.accounts.set_email(user.id, "ada@example.org")
    add(webhooks, user, receiver, "410")
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    outbox(stores, webhooks, clock, send=lambda *email: sent.append(email)).deliver()
    ((address, subject, text),) = sent
    assert (address, subject) == ("ada@example.org", "Marquee: a webhook was disabled")
    assert "your webhook at 127.0.0.1 has failed" in text
    assert receiver.url("410") not in text
    assert "https://films.example/account/apps" in text


@pytest.mark.parametrize("email", ["", "ada@example.org"])
def test_a_missing_address_or_a_broken_mail_server_stops_no_delivery(  # noqa: PLR0917 - fixtures
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver, email: str
) -> None:
    sent: list[str] = []

    def broken(address: str, _subject: str, _text: str) -> None:
        sent.append(address)
        raise OSError("no route")

    stores.accounts.set_email(user.id, email)
    add(webhooks, user, receiver, "410")
    add(webhooks, user, receiver, "ok")
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    assert outbox(stores, webhooks, clock, send=broken).deliver() == (1, 1)
    assert sent == ([email] if email else [])


def test_after_the_last_attempt_a_message_failed(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook = add(webhooks, user, receiver, "500")
    stores.diaries.rate(user.id, {HEAT: 4.5}, at=clock())
    sent = outbox(stores, webhooks, clock)
    for attempt in range(MAX_ATTEMPTS):
        assert sent.deliver() == (0, 1), attempt
        clock.at += timedelta(hours=12) if attempt > 5 else delivery.pause_after(attempt)
    (one,) = webhooks.deliveries(user, webhook.id)
    assert (one.status, one.next_at, one.attempts) == (DeliveryStatus.FAILED, None, MAX_ATTEMPTS)


def test_messages_of_a_process_that_died_are_sent_by_another_one(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook = add(webhooks, user, receiver)
    webhooks.test(user, webhook.id)
    claimed = stores.webhooks.claim(at=clock(), until=clock() + delivery.CLAIMED, limit=8)
    assert len(claimed) == 1
    sent = outbox(stores, webhooks, clock)
    assert sent.deliver() == (0, 0)
    clock.at += delivery.CLAIMED
    assert sent.deliver() == (1, 0)


def test_a_test_message_is_sent_on_request(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook = add(webhooks, user, receiver, "ok", WebhookEvent.REVIEW)
    webhooks.test(user, webhook.id)
    assert outbox(stores, webhooks, clock).deliver() == (1, 0)
    assert told(receiver)[0]["type"] == "test"


def test_the_log_of_a_webhook_is_bounded(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook = add(webhooks, user, receiver)
    for _ in range(108):
        webhooks.test(user, webhook.id)
    assert outbox(stores, webhooks, clock).deliver() == (108, 0)
    assert len(stores.webhooks.exported(user.id)["webhook_deliveries"]) == 100


def test_secrets_are_stored_encrypted_and_of_no_use_with_another_key(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    webhook, secret = webhooks.add(user, receiver.url("ok"), SELECTABLE)
    assert secret not in webhook.secret
    assert webhooks._encryption.decrypt(webhook.secret) == secret
    webhooks.test(user, webhook.id)
    other = Webhooks(stores.webhooks, key=lambda: "another key", private=True, clock=clock)
    assert outbox(stores, other, clock).deliver() == (0, 1)
    assert webhooks.deliveries(user, webhook.id)[0].answer == KEY_CHANGED
    assert receiver.received == []


def test_webhooks_are_bounded_checked_and_belong_to_one_user(
    stores: Stores, webhooks: Webhooks, clock: Clock, user: User, receiver: Receiver
) -> None:
    bob = stores.accounts.create("bob", password_hash="x", preferences=Preferences(), at=clock())
    webhook = add(webhooks, user, receiver)
    for act in (webhooks.delete, webhooks.test, webhooks.enable, webhooks.deliveries):
        with pytest.raises(NotFound):
            act(bob, webhook.id)
    for events in ((), (WebhookEvent.TEST,)):
        with pytest.raises(InvalidRequest, match="events"):
            webhooks.add(user, receiver.url("ok"), events)
    for _ in range(MAX_WEBHOOKS - 1):
        add(webhooks, user, receiver)
    with pytest.raises(InvalidRequest, match="at most"):
        add(webhooks, user, receiver)
    webhooks.delete(user, webhook.id)
    add(webhooks, user, receiver)


def test_the_job_delivers_and_ends_at_once_without_webhooks(
    stores: Stores, clock: Clock, user: User, receiver: Receiver, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, webhook_private=True, secret_key="the key of the site, long enough")
    missing: Any = None
    context = JobContext(settings, stores, missing, missing, clock)
    assert delivery.run(context, UncancellableWork(), parameters={}).figures == {"delivered": 0, "failed": 0}
    keyed = Webhooks(stores.webhooks, key=lambda: "the key of the site, long enough", private=True, clock=clock)
    keyed.test(user, add(keyed, user, receiver).id)
    keyed.test(user, add(keyed, user, receiver, "500").id)
    done = delivery.run(context, UncancellableWork(), parameters={"seconds": 0})
    assert done.figures == {"delivered": 1, "failed": 1}
