"""What other services say about movies."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "enrichments",
        sa.Column("movie", KEY, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("movie", "source", name="pk_enrichments"),
        sa.CheckConstraint("movie > 0", name="ck_enrichments_movie"),
        sa.CheckConstraint("source IN ('tmdb', 'omdb')", name="ck_enrichments_source"),
        sa.CheckConstraint("status IN ('found', 'gone')", name="ck_enrichments_status"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_enrichments_fetched_at", "enrichments", ["fetched_at"])


def downgrade() -> None:
    """Drop the table; its rows can be fetched again."""
    op.drop_table("enrichments")
