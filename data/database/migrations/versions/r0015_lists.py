"""Users' lists of movies, their entries, members and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lists",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lists"),
        sa.CheckConstraint("name <> ''", name="ck_lists_named"),
        _reference("lists", "user_id", "users"),
        sqlite_autoincrement=True,
    )
    _create_entries()
    _create_members()
    for table in ("lists", "list_entries", "list_members", "list_invitations"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    op.create_index("ix_list_invitations_list_id", "list_invitations", ["list_id"])


def _create_entries() -> None:
    op.create_table(
        "list_entries",
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("movie", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "movie", name="pk_list_entries"),
        sa.CheckConstraint("movie > 0", name="ck_list_entries_movie"),
        _reference("list_entries", "list_id", "lists"),
        _reference("list_entries", "user_id", "users"),
        sqlite_with_rowid=False,
    )


def _create_members() -> None:
    op.create_table(
        "list_members",
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "user_id", name="pk_list_members"),
        _reference("list_members", "list_id", "lists"),
        _reference("list_members", "user_id", "users"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "list_invitations",
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_list_invitations"),
        _reference("list_invitations", "list_id", "lists"),
        _reference("list_invitations", "user_id", "users"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("list_invitations", "list_members", "list_entries", "lists"):
        op.drop_table(table)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
