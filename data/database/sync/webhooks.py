"""The store of webhooks and of their outbox: messages that wait for delivery, and the latest delivered ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidRequest, NotFound
from core.sync.records import (
    KEPT_DELIVERIES,
    MAX_WAITING,
    MAX_WEBHOOKS,
    Attempt,
    ChangedList,
    Delivery,
    DeliveryStatus,
    NewDelivery,
    Webhook,
    WebhookEvent,
)
from core.users import Change, UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import list_entries, lists
from data.database.schema import AnyRow, changes
from data.database.sync.tables import deleted_lists, webhook_deliveries, webhooks

_ACTIVE = webhooks.c.disabled_at.is_(None)
_WAITING = webhook_deliveries.c.status == DeliveryStatus.WAITING


class WebhookStore:
    """Stores webhooks. What changed since the last message is read from the history, which no writer can bypass."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: UserId, url: str, events: Iterable[WebhookEvent], *, secret: str, at: datetime) -> Webhook:
        """Create a webhook for changes from now on. Raises `NotFound`, and `InvalidRequest` (field `url`) for too many.

        Args:
            user: its owner.
            url: its address.
            events: what it is told of.
            secret: the encrypted secret.
            at: the time of the creation.
        """
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)  # changes that are written now are counted
            own = sa.select(sa.func.count()).select_from(webhooks).where(webhooks.c.user_id == user)
            if (connection.scalar(own) or 0) >= MAX_WEBHOOKS:
                raise InvalidRequest({"url": f"you can have at most {MAX_WEBHOOKS} webhooks; delete one first"})
            last = sa.select(sa.func.max(changes.c.id)).where(changes.c.user_id == user)
            values = {
                "user_id": user, "url": url, "events": " ".join(sorted(events)), "secret": secret, "created_at": at,
                "change": connection.scalar(last) or 0, "lists_at": at,
            }  # fmt: skip
            row = connection.execute(sa.insert(webhooks).values(values).returning(*webhooks.c)).one()
        return _webhook(row)

    def of_user(self, user: UserId) -> Sequence[Webhook]:
        """Return the webhooks of a user, the oldest first."""
        own = sa.select(webhooks).where(webhooks.c.user_id == user).order_by(webhooks.c.id)
        with self._database.reading() as connection:
            return [_webhook(row) for row in connection.execute(own)]

    def get(self, user: UserId, webhook: int) -> Webhook:
        """Return a webhook of a user. Raises `NotFound`."""
        own = sa.select(webhooks).where(_of(user, webhook))
        with self._database.reading() as connection:
            row = connection.execute(own).one_or_none()
        if row is None:
            raise _missing(webhook)
        return _webhook(row)

    def delete(self, user: UserId, webhook: int) -> None:
        """Delete a webhook with its messages. Raises `NotFound`."""
        with self._database.writing() as connection:
            if not connection.execute(sa.delete(webhooks).where(_of(user, webhook))).rowcount:
                raise _missing(webhook)

    def enable(self, user: UserId, webhook: int) -> None:
        """Resume a disabled webhook; it is told of what changed meanwhile. Raises `NotFound`."""
        resumed = sa.update(webhooks).where(_of(user, webhook)).values(failing_since=None, disabled_at=None)
        with self._database.writing() as connection:
            if not connection.execute(resumed).rowcount:
                raise _missing(webhook)

    def deliveries(self, user: UserId, webhook: int) -> Sequence[Delivery]:
        """Return the latest messages of a webhook, latest first."""
        own = sa.select(webhook_deliveries).where(
            webhook_deliveries.c.user_id == user, webhook_deliveries.c.webhook_id == webhook
        )
        latest = own.order_by(webhook_deliveries.c.id.desc()).limit(KEPT_DELIVERIES)
        with self._database.reading() as connection:
            return [_delivery(row) for row in connection.execute(latest)]

    def exported(self, user: UserId) -> dict[str, list[dict[str, Any]]]:
        """Return the rows about a user, by table, without secrets."""
        with self._database.reading() as connection:
            return {
                table.name: [
                    {name: value for name, value in row._mapping.items() if name not in ("user_id", "secret")}
                    for row in connection.execute(sa.select(table).where(table.c.user_id == user))
                ]
                for table in (webhooks, webhook_deliveries, deleted_lists)
            }

    def any_active(self) -> bool:
        """Whether any webhook is to be told of changes, or any message waits."""
        active = sa.select(webhooks.c.id).where(_ACTIVE).limit(1)
        with self._database.reading() as connection:
            return connection.execute(active).first() is not None

    def behind(self) -> Sequence[Webhook]:
        """Return the active webhooks of users who changed something that they were not told of."""
        changed = sa.exists().where(changes.c.user_id == webhooks.c.user_id, changes.c.id > webhooks.c.change)
        listed = sa.exists().where(lists.c.user_id == webhooks.c.user_id, lists.c.changed_at > webhooks.c.lists_at)
        gone = sa.exists().where(
            deleted_lists.c.user_id == webhooks.c.user_id, deleted_lists.c.at > webhooks.c.lists_at
        )
        found = sa.select(webhooks).where(_ACTIVE, changed | listed | gone).order_by(webhooks.c.id)
        with self._database.reading() as connection:
            return [_webhook(row) for row in connection.execute(found)]

    def changes(self, webhook: Webhook, *, limit: int) -> Sequence[tuple[int, Change]]:
        """Return the oldest changes that a webhook was not told of, with their numbers."""
        columns = (changes.c.id, changes.c.movie, changes.c.what, changes.c.before, changes.c.after, changes.c.at)
        own = sa.select(*columns).where(changes.c.user_id == webhook.user, changes.c.id > webhook.change)
        with self._database.reading() as connection:
            return [(row[0], Change(*row[1:])) for row in connection.execute(own.order_by(changes.c.id).limit(limit))]

    def changed_lists(self, webhook: Webhook, *, limit: int) -> Sequence[ChangedList]:
        """Return the user's own lists that changed or were deleted since then, the first to change first."""
        size = sa.select(sa.func.count()).where(list_entries.c.list_id == lists.c.id).scalar_subquery()
        columns = (lists.c.id, lists.c.name, lists.c.public, lists.c.changed_at, size)
        own = sa.select(*columns).where(lists.c.user_id == webhook.user, lists.c.changed_at > webhook.lists_at)
        deleted = deleted_lists.c
        gone = sa.select(deleted.number, deleted.name, deleted.public, deleted.at).where(
            deleted.user_id == webhook.user, deleted.at > webhook.lists_at
        )
        with self._database.reading() as connection:
            changed = connection.execute(own.order_by(lists.c.changed_at, lists.c.id).limit(limit)).all()
            missing = connection.execute(gone.order_by(deleted.at, deleted.number).limit(limit)).all()
        found = [ChangedList(*row) for row in changed]
        found += [ChangedList(*row, movies=0, deleted=True) for row in missing]
        return sorted(found, key=lambda one: (one.changed_at, one.id))[:limit]

    def purge_deleted_lists(self, *, before: datetime) -> int:
        """Delete what is kept about lists that were deleted before a time; return their number."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(deleted_lists).where(deleted_lists.c.at < before)).rowcount

    def enqueue(
        self, webhook: Webhook, new: Sequence[NewDelivery], *, change: int, lists_at: datetime | None, at: datetime
    ) -> bool:
        """Add messages to the outbox and record what they tell of, all or nothing.

        Return whether it was done: not if another process did it meanwhile, or `MAX_WAITING` messages wait.
        """
        told = sa.update(webhooks).where(webhooks.c.id == webhook.id, webhooks.c.change == webhook.change, _ACTIVE)
        told = told.where(webhooks.c.lists_at == webhook.lists_at).values(change=change, lists_at=lists_at)
        waiting = sa.select(sa.func.count()).select_from(webhook_deliveries)
        waiting = waiting.where(webhook_deliveries.c.webhook_id == webhook.id, _WAITING)
        rows = [
            {
                "user_id": webhook.user, "webhook_id": webhook.id, "message": one.message, "event": one.event,
                "payload": one.payload, "status": DeliveryStatus.WAITING, "attempts": 0, "created_at": at,
                "next_at": at, "answer": "",
            }
            for one in new
        ]  # fmt: skip
        with self._database.writing() as connection:
            if (connection.scalar(waiting) or 0) + len(rows) > MAX_WAITING:
                return False
            if not connection.execute(told).rowcount:
                return False
            if rows:
                connection.execute(sa.insert(webhook_deliveries), rows)
        return True

    def claim(self, *, at: datetime, until: datetime, limit: int) -> Sequence[tuple[Webhook, Delivery]]:
        """Return messages that are due, oldest first, and keep them from other processes for a while."""
        due = (
            sa.select(webhook_deliveries.c.id)
            .join(webhooks, webhooks.c.id == webhook_deliveries.c.webhook_id)
            .where(_WAITING, webhook_deliveries.c.next_at <= at, _ACTIVE)
            .order_by(webhook_deliveries.c.next_at, webhook_deliveries.c.id)
            .limit(limit)
        )
        with self._database.writing() as connection:
            numbers = list(connection.scalars(due.with_for_update(of=webhook_deliveries, skip_locked=True)))
            if not numbers:
                return []
            own = webhook_deliveries.c.id.in_(numbers)
            connection.execute(sa.update(webhook_deliveries).where(own).values(next_at=until))
            deliveries = connection.execute(sa.select(webhook_deliveries).where(own).order_by(webhook_deliveries.c.id))
            claimed = [_delivery(row) for row in deliveries]
            called = webhooks.c.id.in_({one.webhook for one in claimed})
            known = {row.id: _webhook(row) for row in connection.execute(sa.select(webhooks).where(called))}
            return [(known[one.webhook], one) for one in claimed]

    def settle(
        self,
        delivery: Delivery,
        attempt: Attempt,
        *,
        at: datetime,
        next_at: datetime | None,
        disabled_before: datetime,
    ) -> bool:
        """Record the result of an attempt; return whether it disabled the webhook.

        Args:
            delivery: the message.
            attempt: what the server answered.
            at: the time of the attempt.
            next_at: when to try again; None: never.
            disabled_before: a webhook that has failed since before this time is disabled.
        """
        status = DeliveryStatus.DELIVERED if attempt.delivered else DeliveryStatus.FAILED
        values = {
            "status": DeliveryStatus.WAITING if next_at and not attempt.delivered else status,
            "attempts": delivery.attempts + 1, "answer": attempt.answer,
            "next_at": None if attempt.delivered else next_at,
        }  # fmt: skip
        with self._database.writing() as connection:
            own = webhook_deliveries.c.id == delivery.id
            connection.execute(sa.update(webhook_deliveries).where(own).values(values))
            _prune(connection, delivery.webhook)
            of_webhook = sa.update(webhooks).where(webhooks.c.id == delivery.webhook)
            if attempt.delivered:
                connection.execute(of_webhook.values(failing_since=None))
                return False
            since = sa.func.coalesce(webhooks.c.failing_since, sa.literal(at, webhooks.c.failing_since.type))
            connection.execute(of_webhook.values(failing_since=since))
            failed = sa.true() if attempt.gone else webhooks.c.failing_since <= disabled_before
            disabled = connection.execute(of_webhook.where(_ACTIVE, failed).values(disabled_at=at)).rowcount > 0
            _end_waiting(connection, delivery.webhook)
            return disabled


def _end_waiting(connection: sa.Connection, webhook: int) -> None:
    """Give up the messages of a webhook that is disabled; also by another thread, meanwhile."""
    off = sa.exists().where(webhooks.c.id == webhook, webhooks.c.disabled_at.is_not(None))
    left = (webhook_deliveries.c.webhook_id == webhook) & _WAITING & off
    connection.execute(sa.update(webhook_deliveries).where(left).values(status=DeliveryStatus.FAILED, next_at=None))


def _prune(connection: sa.Connection, webhook: int) -> None:
    """Delete all but the latest messages that are not waiting."""
    done = (webhook_deliveries.c.webhook_id == webhook) & sa.not_(_WAITING)
    latest = sa.select(webhook_deliveries.c.id).where(done).order_by(webhook_deliveries.c.id.desc())
    oldest = connection.scalar(latest.offset(KEPT_DELIVERIES - 1).limit(1))
    if oldest is not None:
        connection.execute(sa.delete(webhook_deliveries).where(done, webhook_deliveries.c.id < oldest))


def _of(user: UserId, webhook: int) -> sa.ColumnElement[bool]:
    return (webhooks.c.user_id == user) & (webhooks.c.id == webhook)


def _webhook(row: AnyRow) -> Webhook:
    return Webhook(
        id=row.id, user=row.user_id, url=row.url, events=frozenset(map(WebhookEvent, row.events.split())),
        secret=row.secret, created_at=row.created_at, failing_since=row.failing_since, disabled_at=row.disabled_at,
        change=row.change, lists_at=row.lists_at,
    )  # fmt: skip


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id, webhook=row.webhook_id, message=row.message, event=WebhookEvent(row.event), payload=row.payload,
        status=DeliveryStatus(row.status), attempts=row.attempts, created_at=row.created_at, next_at=row.next_at,
        answer=row.answer,
    )  # fmt: skip


def _missing(webhook: int) -> NotFound:
    return NotFound(f"no webhook {webhook}")
