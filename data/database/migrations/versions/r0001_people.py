"""Accounts, sessions and API tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "viewers",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded_name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("administrator", sa.Boolean, nullable=False),
        sa.Column("preferences", sa.JSON, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_viewers"),
        sa.UniqueConstraint("folded_name", name="uq_viewers_folded_name"),
        sa.CheckConstraint("folded_name <> ''", name="ck_viewers_named"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("viewer_id", KEY, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("secret_hash", name="uq_sessions_secret_hash"),
        _of_viewer("sessions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_viewer_id", "sessions", ["viewer_id"])
    op.create_table(
        "tokens",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("viewer_id", KEY, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
        sa.CheckConstraint("scopes IN ('', 'read', 'read write', 'write')", name="ck_tokens_scopes"),
        _of_viewer("tokens"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_viewer_id", "tokens", ["viewer_id"])


def downgrade() -> None:
    """Drop the tables with all accounts."""
    for table in ("tokens", "sessions", "viewers"):
        op.drop_table(table)


def _of_viewer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["viewer_id"], ["viewers.id"], name=f"fk_{table}_viewer_id", ondelete="CASCADE")
