"""Drafts of imports, webhooks and their deliveries, reports of media servers, and the scope of their tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
OLD = "'', 'admin', 'admin read', 'admin read write', 'admin write', 'read', 'read write', 'write'"
NEW = "'', 'admin', 'admin read', 'admin read write', 'admin write', 'read', 'read write', 'scrobble', 'write'"
STATUSES = "'waiting', 'delivered', 'failed'"
OUTCOMES = "'logged', 'rated', 'repeated', 'unknown', 'series', 'ignored'"


def upgrade() -> None:
    """Create the tables, and allow tokens for media servers."""
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_drafts"),
        _of_user("import_drafts"),
    )
    op.create_index("ix_import_drafts_user_id", "import_drafts", ["user_id"])
    op.create_index("ix_import_drafts_expires_at", "import_drafts", ["expires_at"])
    _create_webhooks()
    _create_scrobbles()
    _allow_scopes(NEW)


def downgrade() -> None:
    """Drop the tables, and delete the tokens of media servers."""
    op.execute("DELETE FROM tokens WHERE scopes = 'scrobble'")
    _allow_scopes(OLD)
    for table in ("scrobbles", "webhook_deliveries", "webhooks", "import_drafts"):
        op.drop_table(table)


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("failing_since", TIME),
        sa.Column("disabled_at", TIME),
        sa.Column("change", KEY, nullable=False),
        sa.Column("lists_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        _of_user("webhooks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_user_id", "webhooks", ["user_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("webhook_id", KEY, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", KEY, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("next_at", TIME),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("message", name="uq_webhook_deliveries_message"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="ck_webhook_deliveries_status"),
        _of_user("webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_webhook_deliveries_webhook_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_deliveries_user_id", "webhook_deliveries", ["user_id"])
    op.create_index("ix_webhook_deliveries_next_at", "webhook_deliveries", ["next_at"])
    op.create_index("ix_webhook_deliveries_webhook_id_id", "webhook_deliveries", ["webhook_id", "id"])


def _create_scrobbles() -> None:
    op.create_table(
        "scrobbles",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("year", KEY),
        sa.Column("movie", KEY),
        sa.PrimaryKeyConstraint("id", name="pk_scrobbles"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="ck_scrobbles_outcome"),
        _of_user("scrobbles"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scrobbles_user_id_id", "scrobbles", ["user_id", "id"])


def _allow_scopes(scopes: str) -> None:
    """Replace the CHECK of scopes. SQLite cannot change a CHECK: its table is rebuilt, and goes on numbering."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    numbered = "SELECT seq FROM sqlite_sequence WHERE name = 'tokens'"
    counted = connection.scalar(sa.text(numbered)) if sqlite else None
    with op.batch_alter_table("tokens", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("ck_tokens_scopes", type_="check")
        table.create_check_constraint("ck_tokens_scopes", f"scopes IN ({scopes})")
    if counted is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'tokens'"))
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('tokens', :seq)")
        connection.execute(insert, {"seq": counted})


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE")
