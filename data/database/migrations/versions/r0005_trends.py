"""Hourly counts of movies and trending lists."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and indexes for counting users per movie and for reading recent diary changes."""
    op.create_table(
        "film_hours",
        sa.Column("hour", KEY, autoincrement=False, nullable=False),
        sa.Column("movie", KEY, autoincrement=False, nullable=False),
        sa.Column("weight", sa.Float(53), nullable=False),
        sa.Column("events", KEY, nullable=False),
        sa.PrimaryKeyConstraint("hour", "movie", name="pk_film_hours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trends",
        sa.Column("window", sa.Text, nullable=False),
        sa.Column("place", KEY, autoincrement=False, nullable=False),
        sa.Column("movie", KEY, nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("viewers", KEY, nullable=False),
        sa.Column("recent", sa.Float(53), nullable=False),
        sa.Column("usual", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("window", "place", name="pk_trends"),
        sa.CheckConstraint("\"window\" IN ('day', 'week', 'rising')", name="ck_trends_window"),
    )
    op.create_table(
        "trend_lists",
        sa.Column("window", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("window", name="pk_trend_lists"),
        sa.CheckConstraint("\"window\" IN ('day', 'week', 'rising')", name="ck_trend_lists_window"),
        sa.CheckConstraint("origin IN ('events', 'movielens')", name="ck_trend_lists_origin"),
    )
    op.create_index("ix_events_movie_at", "events", ["movie", "at"])
    op.create_index("ix_changes_at", "changes", ["at"])


def downgrade() -> None:
    """Drop them; the next run counts again."""
    op.drop_index("ix_changes_at", "changes")
    op.drop_index("ix_events_movie_at", "events")
    op.drop_table("trend_lists")
    op.drop_table("trends")
    op.drop_table("film_hours")
