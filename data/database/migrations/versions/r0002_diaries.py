"""Ratings, marks and reviews, with their history."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
MARKS = "'watchlist', 'favourite', 'watched', 'dismissed', 'liked', 'passed'"


def upgrade() -> None:
    """Create the tables."""
    _create(
        "ratings",
        sa.Column("stars", sa.Float(53), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "movie", name="pk_ratings"),
        sa.CheckConstraint("stars IN (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)", name="ck_ratings_half_stars"),
    )
    _create(
        "marks",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "kind", "movie", name="pk_marks"),
        sa.CheckConstraint(f"kind IN ({MARKS})", name="ck_marks_kind"),
    )
    _create(
        "reviews",
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "movie", name="pk_reviews"),
        sa.CheckConstraint("text <> ''", name="ck_reviews_words"),
    )
    op.create_index("ix_reviews_movie_changed_at", "reviews", ["movie", "changed_at"])
    _create(
        "changes",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.CheckConstraint(f"what IN ('rating', 'review', {MARKS})", name="ck_changes_what"),
        with_rowid=True,
    )
    op.create_index("ix_changes_viewer_id_at_id", "changes", ["viewer_id", "at", "id"])


def downgrade() -> None:
    """Drop the tables with all diaries."""
    for table in ("changes", "reviews", "marks", "ratings"):
        op.drop_table(table)


def _create(table: str, *rest: sa.Column[object] | sa.Constraint, with_rowid: bool = False) -> None:
    op.create_table(
        table,
        sa.Column("viewer_id", KEY, autoincrement=False, nullable=False),
        sa.Column("movie", KEY, autoincrement=False, nullable=False),
        *rest,
        sa.CheckConstraint("movie > 0", name=f"ck_{table}_movie"),
        sa.ForeignKeyConstraint(["viewer_id"], ["viewers.id"], name=f"fk_{table}_viewer_id", ondelete="CASCADE"),
        sqlite_with_rowid=with_rowid,
    )
