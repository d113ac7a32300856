"""The tables of the watch diary; part of the schema."""

from __future__ import annotations

import sqlalchemy as sa

from core.diary.watches import MAX_GOAL
from data.database.schema import STARS, Key, Time, Words, metadata, one_of, user_column

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("rewatch", sa.Boolean, nullable=False),
    sa.Column("stars", sa.Float(53), sa.CheckConstraint(one_of("stars", STARS), "half_stars")),
    sa.Column("note", Words, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Index(None, "user_id", "day", "id"),
    sa.Index(None, "user_id", "movie"),
    sa.Index(None, "user_id", "created_at"),
    # Ids are not reused: one in an open form must not refer to another watching later.
    sqlite_autoincrement=True,
)

watch_goals = sa.Table(
    "watch_goals",
    metadata,
    user_column(primary_key=True),
    sa.Column("year", Key, primary_key=True, autoincrement=False),
    sa.Column("movies", Key, sa.CheckConstraint(f"movies BETWEEN 1 AND {MAX_GOAL}", "movies"), nullable=False),
    sqlite_with_rowid=False,
)

lists = sa.Table(
    "lists",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("name", Words, sa.CheckConstraint("name <> ''", "named"), nullable=False),
    sa.Column("description", Words, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("changed_at", Time, nullable=False),
    # Why moderators hid the list; NULL: they did not.
    sa.Column("hidden", Words),
    sa.Index(None, "user_id", "changed_at"),
    # Ids are not reused: the link to a deleted list must not lead to another one.
    sqlite_autoincrement=True,
)


def _list_column(*, primary_key: bool = False) -> sa.Column[int]:
    of_list = sa.ForeignKey("lists.id", ondelete="CASCADE")
    return sa.Column("list_id", Key, of_list, primary_key=primary_key, nullable=False, autoincrement=False)


list_entries = sa.Table(
    "list_entries",
    metadata,
    _list_column(primary_key=True),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False),
    user_column(index=True),
    sa.Column("rank", Key, nullable=False),
    sa.Column("note", Words, nullable=False),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)

list_members = sa.Table(
    "list_members",
    metadata,
    _list_column(primary_key=True),
    user_column(primary_key=True, index=True),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)

list_tastes = sa.Table(
    "list_tastes",
    metadata,
    _list_column(primary_key=True),
    user_column(primary_key=True, index=True),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)
"""Whose ratings may be used for suggestions to those who edit a list."""

list_invitations = sa.Table(
    "list_invitations",
    metadata,
    sa.Column("secret_hash", Words, primary_key=True),
    _list_column(),
    user_column(index=True),
    sa.Column("expires_at", Time, nullable=False),
    sa.Index(None, "list_id"),
)
