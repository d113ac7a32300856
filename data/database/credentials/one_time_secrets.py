"""The store of one-time secrets: pending sign-ins, challenges, and links sent by email."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from core.users import OneTimeKind, OneTimeSecret, UserId
from data.database.connections import Database
from data.database.schema import AnyRow, one_time_secrets
from data.database.stores.accounts import expect

MAX_OPEN = 10
"""Unused secrets of one kind per user; new ones replace the oldest."""

_SECRET = (
    one_time_secrets.c.user_id,
    one_time_secrets.c.kind,
    one_time_secrets.c.details,
    one_time_secrets.c.expires_at,
)


class OneTimeSecretStore:
    """Stores secrets as hashes, each with the user and the purpose that it was created for."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(
        self,
        user: UserId,
        kind: OneTimeKind,
        *,
        secret_hash: str,
        details: Mapping[str, str],
        at: datetime,
        expires_at: datetime,
    ) -> None:
        """Store a secret; delete expired ones, and the oldest beyond `MAX_OPEN`. Raises `NotFound`."""
        own = (one_time_secrets.c.user_id == user, one_time_secrets.c.kind == kind)
        latest = (
            sa.select(one_time_secrets.c.secret_hash)
            .where(*own)
            .order_by(one_time_secrets.c.expires_at.desc(), one_time_secrets.c.secret_hash)
            .limit(MAX_OPEN - 1)
        )
        values = {
            "secret_hash": secret_hash,
            "user_id": user,
            "kind": kind.value,
            "details": dict(details),
            "expires_at": expires_at,
        }
        with self.database.writing() as connection:
            expect(connection, user)
            connection.execute(sa.delete(one_time_secrets).where(one_time_secrets.c.expires_at <= at, own[0]))
            kept = list(connection.scalars(latest))
            connection.execute(sa.delete(one_time_secrets).where(*own, one_time_secrets.c.secret_hash.not_in(kept)))
            connection.execute(sa.insert(one_time_secrets).values(values))

    def read(self, secret_hash: str, kind: OneTimeKind, *, at: datetime) -> OneTimeSecret | None:
        """Return a secret that is neither used nor expired, without using it."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(*_SECRET).where(*_valid(secret_hash, kind, at))).one_or_none()
        return None if row is None else _one(row)

    def take(self, secret_hash: str, kind: OneTimeKind, *, at: datetime) -> OneTimeSecret | None:
        """Use a secret: return and delete it. Of concurrent calls, one gets it."""
        taken = sa.delete(one_time_secrets).where(*_valid(secret_hash, kind, at)).returning(*_SECRET)
        with self.database.writing() as connection:
            row = connection.execute(taken).one_or_none()
        return None if row is None else _one(row)

    def delete(self, user: UserId, kind: OneTimeKind) -> None:
        """Delete the unused secrets of one kind."""
        own = sa.delete(one_time_secrets).where(one_time_secrets.c.user_id == user, one_time_secrets.c.kind == kind)
        with self.database.writing() as connection:
            connection.execute(own)

    def of_user(self, user: UserId) -> list[OneTimeSecret]:
        """Return all secrets of a user, without the secrets themselves."""
        own = sa.select(*_SECRET).where(one_time_secrets.c.user_id == user).order_by(one_time_secrets.c.expires_at)
        with self.database.reading() as connection:
            return [_one(row) for row in connection.execute(own)]

    def purge(self, *, at: datetime) -> int:
        """Delete expired secrets; return their number."""
        with self.database.erasing() as connection:
            return connection.execute(sa.delete(one_time_secrets).where(one_time_secrets.c.expires_at <= at)).rowcount


def _valid(secret_hash: str, kind: OneTimeKind, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    table = one_time_secrets.c
    return (table.secret_hash == secret_hash, table.kind == kind, table.expires_at > at)


def _one(row: AnyRow) -> OneTimeSecret:
    return OneTimeSecret(UserId(row.user_id), OneTimeKind(row.kind), row.expires_at, dict(row.details))
