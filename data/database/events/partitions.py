"""Maintenance of the partitions of events in PostgreSQL: one for each day (UTC), and one for all other times.

The database's own functions create and drop them, with the privileges of the tables' owner, so that a role that only
reads and writes rows can call them (`data/database/privileges.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

AHEAD = 14
"""Days for which there are partitions ahead. Events without a partition go to the one for all other times, and are
moved when theirs is created."""
FUNCTIONS = ("prepare_event_partitions(date, integer)", "drop_event_partitions(timestamptz)")
LOCK_SECONDS = 2
"""How long to wait until nobody uses the table: others wait behind whoever waits for it."""
_PREPARE = sa.text("SELECT prepare_event_partitions(:day, :days)")
_DROP = sa.text("SELECT drop_event_partitions(:before)")


def prepare(connection: sa.Connection, now: datetime) -> int:
    """Create the partitions of today and the next days; return how many were missing. SQLite has none."""
    if connection.dialect.name == "sqlite":
        return 0
    _limit_waiting(connection)
    return int(connection.execute(_PREPARE, {"day": now.astimezone(UTC).date(), "days": AHEAD}).scalar_one())


def drop(connection: sa.Connection, before: datetime) -> int:
    """Drop the partitions that end before a time; return the number of their events."""
    if connection.dialect.name == "sqlite":
        return 0
    _limit_waiting(connection)
    return int(connection.execute(_DROP, {"before": before}).scalar_one())


def names(connection: sa.Connection) -> frozenset[str]:
    """Return the names of all partitions of all tables, which reflection reports as tables."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    found = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')")
    return frozenset(found.scalars())


def _limit_waiting(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
