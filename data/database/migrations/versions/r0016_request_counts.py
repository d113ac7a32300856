"""Requests by hour: their number, errors, searches and durations, for the administrators' overview."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "request_counts",
        sa.Column("hour", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.PrimaryKeyConstraint("hour", "name", name="pk_request_counts"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the table with all counts."""
    op.drop_table("request_counts")
