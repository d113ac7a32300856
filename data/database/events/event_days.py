"""The days of events, in UTC."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.trends import DayState
from data.database import bulk
from data.database.schema import events

_EPOCH = date(1970, 1, 1)
_DAY = 86_400


def read(connection: sa.Connection, *, since: datetime, until: datetime) -> dict[date, DayState]:
    """Return the state of each day with events within a period (excluding `until`), in order."""
    dialect = connection.dialect.name
    day = start_of_day(events.c.at, dialect)
    counted = (
        sa.select(_number(day, dialect), sa.func.count(), sa.cast(sa.func.sum(events.c.id), sa.BigInteger))
        .where(events.c.at >= since, events.c.at < until)
        .group_by(day)
        .order_by(day)
    )
    read = bulk.read_numbers(connection, counted, dict.fromkeys(("days", "events", "ids"), np.int64))
    columns = (column.tolist() for column in read.values())
    return {_EPOCH + timedelta(days=number): DayState(*rest) for number, *rest in zip(*columns, strict=True)}


def _number(day: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for the days since 1970 of a value of `start_of_day`."""
    if dialect == "sqlite":
        seconds: sa.ColumnElement[Any] = sa.func.strftime(sa.literal_column("'%s'"), day)
    else:
        seconds = sa.extract("epoch", day)
    return sa.cast(sa.cast(seconds, sa.BigInteger) / sa.literal_column(str(_DAY)), sa.BigInteger)


def start_of_day(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for the day of a time in UTC, to group by: its first 10 characters in SQLite."""
    if dialect == "sqlite":
        return sa.func.substr(sa.type_coerce(column, sa.Text), sa.literal_column("1"), sa.literal_column("10"))
    return sa.func.date_bin(
        sa.literal_column("interval '1 day'"), column, sa.literal_column("timestamptz '1970-01-01 00:00:00+00'")
    )
