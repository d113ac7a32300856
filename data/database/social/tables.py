"""The tables of profiles, follows, published reviews and reports; part of the schema."""

from __future__ import annotations

import sqlalchemy as sa

from core.social.moderation import ReportKind, ReportOutcome, ReportReason
from core.social.profiles import Visibility
from data.database.schema import Key, Time, Words, metadata, one_of, quoted, user_column

profiles = sa.Table(
    "profiles",
    metadata,
    user_column(primary_key=True),
    sa.Column(
        "visibility", Words, sa.CheckConstraint(one_of("visibility", quoted([*Visibility])), "visibility"),
        nullable=False,
    ),
    sa.Column("bio", Words, nullable=False),
    sa.Column("favourites", sa.JSON, nullable=False),
    sa.Column("ratings", sa.Boolean, nullable=False),
    sa.Column("diary", sa.Boolean, nullable=False),
    sa.Column("reviews", sa.Boolean, nullable=False),
    sa.Column("lists", sa.Boolean, nullable=False),
    sa.Column("approve_followers", sa.Boolean, nullable=False),
    # Why moderators hid the page, or stopped the user from sharing; empty: they did not.
    sa.Column("hidden", Words, nullable=False),
    sa.Column("suspended", Words, nullable=False),
    sa.Column("changed_at", Time, nullable=False),
)  # fmt: skip


def _other_user(name: str) -> sa.Column[int]:
    owner = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column(name, Key, owner, primary_key=True, autoincrement=False, nullable=False)


follows = sa.Table(
    "follows",
    metadata,
    user_column(primary_key=True),
    _other_user("followed_id"),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "user_id", "at"),
    sa.Index(None, "followed_id", "accepted", "at"),
    sqlite_with_rowid=False,
)

blocks = sa.Table(
    "blocks",
    metadata,
    user_column(primary_key=True),
    _other_user("blocked_id"),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "blocked_id"),
    sqlite_with_rowid=False,
)

published_reviews = sa.Table(
    "published_reviews",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(),
    sa.Column("movie", Key, sa.CheckConstraint("movie > 0", "movie"), nullable=False),
    # The text is the note of this watching, or the review of this movie.
    sa.Column("watch_id", Key, sa.ForeignKey("watches.id", ondelete="CASCADE"), unique=True),
    sa.Column("reviewed", Key),
    sa.Column("spoilers", sa.Boolean, nullable=False),
    sa.Column("published_at", Time, nullable=False),
    sa.Column("likes", Key, nullable=False),
    sa.Column("hidden", Words, nullable=False),
    sa.CheckConstraint("(watch_id IS NULL) <> (reviewed IS NULL)", "one_text"),
    sa.ForeignKeyConstraint(
        ["user_id", "reviewed"], ["reviews.user_id", "reviews.movie"], "fk_published_reviews_reviewed",
        ondelete="CASCADE",
    ),
    sa.UniqueConstraint("user_id", "reviewed", name="uq_published_reviews_reviewed"),
    sa.Index(None, "movie", "likes", "id"),
    sa.Index(None, "movie", "id"),
    sa.Index(None, "user_id", "published_at"),
    # Ids are not reused: a like or the link to a deleted review must not concern another one.
    sqlite_autoincrement=True,
)  # fmt: skip


def _review_column(*, primary_key: bool = False) -> sa.Column[int]:
    of_review = sa.ForeignKey("published_reviews.id", ondelete="CASCADE")
    return sa.Column(
        "review_id", Key, of_review, primary_key=primary_key, nullable=not primary_key, autoincrement=False
    )


review_likes = sa.Table(
    "review_likes",
    metadata,
    _review_column(primary_key=True),
    user_column(primary_key=True, index=True),
    sa.Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("kind", Words, sa.CheckConstraint(one_of("kind", quoted([*ReportKind])), "kind"), nullable=False),
    _review_column(),
    sa.Column("list_id", Key, sa.ForeignKey("lists.id", ondelete="CASCADE"), index=True),
    sa.Column("reporter_id", Key, sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
    sa.Column("reason", Words, sa.CheckConstraint(one_of("reason", quoted([*ReportReason])), "reason"), nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column(
        "outcome", Words, sa.CheckConstraint(one_of("outcome", quoted([*ReportOutcome])), "outcome"), nullable=False
    ),
    sa.Column("closed_at", Time),
    sa.Index(None, "outcome", "id"),
    sa.Index(None, "review_id"),
    sqlite_autoincrement=True,
)
