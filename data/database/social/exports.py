"""What the database has about a user's profile, follows and reviews, for the export of their data."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.users import UserId
from data.database.connections import Database
from data.database.schema import users
from data.database.social.reports import ReportStore
from data.database.social.tables import blocks, follows, profiles, published_reviews, reports, review_likes

_OWN = {
    profiles: tuple(column for column in profiles.c if column.name != "user_id"),
    published_reviews: tuple(column for column in published_reviews.c if column.name != "user_id"),
    review_likes: (review_likes.c.review_id, review_likes.c.at),
    # Who reported the user, and in which words, is not about the user alone.
    reports: tuple(
        reports.c[name] for name in ("kind", "review_id", "list_id", "reason", "at", "outcome", "closed_at")
    ),
}
_NAMED = {
    follows: (follows.c.followed_id, (follows.c.accepted, follows.c.at)),
    blocks: (blocks.c.blocked_id, (blocks.c.at,)),
}


class SocialExports:
    """Reads all rows about a user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_user(self, user: UserId) -> dict[str, list[dict[str, Any]]]:
        """Return the rows about a user, by table; other users are named, as on the pages of the user."""
        with self._database.reading() as connection:
            found = {
                table.name: _rows(connection, sa.select(*columns).where(table.c.user_id == user))
                for table, columns in _OWN.items()
            }
            for table, (other, columns) in _NAMED.items():
                named = sa.select(users.c.name, *columns).join(users, users.c.id == other)
                found[table.name] = _rows(connection, named.where(table.c.user_id == user))
            names = sa.select(users.c.name, follows.c.accepted, follows.c.at).join(
                users, users.c.id == follows.c.user_id
            )
            found["followers"] = _rows(connection, names.where(follows.c.followed_id == user))
        return {**found, "reports_sent": list(ReportStore(self._database).exported(user))}


def _rows(connection: sa.Connection, statement: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(statement)]
