"""The tables of synchronisation; part of the schema."""

from __future__ import annotations

import sqlalchemy as sa

from core.sync.records import DeliveryStatus, ScrobbleOutcome
from data.database.schema import Key, Time, Words, metadata, one_of, user_column

import_drafts = sa.Table(
    "import_drafts",
    metadata,
    sa.Column("id", Words, primary_key=True),
    user_column(index=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("size", Key, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False, index=True),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("url", Words, nullable=False),
    sa.Column("events", Words, nullable=False),
    sa.Column("secret", Words, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("failing_since", Time),
    sa.Column("disabled_at", Time),
    sa.Column("change", Key, nullable=False),
    sa.Column("lists_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

# Lists that users with webhooks deleted; ids of lists are not reused.
deleted_lists = sa.Table(
    "deleted_lists",
    metadata,
    sa.Column("number", Key, primary_key=True, autoincrement=False),
    user_column(),
    sa.Column("name", Words, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("at", Time, nullable=False, index=True),
    sa.Index(None, "user_id", "at"),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(index=True),
    sa.Column("webhook_id", Key, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    sa.Column("message", Words, nullable=False, unique=True),
    sa.Column("event", Words, nullable=False),
    sa.Column("payload", Words, nullable=False),
    sa.Column(
        "status",
        Words,
        sa.CheckConstraint(one_of("status", [f"'{status}'" for status in DeliveryStatus]), "status"),
        nullable=False,
    ),
    sa.Column("attempts", Key, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    # NULL once it is not tried again.
    sa.Column("next_at", Time, index=True),
    sa.Column("answer", Words, nullable=False),
    sa.Index(None, "webhook_id", "id"),
    sqlite_autoincrement=True,
)

scrobbles = sa.Table(
    "scrobbles",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=True),
    user_column(),
    sa.Column("at", Time, nullable=False),
    sa.Column("source", Words, nullable=False),
    sa.Column(
        "outcome",
        Words,
        sa.CheckConstraint(one_of("outcome", [f"'{outcome}'" for outcome in ScrobbleOutcome]), "outcome"),
        nullable=False,
    ),
    sa.Column("title", Words, nullable=False),
    sa.Column("year", Key),
    sa.Column("movie", Key),
    sa.Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)
