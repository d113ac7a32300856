"""Many rows at once, in and out, as arrays: what SQLAlchemy does for each row would cost more than the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

CHUNK = 2_000
"""Rows that are Python objects at one time: few enough to stay in the processor's cache."""

KIND_OF_TIMES: Mapping[str, Any] = {"sqlite": np.str_, "postgresql": np.float64}
"""The dtype in which `read` takes a column of `seconds_of`, by dialect: SQLite keeps times as words."""

_ARRAYS = {"i": "bigint[]", "f": "double precision[]", "M": "timestamptz[]"}


def alone(connection: sa.Connection, table: sa.Table) -> None:
    """Keep other writers out until the transaction ends, readers not; SQLite has one writer at a time anyway."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, NDArray[Any]]) -> None:
    """Insert rows that are given as columns of int64, float64 or datetime64[us] in UTC, all of one length."""
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names of the schema
    else:
        arrays = ", ".join(f"%s::{_ARRAYS[column.dtype.kind]}" for column in columns.values())
        statement = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608
    for values in _chunks(columns):
        lists = [_values(column, connection.dialect.name) for column in values]
        given: Any = list(zip(*lists, strict=True)) if connection.dialect.name == "sqlite" else tuple(lists)
        connection.exec_driver_sql(statement, given)


def read(connection: sa.Connection, statement: sa.Executable, kinds: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The result's columns by name, as arrays of these dtypes; its columns must need no conversion by SQLAlchemy."""
    result = connection.execute(statement)
    # The driver's own cursor: a row object for each row, of which only columns are wanted, took a quarter of the time.
    cursor = result.context.cursor
    parts: dict[str, list[NDArray[Any]]] = {name: [np.empty(0, kind)] for name, kind in kinds.items()}
    while rows := cursor.fetchmany(CHUNK):
        for (name, kind), column in zip(kinds.items(), zip(*rows, strict=True), strict=True):
            parts[name].append(np.array(column, kind))
    result.close()
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def seconds_of(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """A column of times for `read`: what `seconds` understands, without a Python object for each time."""
    return (
        sa.type_coerce(column, sa.Text) if dialect == "sqlite" else sa.cast(sa.extract("epoch", column), sa.Float(53))
    )


def seconds(read_times: NDArray[Any]) -> NDArray[np.float64]:
    """float64, (n,), seconds since 1970, of a column that was read as `seconds_of`: words in SQLite."""
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
