"""The table of where movies can be watched; part of the schema."""

from __future__ import annotations

import sqlalchemy as sa

from data.database.schema import Key, Words, metadata

movie_providers = sa.Table(
    "movie_providers",
    metadata,
    sa.Column("region", Words, primary_key=True),
    sa.Column("provider", Words, primary_key=True),
    sa.Column(
        "movie", Key, sa.CheckConstraint("movie > 0", "movie"), primary_key=True, autoincrement=False, index=True
    ),
    sqlite_with_rowid=False,
)
