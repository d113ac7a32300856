"""The store of the security log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.users import SecurityEvent, SecurityEventKind, UserId
from data.database.connections import Database
from data.database.schema import AnyRow, security_events, sessions
from data.database.stores.accounts import existing

_EVENT = (
    security_events.c.user_id,
    security_events.c.at,
    security_events.c.kind,
    security_events.c.place,
    security_events.c.label,
    security_events.c.device_hash,
)
_SIGN_INS = (SecurityEventKind.SIGN_IN, SecurityEventKind.NEW_DEVICE)


class SecurityEventStore:
    """Stores what happened to the credentials of users."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, events: Sequence[SecurityEvent], /) -> None:
        """Append events; those of deleted accounts are ignored."""
        with self.database.writing() as connection:
            known = existing(connection, [event.user for event in events])
            rows = [_values(event) for event in events if event.user in known]
            if rows:
                connection.execute(sa.insert(security_events), rows)

    def add_sign_in(self, event: SecurityEvent, *, session: int) -> SecurityEvent:
        """Append a sign-in, as one from a new device if the device is new to an account that has signed in before.

        A new device sets the notice of the user's other sessions. The session gets the notice itself if a new device
        has signed in since its own device last did.
        """
        with self.database.writing() as connection:
            if not existing(connection, [event.user]):
                return event
            last = connection.scalar(_last_sign_in(event.user, event.device_hash)) if event.device_hash else None
            is_first = connection.execute(_sign_ins(event.user).limit(1)).first() is None
            kind = SecurityEventKind.SIGN_IN if is_first or last is not None else SecurityEventKind.NEW_DEVICE
            noted = SecurityEvent(event.user, event.at, kind, event.place, event.label, event.device_hash)
            connection.execute(sa.insert(security_events), [_values(noted)])
            missed = last is not None and connection.execute(_new_devices(event.user, since=last)).first() is not None
            theirs = sa.update(sessions).where(sessions.c.user_id == event.user).values(notice_at=event.at)
            if kind == SecurityEventKind.NEW_DEVICE:
                connection.execute(theirs.where(sessions.c.id != session))
            elif missed:
                connection.execute(theirs.where(sessions.c.id == session))
            return noted

    def dismiss(self, user: UserId, session: int) -> None:
        """Delete the notice of a session."""
        own = sa.update(sessions).where(sessions.c.user_id == user, sessions.c.id == session).values(notice_at=None)
        with self.database.writing() as connection:
            connection.execute(own)

    def of_user(self, user: UserId, *, limit: int | None = None) -> list[SecurityEvent]:
        """Return the events of a user, latest first."""
        latest = (
            sa.select(*_EVENT)
            .where(security_events.c.user_id == user)
            .order_by(security_events.c.at.desc(), security_events.c.id.desc())
            .limit(limit)
        )
        with self.database.reading() as connection:
            return [_event(row) for row in connection.execute(latest)]

    def purge(self, *, before: datetime) -> int:
        """Delete older events; return their number."""
        with self.database.erasing() as connection:
            return connection.execute(sa.delete(security_events).where(security_events.c.at < before)).rowcount


def _sign_ins(user: UserId) -> sa.Select[datetime]:
    table = security_events.c
    return sa.select(table.at).where(table.user_id == user, table.kind.in_(_SIGN_INS))


def _last_sign_in(user: UserId, device_hash: str) -> sa.Select[datetime]:
    latest = security_events.c.at.desc()
    return _sign_ins(user).where(security_events.c.device_hash == device_hash).order_by(latest).limit(1)


def _new_devices(user: UserId, *, since: datetime) -> sa.Select[datetime]:
    table = security_events.c
    return _sign_ins(user).where(table.kind == SecurityEventKind.NEW_DEVICE, table.at > since).limit(1)


def _values(event: SecurityEvent) -> dict[str, object]:
    return {
        "user_id": event.user,
        "at": event.at,
        "kind": event.kind.value,
        "place": event.place,
        "label": event.label,
        "device_hash": event.device_hash,
    }


def _event(row: AnyRow) -> SecurityEvent:
    return SecurityEvent(
        UserId(row.user_id), row.at, SecurityEventKind(row.kind), row.place, row.label, row.device_hash
    )
