"""Webhooks: addresses of users' programs that are told of changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from core.errors import InvalidRequest
from core.sync.records import Delivery, Webhook, WebhookEvent
from core.users import User
from data.database.sync.webhooks import WebhookStore
from engine import clock
from engine.accounts.second_factors.encryption import Encryption
from engine.sync import messages, sender, targets
from engine.sync.delivery import PURPOSE

SELECTABLE = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)


class Webhooks:
    """Users' webhooks. A secret is shown once and stored encrypted, since messages are signed with it."""

    def __init__(
        self, store: WebhookStore, *, key: Callable[[], str], private: bool = False, clock: clock.Clock = clock.now
    ) -> None:
        """`private` allows addresses of private networks, and plain HTTP."""
        self._store, self._private, self._clock = store, private, clock
        self._encryption = Encryption(key, purpose=PURPOSE)

    def add(self, user: User, url: str, events: Collection[WebhookEvent]) -> tuple[Webhook, str]:
        """Create a webhook; return it with its secret. Raises `InvalidRequest` (fields `url`, `events`)."""
        url = url.strip()
        targets.parse(url, private=self._private)
        if not events or not set(events) <= set(SELECTABLE):
            raise InvalidRequest({"events": f"expected at least one of {', '.join(SELECTABLE)}"})
        secret = sender.new_secret()
        encrypted = self._encryption.encrypt(secret)
        return self._store.add(user.id, url, events, secret=encrypted, at=self._clock()), secret

    def of_user(self, user: User) -> Sequence[Webhook]:
        """Return the webhooks of a user, the oldest first."""
        return self._store.of_user(user.id)

    def deliveries(self, user: User, webhook: int) -> Sequence[Delivery]:
        """Return the latest messages of a webhook, latest first. Raises `NotFound`."""
        return self._store.deliveries(user.id, self._store.get(user.id, webhook).id)

    def test(self, user: User, webhook: int) -> None:
        """Queue a test message. Raises `NotFound`; `InvalidRequest` if too many messages wait, or it is disabled."""
        found, at = self._store.get(user.id, webhook), self._clock()
        new = messages.message(WebhookEvent.TEST, {"user": user.name}, at=at)
        if not self._store.enqueue(found, [new], change=found.change, lists_at=found.lists_at, at=at):
            raise InvalidRequest({"webhook": "expected an enabled webhook without thousands of waiting messages"})

    def enable(self, user: User, webhook: int) -> None:
        """Resume a webhook that was disabled. Raises `NotFound`."""
        self._store.enable(user.id, webhook)

    def delete(self, user: User, webhook: int) -> None:
        """Delete a webhook with its messages. Raises `NotFound`."""
        self._store.delete(user.id, webhook)
