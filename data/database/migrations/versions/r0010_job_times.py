"""The timetable of jobs in plain columns; the table of APScheduler is dropped.

Its column `job_state` contains Python pickles: whoever can write them can run code in the process that reads them. They
are therefore not read here. A retry gets its attempt and parameters from the latest run of its job.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AGAIN = "again:"
DAY_SECONDS = 24 * 3600
PICKLES = sa.table("apscheduler_jobs", sa.column("id"), sa.column("next_run_time"))
RUNS = sa.table("job_runs", sa.column("id"), sa.column("job"), sa.column("attempt"), sa.column("parameters", sa.JSON()))


def upgrade() -> None:
    """Create the table, copy the times, and drop the pickles."""
    created = op.create_table(
        "job_times",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("grace", KEY, nullable=False),
        sa.Column("attempt", KEY, nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_times"),
    )
    connection = op.get_bind()
    if not sa.inspect(connection).has_table(PICKLES.name):
        return
    found = connection.execute(sa.select(PICKLES).where(PICKLES.c.next_run_time.is_not(None))).all()
    copied = [row for id_, at in found if (row := _row(connection, str(id_), float(at))) is not None]
    if copied:
        connection.execute(sa.insert(created), copied)
    op.drop_table(PICKLES.name)


def downgrade() -> None:
    """Drop the table; an older scheduler computes the times again."""
    op.drop_table("job_times")


def _row(connection: sa.Connection, id_: str, seconds: float) -> dict[str, Any] | None:
    """Return the row of a time; None for a retry of a job without runs."""
    job, when = id_.removeprefix(AGAIN), datetime.fromtimestamp(seconds, UTC)
    at = when.replace(tzinfo=None) if connection.dialect.name == "sqlite" else when
    row = {"id": id_, "job": job, "at": at, "schedule": "", "grace": DAY_SECONDS, "attempt": 1, "parameters": {}}
    if job == id_:
        return row
    latest = sa.select(RUNS.c.attempt, RUNS.c.parameters).where(RUNS.c.job == job).order_by(RUNS.c.id.desc()).limit(1)
    run = connection.execute(latest).one_or_none()
    return None if run is None else {**row, "attempt": run.attempt + 1, "parameters": run.parameters}
