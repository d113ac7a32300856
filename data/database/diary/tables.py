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
