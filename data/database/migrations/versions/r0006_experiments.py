"""The experiment variant that each user was given."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "exposures",
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("viewer_id", KEY, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("experiment", "viewer_id", name="pk_exposures"),
        sa.ForeignKeyConstraint(["viewer_id"], ["viewers.id"], name="fk_exposures_viewer_id", ondelete="CASCADE"),
    )
    op.create_index("ix_exposures_viewer_id", "exposures", ["viewer_id"])


def downgrade() -> None:
    """Drop the table with all exposures."""
    op.drop_table("exposures")
