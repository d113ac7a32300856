"""Watchings with their days, goals for a year, and changes of watchings in the history."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
STARS = "stars IN (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)"
MARKS = "'watchlist', 'favourite', 'watched', 'dismissed', 'liked', 'passed'"
OLD, NEW = f"'rating', 'review', {MARKS}", f"'rating', 'review', 'watch', {MARKS}"


def upgrade() -> None:
    """Create the tables, and let the history contain watchings."""
    _create_watches()
    op.create_table(
        "watch_goals",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("year", KEY, nullable=False),
        sa.Column("movies", KEY, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "year", name="pk_watch_goals"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_watch_goals_user_id", ondelete="CASCADE"),
        sa.CheckConstraint("movies BETWEEN 1 AND 10000", name="ck_watch_goals_movies"),
        sqlite_with_rowid=False,
    )
    _allow_changes(NEW)


def downgrade() -> None:
    """Drop the tables, and delete watchings from the history."""
    op.execute("DELETE FROM changes WHERE what = 'watch'")
    _allow_changes(OLD)
    op.drop_table("watch_goals")
    op.drop_table("watches")


def _create_watches() -> None:
    op.create_table(
        "watches",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("movie", KEY, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rewatch", sa.Boolean, nullable=False),
        sa.Column("stars", sa.Float(53)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_watches_user_id", ondelete="CASCADE"),
        sa.CheckConstraint("movie > 0", name="ck_watches_movie"),
        sa.CheckConstraint(STARS, name="ck_watches_half_stars"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watches_user_id_day_id", "watches", ["user_id", "day", "id"])
    op.create_index("ix_watches_user_id_movie", "watches", ["user_id", "movie"])


def _allow_changes(kinds: str) -> None:
    """Replace the CHECK of what a change is about. SQLite cannot change a CHECK: its table is rebuilt."""
    with op.batch_alter_table("changes") as table:
        table.drop_constraint("ck_changes_what", type_="check")
        table.create_check_constraint("ck_changes_what", f"what IN ({kinds})")
