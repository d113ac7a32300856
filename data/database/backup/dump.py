"""Reading all rows in one transaction: every table as it was at the same moment, while the site goes on writing."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from data.database import connections, errors, revisions
from data.database.backup import cells, counters
from data.database.events import partitions

ROWS = 5_000
"""Rows in memory at a time."""
LEVEL = 6
"""Compression: higher levels take twice the time for one percent."""
REVISIONS = "alembic_version"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database at one moment."""

    connection: sa.Connection
    revision: str
    """The revision of its tables."""
    tables: Sequence[str]
    """All tables with rows of Marquee, referenced ones before those that refer to them."""
    counters: dict[str, int]
    """The last number of each table that numbers its rows."""
    schema: sa.MetaData

    def write(self, table: str, path: Path) -> int:
        """Write a table as compressed lines, the first with the names of its columns; return the number of rows.

        Raises:
            StoreUnavailable: the database cannot be read any more.
        """
        statement, rows = sa.select(self.schema.tables[table]), 0
        with errors.translated(self.connection.engine.url), gzip.open(path, "wb", compresslevel=LEVEL) as file:
            file.write(cells.line([column.name for column in self.schema.tables[table].columns]))
            reading = self.connection.execution_options(yield_per=ROWS).execute(statement)
            for some in reading.partitions():
                file.write(b"".join(map(cells.line, some)))
                rows += len(some)
        return rows


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Open the database for a consistent read of all its tables.

    SQLite keeps the state of the transaction's beginning in its log, PostgreSQL by REPEATABLE READ; neither blocks
    writers.

    Raises:
        InvalidSettings: the URL is invalid.
        StoreUnavailable: the database is unreachable, has no tables, or is of a newer Marquee.
    """
    parsed = connections.parse(url)
    revision = revisions.current(url)
    if revision is None:
        raise errors.unavailable(parsed, "has no tables yet, so there is nothing to back up")
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            _begin(connection)
            schema = reflected(connection)
            tables = [str(table.name) for table in schema.sorted_tables]
            yield Snapshot(connection, revision, tables, counters.read(connection), schema)
    finally:
        engine.dispose()


def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def reflected(connection: sa.Connection) -> sa.MetaData:
    """Return the tables as they are in the database, which may be older than this Marquee."""
    schema = sa.MetaData()
    schema.reflect(connection)
    for name in {REVISIONS, *partitions.names(connection)} & set(schema.tables):
        schema.remove(schema.tables[name])
    return schema
