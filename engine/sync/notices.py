"""The email that tells a user that a webhook was disabled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from core.sync.records import Webhook
from data.database.stores.accounts import AccountStore
from engine import mail

log = logging.getLogger("marquee.webhooks")

Send = Callable[[str, str, str], None]
"""Sends an email: address, subject, text."""
SUBJECT = "Marquee: a webhook was disabled"
TEXT = """Hello {name},

your webhook at {host} has failed for days, or asked not to be called again, and was disabled. The last answer:

    {answer}

Once it is enabled again on the page Connected apps ({page}), it is told of everything that changed meanwhile.
"""
PAGE = "/account/apps"


class DisabledNotices:
    """Tells users by email that a webhook was disabled, if there is a mail server and they confirmed an address."""

    def __init__(self, accounts: AccountStore, send: Send | None, *, site_url: str = "") -> None:
        self._accounts, self._send, self._site_url = accounts, send, site_url

    def tell(self, webhook: Webhook, answer: str) -> None:
        """Send the email. Names only the host, because addresses may contain secrets. Failures are logged."""
        user = self._accounts.user(webhook.user)
        if self._send is None or user is None or not user.email:
            return
        host = urlsplit(webhook.url).hostname or "an unreadable address"
        text = TEXT.format(name=user.name, host=host, answer=answer, page=f"{self._site_url}{PAGE}")
        try:
            self._send(user.email, SUBJECT, text)
        except mail.FAILURES as error:
            log.warning("account %d was not told that webhook %d was disabled: %s", user.id, webhook.id, error)
