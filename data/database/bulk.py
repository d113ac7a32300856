"""Bulk reads and writes as arrays; SQLAlchemy's overhead per row would exceed the cost of the database itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

CHUNK = 2_000
"""Rows converted to Python objects at a time: few enough to stay in the processor's cache."""

KIND_OF_TIMES: Mapping[str, Any] = {"sqlite": np.str_, "postgresql": np.float64}
"""The dtype in which `read` takes a column of `seconds_of`, by dialect: SQLite stores times as text."""

_ARRAYS = {"i": "bigint[]", "f": "double precision[]", "M": "timestamptz[]", "O": "text[]"}


def lock_table(connection: sa.Connection, table: sa.Table) -> None:
    """Keep other writers, but not readers, out until the transaction ends; SQLite has only one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, NDArray[Any]]) -> None:
    """Insert rows given as columns of int64, float64, datetime64[us] in UTC or texts, all of the same length."""
    names = ", ".join(columns)
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


def _chunks(columns: Mapping[str, NDArray[Any]]) -> Iterator[list[NDArray[Any]]]:
    for start in range(0, len(next(iter(columns.values()))), CHUNK):
        yield [column[start : start + CHUNK] for column in columns.values()]


def _values(column: NDArray[Any], dialect: str) -> list[Any]:
    if column.dtype.kind == "M" and dialect == "sqlite":
        return [str(time).replace("T", " ") for time in np.datetime_as_string(column, unit="us")]
    return list(column.tolist())
