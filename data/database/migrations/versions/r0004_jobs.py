"""Job runs, leases and actions of administrators."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = "'asked', 'running', 'done', 'rejected', 'failed', 'cancelled', 'abandoned'"
LIVE = sa.text("outcome IN ('asked', 'running')")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "job_runs",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", KEY),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("attempt", KEY, nullable=False),
        sa.Column("progress", sa.Float(53)),
        sa.Column("doing", sa.Text, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("log", sa.Text, nullable=False),
        sa.Column("cancel", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="ck_job_runs_outcome"),
        sa.ForeignKeyConstraint(["asked_by"], ["viewers.id"], name="fk_job_runs_asked_by", ondelete="SET NULL"),
    )
    op.create_index("ix_job_runs_job_id", "job_runs", ["job", "id"])
    op.create_index("ix_job_runs_asked_by", "job_runs", ["asked_by"])
    op.create_index("uq_job_runs_live", "job_runs", ["job"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "acts",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
        sa.ForeignKeyConstraint(["by_id"], ["viewers.id"], name="fk_acts_by_id", ondelete="SET NULL"),
    )
    op.create_index("ix_acts_by_id", "acts", ["by_id"])


def downgrade() -> None:
    """Drop the tables with the history of all jobs."""
    op.drop_table("acts")
    op.drop_table("leases")
    op.drop_table("job_runs")
