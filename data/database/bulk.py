"""Bulk reads and writes as arrays; SQLAlchemy's overhead per row would exceed the cost of the database itself.

Millions of numbers pass without a Python object for each: PostgreSQL takes and sends them in the binary format of COPY.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

CHUNK = 2_000
"""Rows converted to Python objects at a time: few enough to stay in the processor's cache."""

KIND_OF_TIMES: Mapping[str, Any] = {"sqlite": np.str_, "postgresql": np.float64}
"""The dtype in which `read` takes a column of `seconds_of`, by dialect: SQLite stores times as text."""

Rows = sa.Select[Any] | sa.CompoundSelect[Any]
_PORTION = 16 * 2**20
"""Bytes of the binary format that become arrays at once."""
_LONG_STATEMENT = "SET LOCAL statement_timeout = '1800s'"
"""Run before a COPY: it takes longer than a statement should."""
_SIGNATURE_BYTES, _TRAILER_BYTES = 19, 2
"""Of the binary format: before the first row (without extensions, which do not exist yet) and after the last."""
_SIGNATURE, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_VALUE_BYTES = 8
_ROWS = 100_000
"""Rows that are converted to this format at once."""
_EPOCH_2000 = 946_684_800
"""Seconds from 1970 to PostgreSQL's epoch, from which its binary format counts microseconds."""
_BINARY = {"i": ">i8", "f": ">f8", "M": ">i8"}
"""The binary format of `bigint`, `double precision` and `timestamptz`, by the kind of dtype."""

_ARRAYS = {"i": "bigint[]", "f": "double precision[]", "M": "timestamptz[]", "O": "text[]"}


def lock_table(connection: sa.Connection, table: sa.Table) -> None:
    """Keep other writers, but not readers, out until the transaction ends; SQLite has only one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, NDArray[Any]]) -> None:
    """Insert rows given as columns of int64, float64, datetime64[us] in UTC or texts, all of the same length."""
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql" and all(column.dtype.kind in _BINARY for column in columns.values()):
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)", columns)
        return
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names come from the schema
    else:
        arrays = ", ".join(f"%s::{_ARRAYS[column.dtype.kind]}" for column in columns.values())
        statement = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608
    for values in _chunks(columns):
        lists = [_values(column, connection.dialect.name) for column in values]
        given: Any = list(zip(*lists, strict=True)) if connection.dialect.name == "sqlite" else tuple(lists)
        connection.exec_driver_sql(statement, given)


def column(values: Sequence[Any]) -> NDArray[Any]:
    """Return a column for `insert`: of int64, float64, datetime64[us], or of objects for texts and None."""
    first = values[0]
    if isinstance(first, datetime):
        return np.array([value.astimezone(UTC).replace(tzinfo=None) for value in values], "datetime64[us]")
    if isinstance(first, int | float):
        return np.array(values, np.int64 if isinstance(first, int) else np.float64)
    texts = np.empty(len(values), object)
    texts[:] = [None if value is None else str(value) for value in values]
    return texts


def read(connection: sa.Connection, statement: sa.Executable, kinds: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return the result's columns by name, as arrays of these dtypes. SQLAlchemy must not need to convert them."""
    result = connection.execute(statement)
    # Use the driver's own cursor: creating a row object per row took a quarter of the time.
    cursor = result.context.cursor
    parts: dict[str, list[NDArray[Any]]] = {name: [np.empty(0, kind)] for name, kind in kinds.items()}
    while rows := cursor.fetchmany(CHUNK):
        for (name, kind), column in zip(kinds.items(), zip(*rows, strict=True), strict=True):
            parts[name].append(np.array(column, kind))
    result.close()
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def read_numbers(connection: sa.Connection, statement: Rows, kinds: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return the result's columns of numbers by name, as arrays of these dtypes.

    Args:
        statement: without parameters and NULL; in PostgreSQL, its columns must be `bigint`, `double precision` or
            `timestamptz`.
        kinds: a dtype of integers or floats; or `datetime64[s]` for times (`whole_seconds`), which become int64,
            seconds since 1970.
    """
    portions = _copied if connection.dialect.name == "postgresql" else _fetched
    found = {name: np.empty(0, _stored(kind)) for name, kind in kinds.items()}
    for portion in portions(connection, statement, kinds):
        for name, column in portion.items():
            # Growing in place needs half of the memory of joining many parts: the system moves pages, not content.
            size = len(found[name])
            found[name].resize(size + len(column), refcheck=False)
            found[name][size:] = column
    return found


def whole_seconds(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for a column of times that `read_numbers` takes as `datetime64[s]`."""
    if dialect != "sqlite":
        return column
    # SQLite computes with milliseconds, so that it would round .9995 up; the first 19 characters are whole seconds.
    text = sa.func.substr(sa.type_coerce(column, sa.Text), sa.literal_column("1"), sa.literal_column("19"))
    return sa.cast(sa.func.strftime(sa.literal_column("'%s'"), text), sa.BigInteger)


def seconds_of(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for a column of times that `read` and `seconds` can process without Python objects."""
    return (
        sa.type_coerce(column, sa.Text) if dialect == "sqlite" else sa.cast(sa.extract("epoch", column), sa.Float(53))
    )


def seconds(read_times: NDArray[Any]) -> NDArray[np.float64]:
    """Return float64, (n,), seconds since 1970, from a column read as `seconds_of` (text in SQLite)."""
    if read_times.dtype.kind == "U":
        return read_times.astype("datetime64[us]").astype(np.int64) / 1e6
    return read_times.astype(np.float64)


def _stored(kind: Any) -> np.dtype[Any]:  # noqa: ANN401 - as numpy takes dtypes
    """Return the dtype of a column in the result."""
    found = np.dtype(kind)
    return np.dtype(np.int64) if found.kind == "M" else found


def _fetched(connection: sa.Connection, statement: Rows, kinds: Mapping[str, Any]) -> Iterator[dict[str, NDArray[Any]]]:
    result = connection.execute(statement)
    cursor = result.context.cursor
    stored = {name: _stored(kind) for name, kind in kinds.items()}
    while rows := cursor.fetchmany(CHUNK):
        columns = zip(*rows, strict=True)
        yield {name: np.array(column, kind) for (name, kind), column in zip(stored.items(), columns, strict=True)}
    result.close()


def _copied(connection: sa.Connection, statement: Rows, kinds: Mapping[str, Any]) -> Iterator[dict[str, NDArray[Any]]]:
    """Read by COPY: each row has the number of its values, and each value its length; here all rows are alike."""
    layout = _layout(kinds)
    compiled = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.connection.driver_connection
    received, skipped = bytearray(), 0
    with driver_errors(connection, compiled), driver.transaction(), driver.cursor() as cursor:
        cursor.execute(_LONG_STATEMENT)
        with cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT BINARY)") as copy:
            for block in copy:
                received += block
                if len(received) >= _PORTION:
                    whole = (len(received) - _SIGNATURE_BYTES) // layout.itemsize * layout.itemsize
                    first = _SIGNATURE_BYTES - skipped
                    yield _numbers(received[first : first + whole], layout, kinds)
                    del received[: first + whole]
                    skipped = _SIGNATURE_BYTES
        yield _numbers(received[_SIGNATURE_BYTES - skipped : len(received) - _TRAILER_BYTES], layout, kinds)


def _copy(connection: sa.Connection, statement: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write numbers and times by COPY; `_copied` describes the format."""
    layout = _layout({name: column.dtype for name, column in columns.items()})
    driver: Any = connection.connection.driver_connection
    with driver_errors(connection, statement), driver.cursor() as cursor:
        cursor.execute(_LONG_STATEMENT)
        with cursor.copy(statement) as copy:
            copy.write(_SIGNATURE)
            for start in range(0, len(next(iter(columns.values()))), _ROWS):
                part = {name: column[start : start + _ROWS] for name, column in columns.items()}
                copy.write(_binary(layout, part))
            copy.write(_TRAILER)


def _binary(layout: np.dtype[Any], columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Return rows in the binary format; the inverse of `_numbers`."""
    rows = np.zeros(len(next(iter(columns.values()))), layout)
    rows["fields"] = len(columns)
    for name, column in columns.items():
        rows[f"{name} length"] = _VALUE_BYTES
        times = column.dtype.kind == "M"
        rows[name] = column.astype("datetime64[us]").astype(np.int64) - _EPOCH_2000 * 1_000_000 if times else column
    return rows.tobytes()


def _layout(kinds: Mapping[str, Any]) -> np.dtype[Any]:
    """Return the dtype of a row in the binary format: the number of its values, then each with its length."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} length", ">i4"), (name, _BINARY[np.dtype(kind).kind])]
    return np.dtype(fields)


def _numbers(received: bytearray, layout: np.dtype[Any], kinds: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return the columns of whole rows in the binary format."""
    rows = np.frombuffer(received, layout)
    found = {}
    for name, kind in kinds.items():
        values = rows[name]
        times = np.dtype(kind).kind == "M"
        found[name] = (values // 1_000_000 + _EPOCH_2000 if times else values).astype(_stored(kind))
    return found


@contextmanager
def driver_errors(connection: sa.Connection, statement: str) -> Iterator[None]:
    """Turn errors of the driver into those of SQLAlchemy, which turns only those of its own calls."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, driver.Error) from None


def _chunks(columns: Mapping[str, NDArray[Any]]) -> Iterator[list[NDArray[Any]]]:
    for start in range(0, len(next(iter(columns.values()))), CHUNK):
        yield [column[start : start + CHUNK] for column in columns.values()]


def _values(column: NDArray[Any], dialect: str) -> list[Any]:
    if column.dtype.kind == "M" and dialect == "sqlite":
        return [str(time).replace("T", " ") for time in np.datetime_as_string(column, unit="us")]
    return list(column.tolist())
