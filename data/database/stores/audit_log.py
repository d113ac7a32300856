"""What administrators did, in a table that nothing is deleted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.jobs.runs import AuditEntry
from core.users import UserId
from data.database.connections import Database
from data.database.schema import audit_log
from data.database.stores.accounts import existing
from data.database.values import plain

_ENTRIES = sa.select(
    audit_log.c.id, audit_log.c.at, audit_log.c.by_id, audit_log.c.action, audit_log.c.subject, audit_log.c.details
)


class AuditLogStore:
    """What administrators did, for good."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *, by: UserId | None, action: str, subject: str, details: Mapping[str, Any], at: datetime) -> None:
        """Write one line; of an account that was deleted meanwhile it keeps what was done, not who did it."""
        with self._database.writing() as connection:
            still = by if by is not None and existing(connection, [by]) else None
            values = {"at": at, "by_id": still, "action": action, "subject": subject, "details": plain(details)}
            connection.execute(sa.insert(audit_log).values(values))

    def latest(self, *, limit: int = 100, before: int | None = None) -> Sequence[AuditEntry]:
        """The latest first; `before` is an act's id, for paging."""
        statement = _ENTRIES.order_by(audit_log.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(audit_log.c.id < before)
        return self._read(statement)

    def of_user(self, user: UserId) -> Sequence[AuditEntry]:
        """What one of them did, the oldest first, for the export."""
        return self._read(_ENTRIES.where(audit_log.c.by_id == user).order_by(audit_log.c.id))

    def _read(self, statement: sa.Select[Any]) -> list[AuditEntry]:
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return [
            AuditEntry(number, at, by, action, subject, MappingProxyType(details))
            for number, at, by, action, subject, details in rows
        ]
