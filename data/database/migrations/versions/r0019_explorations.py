"""Movies that were drawn at random for a list, with the probabilities, for off-policy estimates."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "explorations",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("day", KEY, nullable=False),
        sa.Column("movie", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("pool", KEY, nullable=False),
        sa.Column("propensity", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", "movie", name="pk_explorations"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_explorations_user_id", ondelete="CASCADE"),
        sa.CheckConstraint("propensity > 0", name="ck_explorations_propensity"),
    )
    op.create_index("ix_explorations_at", "explorations", ["at"])


def downgrade() -> None:
    """Drop the table with all draws."""
    op.drop_table("explorations")
