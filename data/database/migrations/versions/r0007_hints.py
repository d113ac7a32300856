"""Implicit feedback: clicks and ignored impressions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "hints",
        sa.Column("viewer_id", KEY, nullable=False),
        sa.Column("movie", KEY, autoincrement=False, nullable=False),
        sa.Column("clicks", KEY, nullable=False),
        sa.Column("searches", KEY, nullable=False),
        sa.Column("skips", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "movie", name="pk_hints"),
        sa.CheckConstraint("movie > 0", name="ck_hints_movie"),
        sa.ForeignKeyConstraint(["viewer_id"], ["viewers.id"], name="fk_hints_viewer_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the table; the next run of the job fills it again from the events."""
    op.drop_table("hints")
