"""The security log: what happened to the credentials of users, in the database and as log lines without secrets."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from core.errors import StoreUnavailable
from core.jobs.retention import SECURITY_DAYS
from core.users import Client, SecurityEvent, SecurityEventKind, UserId
from data.database import Stores
from engine.clock import Clock
from engine.online.event_queue import EventQueue

SHOWN = 30
"""Events shown to their user."""
FAILURES = frozenset((SecurityEventKind.WRONG_PASSWORD, SecurityEventKind.WRONG_FACTOR))

log = logging.getLogger("marquee.security")


def digest(secret: str) -> str:
    """Return the stored form of a secret: SHA-256 in hexadecimal. Enough for 256 random bits; passwords need Argon2."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class SecurityLog:
    """Records security events. A failure to store one is logged and prevents nothing."""

    def __init__(self, stores: Stores, *, clock: Clock) -> None:
        self._store, self._clock = stores.security_events, clock
        self._failures = EventQueue(self._store, days=SECURITY_DAYS, what="security events")

    def record(self, user: UserId, kind: SecurityEventKind, client: Client) -> None:
        """Record an event of a user."""
        self._note(user, kind, client)
        try:
            self._store.add([self._event(user, kind, client)])
        except StoreUnavailable as error:
            log.warning("a security event was not stored: %s", error)

    def record_failure(self, user: UserId | None, kind: SecurityEventKind, client: Client) -> None:
        """Record a failed attempt; None for an unknown account.

        It is stored in the background, so that a failure takes the same time whether the account exists or not.
        """
        self._note(user, kind, client)
        if user is not None:
            self._failures.notice([self._event(user, kind, client)])

    def record_sign_in(self, user: UserId, client: Client, *, session: int) -> None:
        """Record a sign-in; one from a new device sets the notice of the user's other sessions."""
        kind = SecurityEventKind.SIGN_IN
        try:
            kind = self._store.add_sign_in(self._event(user, kind, client), session=session).kind
        except StoreUnavailable as error:
            log.warning("a security event was not stored: %s", error)
        self._note(user, kind, client)

    def recent(self, user: UserId) -> Sequence[SecurityEvent]:
        """Return the latest events of a user, latest first."""
        return self._store.of_user(user, limit=SHOWN)

    def dismiss(self, user: UserId, session: int) -> None:
        """Do not show the notice about a new device to this session again."""
        self._store.dismiss(user, session)

    def flush(self) -> None:
        """Wait until queued events are stored."""
        self._failures.flush()

    def close(self) -> None:
        """Store the remaining events."""
        self._failures.close()

    def _event(self, user: UserId, kind: SecurityEventKind, client: Client) -> SecurityEvent:
        device = digest(client.device) if client.device else ""
        return SecurityEvent(user, self._clock(), kind, client.place, client.label, device)

    def _note(self, user: UserId | None, kind: SecurityEventKind, client: Client) -> None:
        level = logging.WARNING if kind in FAILURES else logging.INFO
        log.log(
            level,
            "security event=%s user=%s place=%s device=%r",
            kind.value,
            "unknown" if user is None else user,
            client.place or "-",
            client.label,
        )
