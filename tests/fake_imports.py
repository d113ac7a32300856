"""Previews of imports, webhooks and reports of media servers, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from core.errors import InvalidRequest, NotFound
from core.sync.records import (
    MAX_WEBHOOKS,
    Delivery,
    DeliveryStatus,
    ImportDraft,
    NewDelivery,
    Scrobble,
    Webhook,
    WebhookEvent,
)
from core.users import User, UserId


@dataclass
class FakeDrafts:
    """Stores previews in a dictionary."""

    drafts: dict[str, ImportDraft] = field(default_factory=dict)

    def add(self, draft: ImportDraft, *, at: datetime) -> None:
        """Store a preview."""
        del at
        self.drafts[draft.id] = draft

    def get(self, user: UserId, draft: str, *, at: datetime) -> ImportDraft | None:
        """Return a preview of a user that has not expired."""
        found = self.drafts.get(draft)
        return found if found and found.user == user and found.expires_at > at else None

    def replace(self, user: UserId, draft: str, content: bytes) -> bool:
        """Replace the content of a preview; return whether it exists."""
        found = self.drafts.get(draft)
        if found is None or found.user != user:
            return False
        self.drafts[draft] = replace(found, content=content)
        return True

    def delete(self, user: UserId, draft: str) -> None:
        """Delete a preview, if it exists."""
        if draft in self.drafts and self.drafts[draft].user == user:
            del self.drafts[draft]


class FakeWebhooks:
    """Webhooks in memory, whose messages wait for ever."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._webhooks: dict[int, Webhook] = {}
        self._deliveries: list[Delivery] = []

    def add(self, user: UserId, url: str, events: Iterable[WebhookEvent], *, secret: str, at: datetime) -> Webhook:
        """Create a webhook."""
        if len(self.of_user(user)) >= MAX_WEBHOOKS:
            raise InvalidRequest({"url": f"expected at most {MAX_WEBHOOKS} webhooks"})
        made = Webhook(next(self._numbers), user, url, frozenset(events), secret, at)
        self._webhooks[made.id] = made
        return made

    def of_user(self, user: UserId) -> Sequence[Webhook]:
        """Return the webhooks of a user, the oldest first."""
        return [one for one in self._webhooks.values() if one.user == user]

    def get(self, user: UserId, webhook: int) -> Webhook:
        """Return a webhook of a user."""
        found = self._webhooks.get(webhook)
        if found is None or found.user != user:
            raise NotFound(f"no webhook {webhook}")
        return found

    def delete(self, user: UserId, webhook: int) -> None:
        """Delete a webhook."""
        del self._webhooks[self.get(user, webhook).id]

    def enable(self, user: UserId, webhook: int) -> None:
        """Resume a disabled webhook."""
        self._webhooks[webhook] = replace(self.get(user, webhook), failing_since=None, disabled_at=None)

    def deliveries(self, user: UserId, webhook: int) -> Sequence[Delivery]:
        """Return the messages of a webhook, latest first."""
        self.get(user, webhook)
        return [one for one in reversed(self._deliveries) if one.webhook == webhook]

    def enqueue(self, webhook: Webhook, new: Sequence[NewDelivery], *, at: datetime, **more: object) -> bool:
        """Store messages."""
        del more
        for one in new:
            self._deliveries.append(
                Delivery(
                    next(self._numbers),
                    webhook.id,
                    one.message,
                    one.event,
                    one.payload,
                    DeliveryStatus.WAITING,
                    0,
                    at,
                    at,
                )
            )
        return True


class FakeScrobbles:
    """Reports of media servers in memory."""

    def __init__(self) -> None:
        self._reports: dict[int, tuple[UserId, Scrobble]] = {}
        self._numbers = count(1)

    def add(self, user: UserId, scrobble: Scrobble) -> int:
        """Store a report."""
        number = next(self._numbers)
        self._reports[number] = (user, scrobble)
        return number

    def claim(self, user: UserId, scrobble: Scrobble, *, since: datetime) -> int | None:
        """Store a report, unless the same movie was logged since a time."""
        if any(one.movie == scrobble.movie and one.at >= since for one in self.latest(user)):
            return None
        return self.add(user, scrobble)

    def withdraw(self, user: UserId, number: int) -> None:
        """Delete a report."""
        del user
        self._reports.pop(number, None)

    def latest(self, user: UserId) -> Sequence[Scrobble]:
        """Return the reports of a user, latest first."""
        return [found for owner, found in reversed(self._reports.values()) if owner == user]


class EmptyExport:
    """An export for Letterboxd without anything in it."""

    def archive(self, user: User) -> bytes:
        """Return an archive without a file."""
        del user
        return b"PK\x05\x06" + bytes(18)
