"""The job `webhooks`: write messages about changes into the outbox and deliver them, with retries."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from core.jobs.runs import Kind, Parameter, Result, Work, check_parameters
from core.sync.records import Attempt, Delivery, Webhook, WebhookEvent
from data.database.sync.webhooks import WebhookStore
from engine.accounts import email_recovery
from engine.accounts.credentials import signing_keys
from engine.accounts.second_factors.encryption import Encryption
from engine.job_context import JobContext
from engine.sync import messages
from engine.sync.notices import DisabledNotices
from engine.sync.sender import Sender

log = logging.getLogger("marquee.webhooks")

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {"seconds": Parameter("seconds", Kind.WHOLE, 0, 3_600, 285, "how long to wait for changes; 0: deliver once")}
)
PURPOSE = b"marquee webhooks"
"""What the key is for that encrypts the secrets of webhooks."""
POLL_SECONDS = 2.0
AT_ONCE = 8
"""Messages that are delivered at the same time: a server that hangs holds up no others."""
CLAIMED = timedelta(minutes=2)
"""After this time, messages of a process that died are delivered by another one."""
MAX_CHANGES = 2_000
"""Changes of a webhook that are written to the outbox at once."""
FIRST_RETRY, GROWTH, LONGEST_RETRY = timedelta(seconds=30), 4, timedelta(hours=12)
MAX_ATTEMPTS = 10
"""Attempts to deliver a message: for about two days."""
DISABLED_AFTER = timedelta(days=3)
"""A webhook that fails for so long is disabled."""
KEY_CHANGED = "the site's key was changed, so that messages cannot be signed: delete this webhook and create it again"


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Deliver what is due, and what becomes due within some minutes; end at once if there are no webhooks."""
    seconds = check_parameters(PARAMETERS, parameters)["seconds"]
    encryption = Encryption(partial(signing_keys.secret_key, context.settings), purpose=PURPOSE)
    outbox = Outbox(
        context.stores.webhooks,
        Sender(private=context.settings.webhook_private),
        decrypt=encryption.decrypt,
        clock=context.clock,
        notices=DisabledNotices(
            context.stores.accounts, email_recovery.sender(context.settings), site_url=context.settings.site_url
        ),
    )
    until = time.monotonic() + seconds
    delivered, failed, pause = 0, 0, threading.Event()
    while context.stores.webhooks.any_active():
        work.check()
        good, bad = outbox.deliver()
        delivered, failed = delivered + good, failed + bad
        if time.monotonic() >= until:
            break
        if not good + bad:
            pause.wait(POLL_SECONDS)
    work.say(f"delivered {delivered:,} messages; {failed:,} attempts failed")
    return Result({"delivered": delivered, "failed": failed})


class Outbox:
    """Writes messages about changes, and delivers those that are due."""

    def __init__(
        self,
        store: WebhookStore,
        sender: Sender,
        *,
        decrypt: Callable[[str], str | None],
        clock: Callable[[], datetime],
        notices: DisabledNotices | None = None,
    ) -> None:
        """`notices` tells users of webhooks that are disabled."""
        self._notices = notices
        self._store, self._sender, self._decrypt, self._clock = store, sender, decrypt, clock

    def deliver(self) -> tuple[int, int]:
        """Deliver what is due now; return the numbers of delivered messages and of failed attempts."""
        for webhook in self._store.behind():
            self._write(webhook)
        at = self._clock()
        claimed = self._store.claim(at=at, until=at + CLAIMED, limit=AT_ONCE)
        delivered = failed = 0
        while claimed:
            for done in self._send_all(claimed):
                delivered, failed = delivered + done, failed + (not done)
            at = self._clock()
            claimed = self._store.claim(at=at, until=at + CLAIMED, limit=AT_ONCE)
        return delivered, failed

    def _write(self, webhook: Webhook) -> None:
        """Write messages about everything that a webhook was not told of."""
        at = self._clock()
        changes = self._store.changes(webhook, limit=MAX_CHANGES)
        lists = self._store.changed_lists(webhook, limit=MAX_CHANGES)
        new = messages.of_changes((change for _, change in changes), webhook.events, at=at)
        if WebhookEvent.LIST in webhook.events:
            new += messages.of_lists(lists, at=at)
        told = max((number for number, _ in changes), default=webhook.change)
        lists_at = max((one.changed_at for one in lists), default=webhook.lists_at)
        if not self._store.enqueue(webhook, new, change=told, lists_at=lists_at, at=at):
            log.debug("messages of webhook %d wait: too many were not delivered yet", webhook.id)

    def _send_all(self, claimed: Sequence[tuple[Webhook, Delivery]]) -> list[bool]:
        with ThreadPoolExecutor(AT_ONCE, "webhook") as threads:
            return list(threads.map(lambda pair: self._send(*pair), claimed))

    def _send(self, webhook: Webhook, delivery: Delivery) -> bool:
        at, secret = self._clock(), self._decrypt(webhook.secret)
        if secret is None:
            attempt = Attempt(delivered=False, answer=KEY_CHANGED)
        else:
            attempt = self._sender.send(webhook.url, secret, message=delivery.message, payload=delivery.payload, at=at)
        again = at + pause_after(delivery.attempts) if delivery.attempts + 1 < MAX_ATTEMPTS else None
        disabled = self._store.settle(delivery, attempt, at=at, next_at=again, disabled_before=at - DISABLED_AFTER)
        if disabled:
            log.warning("webhook %d of account %d was disabled: %s", webhook.id, webhook.user, attempt.answer)
            if self._notices is not None:
                self._notices.tell(webhook, attempt.answer)
        return attempt.delivered


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after an attempt, given the number of those before: 30 s, 2 min, 8 min, … 12 h."""
    return min(FIRST_RETRY * int(GROWTH ** min(attempts, MAX_ATTEMPTS)), LONGEST_RETRY)
