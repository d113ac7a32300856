"""Users whose ratings may be used for suggestions to those who edit a list."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "list_tastes",
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("list_id", "user_id", name="pk_list_tastes"),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name="fk_list_tastes_list_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_list_tastes_user_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_list_tastes_user_id", "list_tastes", ["user_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("list_tastes")
