"""Lists that users with webhooks deleted, so that these are told."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "deleted_lists",
        sa.Column("number", KEY, nullable=False, autoincrement=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_deleted_lists"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_deleted_lists_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_deleted_lists_user_id_at", "deleted_lists", ["user_id", "at"])
    op.create_index("ix_deleted_lists_at", "deleted_lists", ["at"])


def downgrade() -> None:
    """Drop the table; deletions that were not told yet are forgotten."""
    op.drop_table("deleted_lists")
