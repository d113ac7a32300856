"""The hours whose counts must be made again, because activities in them were deleted or written late.

Whoever deletes activities, or writes them with an earlier time, adds their hours in the same transaction. Each addition
is a row of its own, so that one that is committed while an hour is counted remains for the next refresh.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.trends import Window
from core.users import UserId
from data.database.events.activities import HOUR, OF_A_CHANGE, OF_AN_EVENT, number_of_hour, start_of_hour
from data.database.schema import changed_hours, changes, events, trend_lists

LATE_HOURS = 1
"""Activities that are at most this much older than the last refresh are counted by the next one anyway."""
_LAST = sa.select(trend_lists.c.made_at).where(trend_lists.c.window == Window.DAY)


def add_late(connection: sa.Connection, times: Iterable[datetime]) -> None:
    """Add the hours of new activities that the last refresh has counted already."""
    last = connection.scalar(_LAST)
    if last is None:
        return
    counted = _number(last) - LATE_HOURS
    late = {hour for hour in map(_number, times) if hour < counted}
    if late:
        connection.execute(sa.insert(changed_hours), [{"hour": hour} for hour in sorted(late)])


def add_events_of(connection: sa.Connection, user: UserId) -> None:
    """Add the hours of a user's events, which are about to be deleted."""
    hour = _hour(events.c.at, connection)
    _add(connection, sa.select(hour).where(events.c.user_id == user, OF_AN_EVENT))


def add_diary_of(connection: sa.Connection, user: UserId) -> None:
    """Add the hours of a user's ratings and marks, which are about to be deleted."""
    _add(connection, sa.select(_hour(changes.c.at, connection)).where(changes.c.user_id == user, OF_A_CHANGE))


def _hour(column: sa.Column[datetime], connection: sa.Connection) -> sa.ColumnElement[int]:
    dialect = connection.dialect.name
    return number_of_hour(start_of_hour(column, dialect), dialect)


def _add(connection: sa.Connection, hours: sa.Select[Any]) -> None:
    connection.execute(sa.insert(changed_hours).from_select(["hour"], hours.distinct()))


def _number(time: datetime) -> int:
    return int(time.timestamp()) // HOUR
