"""Profiles, follows, blocks, published reviews with likes, and reports; indexes for the activities of a user."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
KINDS = "'profile', 'review', 'list'"
REASONS = "'spam', 'harassment', 'hate', 'sexual', 'spoilers', 'personal-data', 'illegal', 'other'"
OUTCOMES = "'open', 'dismissed', 'hidden', 'suspended', 'restored'"
ACTIVITIES = (("ratings", "at"), ("watches", "created_at"), ("lists", "changed_at"))
"""Tables, and their times by which the activities of a user are found."""


def upgrade() -> None:
    """Create the tables. Reviews that were written before are published, but no profile shows them yet."""
    _create_profiles()
    _create_people("follows", "followed_id", sa.Column("accepted", sa.Boolean, nullable=False))
    _create_people("blocks", "blocked_id")
    op.create_index("ix_follows_user_id_at", "follows", ["user_id", "at"])
    op.create_index("ix_follows_followed_id_accepted_at", "follows", ["followed_id", "accepted", "at"])
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"])
    _create_reviews()
    _create_reports()
    op.add_column("lists", sa.Column("hidden", sa.Text))
    for table, column in ACTIVITIES:
        op.create_index(f"ix_{table}_user_id_{column}", table, ["user_id", column])
    op.execute(
        "INSERT INTO published_reviews (user_id, movie, reviewed, spoilers, published_at, likes, hidden)"
        " SELECT user_id, movie, movie, false, changed_at, 0, '' FROM reviews ORDER BY changed_at, user_id"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table, column in ACTIVITIES:
        op.drop_index(f"ix_{table}_user_id_{column}", table)
    for table in ("reports", "review_likes", "published_reviews", "blocks", "follows", "profiles"):
        op.drop_table(table)
    op.drop_column("lists", "hidden")


def _create_profiles() -> None:
    switches = ("ratings", "diary", "reviews", "lists", "approve_followers")
    op.create_table(
        "profiles",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("bio", sa.Text, nullable=False),
        sa.Column("favourites", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in switches),
        sa.Column("hidden", sa.Text, nullable=False),
        sa.Column("suspended", sa.Text, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_profiles"),
        sa.CheckConstraint("visibility IN ('private', 'followers', 'public')", name="ck_profiles_visibility"),
        _reference("profiles", "user_id", "users"),
    )


def _create_people(table: str, other: str, *columns: sa.Column[bool]) -> None:
    op.create_table(
        table,
        sa.Column("user_id", KEY, nullable=False),
        sa.Column(other, KEY, nullable=False),
        *columns,
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", other, name=f"pk_{table}"),
        _reference(table, "user_id", "users"),
        _reference(table, other, "users"),
        sqlite_with_rowid=False,
    )


def _create_reviews() -> None:
    name = "published_reviews"
    op.create_table(
        name,
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        *(sa.Column(column, KEY, nullable=False) for column in ("user_id", "movie")),
        *(sa.Column(column, KEY) for column in ("watch_id", "reviewed")),
        sa.Column("spoilers", sa.Boolean, nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("likes", KEY, nullable=False),
        sa.Column("hidden", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.CheckConstraint("movie > 0", name=f"ck_{name}_movie"),
        sa.CheckConstraint("(watch_id IS NULL) <> (reviewed IS NULL)", name=f"ck_{name}_one_text"),
        sa.UniqueConstraint("watch_id", name=f"uq_{name}_watch_id"),
        sa.UniqueConstraint("user_id", "reviewed", name=f"uq_{name}_reviewed"),
        _reference(name, "user_id", "users"),
        _reference(name, "watch_id", "watches"),
        sa.ForeignKeyConstraint(
            ["user_id", "reviewed"], ["reviews.user_id", "reviews.movie"], f"fk_{name}_reviewed", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_movie_likes_id", name, ["movie", "likes", "id"])
    op.create_index(f"ix_{name}_movie_id", name, ["movie", "id"])
    op.create_index(f"ix_{name}_user_id_published_at", name, ["user_id", "published_at"])
    op.create_table(
        "review_likes",
        sa.Column("review_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("review_id", "user_id", name="pk_review_likes"),
        _reference("review_likes", "review_id", name),
        _reference("review_likes", "user_id", "users"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_likes_user_id", "review_likes", ["user_id"])


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(column, KEY) for column in ("review_id", "list_id", "reporter_id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("closed_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="ck_reports_kind"),
        sa.CheckConstraint(f"reason IN ({REASONS})", name="ck_reports_reason"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="ck_reports_outcome"),
        _reference("reports", "user_id", "users"),
        _reference("reports", "review_id", "published_reviews"),
        _reference("reports", "list_id", "lists"),
        _reference("reports", "reporter_id", "users", then="SET NULL"),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "review_id", "list_id", "reporter_id"):
        op.create_index(f"ix_reports_{column}", "reports", [column])
    op.create_index("ix_reports_outcome_id", "reports", ["outcome", "id"])


def _reference(table: str, column: str, other: str, *, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete=then)
