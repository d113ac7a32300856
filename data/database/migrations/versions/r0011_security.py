"""Second factors, one-time secrets, the security log, expiring tokens, and names that are not confusable."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from core.language.scripts import skeleton

revision = "0011"
down_revision = "0010"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TOKEN_LIFE = timedelta(days=90)
"""How long existing tokens stay valid after the upgrade."""
ONE_TIME = "'sign_in', 'passkey', 'assertion', 'totp', 'email', 'reset'"
EVENTS = (
    "'sign_in', 'new_device', 'wrong_password', 'wrong_factor', 'second_factor', 'factor_added', 'factor_removed', "
    "'recovery_codes', 'password_changed', 'password_reset', 'email_changed', 'token_created', 'token_revoked', "
    "'session_ended'"
)
SCOPES = "'', 'admin', 'admin read', 'admin read write', 'admin write', 'read', 'read write', 'write'"
OLD_SCOPES = "'', 'read', 'read write', 'write'"


def upgrade() -> None:
    """Create the tables, let tokens expire and compute the keys of names."""
    op.add_column("users", sa.Column("skeleton", sa.Text))
    op.add_column("users", sa.Column("email", sa.Text))
    op.add_column("users", sa.Column("second_factor_at", TIME))
    op.add_column("sessions", sa.Column("notice_at", TIME))
    op.create_index("ix_users_email", "users", ["email"])
    _compute_skeletons()
    op.create_index("uq_users_skeleton", "users", ["skeleton"], unique=True)
    _change_tokens(SCOPES, expiring=True)
    _create_factors()
    _create_logs()


def downgrade() -> None:
    """Drop the tables. Expired tokens and tokens for administrators alone are deleted; others lose that scope."""
    for table in ("security_events", "one_time_secrets", "recovery_codes", "passkeys", "totp_keys"):
        op.drop_table(table)
    connection = op.get_bind()
    now = sa.bindparam("now", datetime.now(UTC), TIME)
    connection.execute(sa.text("DELETE FROM tokens WHERE expires_at <= :now OR scopes = 'admin'").bindparams(now))
    connection.execute(sa.text("UPDATE tokens SET scopes = replace(scopes, 'admin ', '')"))
    _change_tokens(OLD_SCOPES, expiring=False)
    op.drop_index("uq_users_skeleton", "users")
    op.drop_index("ix_users_email", "users")
    op.drop_column("sessions", "notice_at")
    for column in ("second_factor_at", "email", "skeleton"):
        op.drop_column("users", column)


def _compute_skeletons() -> None:
    """Give each account its key; one that is confusable with an older account keeps its name without a key."""
    connection = op.get_bind()
    taken: set[str] = set()
    for user, name in connection.execute(sa.text("SELECT id, name FROM users ORDER BY id")).all():
        key = skeleton(name)
        if key not in taken:
            taken.add(key)
            connection.execute(sa.text("UPDATE users SET skeleton = :key WHERE id = :user"), {"key": key, "user": user})


def _change_tokens(scopes: str, *, expiring: bool) -> None:
    """Replace the CHECK of scopes, and add or drop the expiry. SQLite cannot change a CHECK: its table is rebuilt."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rebuild_tokens(connection, scopes, expiring=expiring)
        return
    op.drop_constraint("ck_tokens_scopes", "tokens", type_="check")
    op.create_check_constraint(op.f("ck_tokens_scopes"), "tokens", sa.text(f"scopes IN ({scopes})"))
    if not expiring:
        op.drop_column("tokens", "expires_at")
        return
    op.add_column("tokens", sa.Column("expires_at", TIME))
    connection.execute(sa.text("UPDATE tokens SET expires_at = :at").bindparams(_end()))
    op.alter_column("tokens", "expires_at", nullable=False)


def _rebuild_tokens(connection: sa.Connection, scopes: str, *, expiring: bool) -> None:
    counted = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'tokens'"))
    op.drop_index("ix_tokens_user_id", "tokens")
    op.rename_table("tokens", "_old_tokens")
    expiry = [sa.Column("expires_at", TIME, nullable=False)] if expiring else []
    op.create_table(
        "tokens",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        *expiry,
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
        sa.CheckConstraint(f"scopes IN ({scopes})", name="ck_tokens_scopes"),
        _of_user("tokens"),
        sqlite_autoincrement=True,
    )
    columns = "id, user_id, secret_hash, name, scopes, created_at, used_at"
    copy = f"INSERT INTO tokens ({columns}) SELECT {columns} FROM _old_tokens"  # noqa: S608 - constant names
    if expiring:
        copy = f"INSERT INTO tokens ({columns}, expires_at) SELECT {columns}, :at FROM _old_tokens"  # noqa: S608
    connection.execute(sa.text(copy).bindparams(_end()) if expiring else sa.text(copy))
    op.drop_table("_old_tokens")
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])
    if counted is not None:  # ids of deleted rows are not reused
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'tokens'"))
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('tokens', :seq)")
        connection.execute(insert, {"seq": counted})


def _end() -> sa.BindParameter[datetime]:
    """Return the end of existing tokens as a parameter; SQLite stores times in UTC without their zone."""
    naive = op.get_bind().dialect.name == "sqlite"
    at = datetime.now(UTC) + TOKEN_LIFE
    return sa.bindparam("at", at.replace(tzinfo=None) if naive else at, TIME)


def _create_factors() -> None:
    op.create_table(
        "totp_keys",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("last_step", KEY, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_totp_keys"),
        _of_user("totp_keys"),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("uses", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
        _of_user("passkeys"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
        _of_user("recovery_codes"),
    )


def _create_logs() -> None:
    op.create_table(
        "one_time_secrets",
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_one_time_secrets"),
        sa.CheckConstraint(f"kind IN ({ONE_TIME})", name="ck_one_time_secrets_kind"),
        _of_user("one_time_secrets"),
    )
    op.create_index("ix_one_time_secrets_user_id", "one_time_secrets", ["user_id"])
    op.create_table(
        "security_events",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("device_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_events"),
        sa.CheckConstraint(f"kind IN ({EVENTS})", name="ck_security_events_kind"),
        _of_user("security_events"),
    )
    op.create_index("ix_security_events_at", "security_events", ["at"])
    op.create_index("ix_security_events_user_id_at_id", "security_events", ["user_id", "at", "id"])


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE")
