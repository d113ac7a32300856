"""Rows as lines of JSON arrays: the same for SQLite and PostgreSQL, so that either restores a copy of the other.

Times are ISO 8601 in UTC, bytes are base64, and JSON columns are nested as they are. Floats survive bit for bit.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
import sqlalchemy as sa

Convert = Callable[[Any], Any]
_OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


def line(row: Sequence[Any]) -> bytes:
    """Return a row as a line. Times without a zone are UTC, as SQLite stores them."""
    return orjson.dumps(tuple(row), default=_other, option=_OPTIONS)


def _other(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"cannot store a {type(value).__name__}")


def converters(columns: Sequence[sa.Column[Any]], dialect: str) -> list[Convert]:
    """Return for each column the function that turns a value of a line into one that the driver stores."""
    return [_converter(column.type, sqlite=dialect == "sqlite") for column in columns]


def _converter(kind: sa.types.TypeEngine[Any], *, sqlite: bool) -> Convert:
    if isinstance(kind, sa.DateTime):
        return _local_time if sqlite else datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode
    if isinstance(kind, sa.JSON) and not sqlite:
        return json.dumps  # COPY takes documents as text; SQLAlchemy serialises them for SQLite
    return _unchanged


def _unchanged(value: object) -> object:
    return value


def _local_time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
