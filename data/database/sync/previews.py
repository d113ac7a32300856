"""The store of import previews, which are deleted after a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.sync.records import MAX_ALL_DRAFTS, MAX_DRAFTS, ImportDraft
from core.users import UserId
from data.database.connections import Database
from data.database.stores.accounts import expect
from data.database.sync.tables import import_drafts

_NEWEST_FIRST = (import_drafts.c.created_at.desc(), import_drafts.c.id)


class ImportDraftStore:
    """Stores previews of imports, a few for each user and bounded in all: new ones replace the oldest."""

    def __init__(self, database: Database, *, room: int = MAX_ALL_DRAFTS) -> None:
        """`room` is the size of the previews of all users in bytes."""
        self._database, self._room = database, room

    def add(self, draft: ImportDraft, *, at: datetime) -> None:
        """Store a preview. Raises `NotFound` for an unknown user."""
        values = {
            "id": draft.id, "user_id": draft.user, "name": draft.name, "content": draft.content,
            "size": len(draft.content), "created_at": at, "expires_at": draft.expires_at,
        }  # fmt: skip
        with self._database.writing() as connection:
            expect(connection, draft.user)
            own = sa.select(import_drafts.c.id).where(import_drafts.c.user_id == draft.user).order_by(*_NEWEST_FIRST)
            _delete(connection, list(connection.scalars(own))[MAX_DRAFTS - 1 :])
            _delete(connection, _displaced(connection, self._room - len(draft.content)))
            connection.execute(sa.insert(import_drafts).values(values))

    def get(self, user: UserId, draft: str, *, at: datetime) -> ImportDraft | None:
        """Return a preview of a user that has not expired."""
        own = sa.select(import_drafts).where(_of(user, draft), import_drafts.c.expires_at > at)
        with self._database.reading() as connection:
            row = connection.execute(own).one_or_none()
        return None if row is None else ImportDraft(row.id, row.user_id, row.name, row.content, row.expires_at)

    def replace(self, user: UserId, draft: str, content: bytes) -> bool:
        """Replace the content of a preview; return whether it exists."""
        changed = sa.update(import_drafts).where(_of(user, draft)).values(content=content, size=len(content))
        with self._database.writing() as connection:
            return connection.execute(changed).rowcount > 0

    def delete(self, user: UserId, draft: str) -> None:
        """Delete a preview, if it exists."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(import_drafts).where(_of(user, draft)))

    def exported(self, user: UserId) -> list[dict[str, Any]]:
        """Return the previews of a user without their content, which is the uploaded file."""
        columns = (import_drafts.c[name] for name in ("name", "size", "created_at", "expires_at"))
        own = sa.select(*columns).where(import_drafts.c.user_id == user).order_by(import_drafts.c.created_at)
        with self._database.reading() as connection:
            return [dict(row._mapping) for row in connection.execute(own)]

    def purge(self, *, at: datetime) -> int:
        """Delete expired previews; return their number."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(import_drafts).where(import_drafts.c.expires_at <= at)).rowcount


def _of(user: UserId, draft: str) -> sa.ColumnElement[bool]:
    return (import_drafts.c.user_id == user) & (import_drafts.c.id == draft)


def _displaced(connection: sa.Connection, room: int) -> list[str]:
    """Return the oldest previews, those that the rest of the room does not hold."""
    found = []
    sizes = sa.select(import_drafts.c.id, import_drafts.c.size).order_by(*_NEWEST_FIRST)
    for number, own in connection.execute(sizes):
        room -= own
        if room < 0:
            found.append(number)
    return found


def _delete(connection: sa.Connection, drafts: list[str]) -> None:
    if drafts:
        connection.execute(sa.delete(import_drafts).where(import_drafts.c.id.in_(drafts)))
