"""Writing the rows of a backup into an empty database, in one transaction: all of them or none."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import exc

from core.errors import DataError, NotFound, StoreUnavailable
from data.database import bulk, connections, errors, revisions
from data.database.backup import cells, counters
from data.database.backup.dump import ROWS, reflected

CACHE_KB = 256 * 1024
"""SQLite's cache: rows come in the order in which they were first written, so every index is written at random."""
Told = Callable[[int], None]
"""Called with the number of rows that were written so far."""
Opened = Callable[[str], AbstractContextManager[Path]]
"""Opens the file with the rows of a table, as `dump.Snapshot.write` wrote it."""


def load(
    url: str,
    tables: Mapping[str, int],
    opened: Opened,
    *,
    revision: str,
    last_numbers: Mapping[str, int],
    told: Told,
) -> None:
    """Create the tables of a revision, write all rows, verify their number, and migrate to the newest revision.

    Args:
        url: of an empty database, SQLite or PostgreSQL, whose user may create tables.
        tables: the number of rows of each table, referenced tables first.
        opened: opens the file of a table while it is read.
        revision: of the tables in the backup.
        last_numbers: see `counters`.
        told: called with the number of rows of the current table that are written.

    Raises:
        StoreUnavailable: the database is unreachable or not empty, or a newer Marquee made the backup.
        DataError: a file is damaged, or lacks rows.
    """
    parsed = connections.parse(url)
    _require_empty(url, parsed)
    try:
        revisions.migrate(url, revision)
    except NotFound:
        raise StoreUnavailable(
            f"the backup has the database revision {revision!r}, which this Marquee does not know: "
            "restore it with the version that made it, or a newer one"
        ) from None
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            _begin(connection)
            schema = reflected(connection)
            for table, rows in tables.items():
                with opened(table) as path:
                    _fill(connection, _known(schema, table), path, rows, told)
            counters.write(connection, last_numbers)
            _check_references(connection)
            _commit(connection)
    except exc.IntegrityError as error:
        raise DataError(f"the rows contradict each other: {error.orig}", file="the backup") from None
    finally:
        engine.dispose()
    revisions.migrate(url)


def count(url: str) -> dict[str, int]:
    """Return the number of rows of each table; empty if there are no tables yet."""
    if revisions.current(url) is None:
        return {}
    parsed = connections.parse(url)
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            return {
                str(table.name): int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
                for table in reflected(connection).sorted_tables
            }
    finally:
        engine.dispose()


def _require_empty(url: str, parsed: sa.URL) -> None:
    full = [f"{table}: {rows:,}" for table, rows in count(url).items() if rows]
    if full:
        raise errors.unavailable(
            parsed,
            f"is not empty ({', '.join(full)}); stop servers and jobs, and restore "
            "into an empty one: move the file away, or `createdb` another and set it in MARQUEE_DATABASE_URL",
        )


def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # checked at the end: rows may refer to later ones
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KB}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _commit(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
    else:
        connection.commit()


def _check_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DataError(f"{len(broken)} rows refer to rows that are missing", file="the backup")


def _known(schema: sa.MetaData, table: str) -> sa.Table:
    if table not in schema.tables:
        raise DataError("this Marquee does not know the table", file=table)
    return schema.tables[table]


def _fill(connection: sa.Connection, table: sa.Table, path: Path, rows: int, told: Told) -> None:
    written = 0
    with _reading(path) as file:
        columns = [_column(table, name) for name in _parsed(file.readline(), path)]
        convert = cells.converters(columns, connection.dialect.name)
        write = _inserted if connection.dialect.name == "sqlite" else _copied
        while some := list(itertools.islice(file, ROWS)):
            values = [_converted(line, convert, path) for line in some]
            write(connection, table, columns, values)
            written += len(values)
            told(written)
    if written != rows:
        raise DataError(f"expected {rows:,} rows, found {written:,}", file=path.name)


def _inserted(
    connection: sa.Connection, table: sa.Table, columns: Sequence[sa.Column[Any]], rows: Sequence[list[Any]]
) -> None:
    names = [column.name for column in columns]
    connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copied(
    connection: sa.Connection, table: sa.Table, columns: Sequence[sa.Column[Any]], rows: Sequence[list[Any]]
) -> None:
    """Insert rows by COPY, which takes a tenth of the time of INSERT."""
    quoted = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quoted(table.name)} ({', '.join(quoted(column.name) for column in columns)}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    with bulk.driver_errors(connection, statement), cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(row)


@contextmanager
def _reading(path: Path) -> Iterator[gzip.GzipFile]:
    try:
        with gzip.open(path, "rb") as file:
            yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"damaged: {error}", file=path.name) from None


def _parsed(line: bytes, path: Path) -> list[Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise DataError(f"damaged: {error}", file=path.name) from None
    if not isinstance(found, list):
        raise DataError("damaged: expected a JSON array on each line", file=path.name)
    return found


def _column(table: sa.Table, name: object) -> sa.Column[Any]:
    if not isinstance(name, str) or name not in table.columns:
        raise DataError("this Marquee does not know the column", file=table.name, column=str(name))
    return table.columns[name]


def _converted(line: bytes, convert: Sequence[cells.Convert], path: Path) -> list[Any]:
    row = _parsed(line, path)
    if len(row) != len(convert):
        raise DataError(f"expected {len(convert)} values in each row, found {len(row)}", file=path.name)
    try:
        return [None if value is None else to(value) for value, to in zip(row, convert, strict=True)]
    except (TypeError, ValueError) as error:
        raise DataError(f"damaged: {error}", file=path.name) from None
