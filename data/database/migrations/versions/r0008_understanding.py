"""Labelled requests and the accuracy of readers of search texts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANCES = "stance IN ('wish', 'description', 'memory', 'title')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "labelled_requests",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labelled_requests"),
        sa.UniqueConstraint("text", name="uq_labelled_requests_text"),
        sa.CheckConstraint("text <> ''", name="ck_labelled_requests_words"),
        sa.CheckConstraint(STANCES, name="ck_labelled_requests_stance"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evaluation_runs",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("requests", KEY, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_runs"),
    )
    op.create_index("ix_evaluation_runs_at", "evaluation_runs", ["at"])
    op.create_index("ix_evaluation_runs_reader_id", "evaluation_runs", ["reader", "id"])


def downgrade() -> None:
    """Drop the tables; labelled requests are lost unless they were saved to a file."""
    op.drop_table("evaluation_runs")
    op.drop_table("labelled_requests")
