"""What the events of users say about movies, counted by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.recommendations.snapshots import ImplicitFeedback
from core.trends import SEARCH_LIST
from core.users import EventKind
from data.database import bulk
from data.database.events import event_days
from data.database.schema import events

KINDS = (EventKind.IMPRESSION, EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""The events behind implicit feedback."""
_COLUMNS = {
    **dict.fromkeys(("users", "movies", "clicks", "searches", "skips"), np.int64),
    "times": "datetime64[s]",
}
_ONE: sa.ColumnElement[int] = sa.literal_column("1")
_ZERO: sa.ColumnElement[int] = sa.literal_column("0")


def read(
    connection: sa.Connection, *, since: datetime, until: datetime, users: range, skipped_days: int
) -> ImplicitFeedback:
    """Return the feedback of some users, ordered by user and movie.

    Args:
        connection: to the database.
        since: the start of the period.
        until: its end, exclusive.
        users: the ids of the users.
        skipped_days: distinct days (UTC) on which a movie was seen without any action before it counts as ignored.
    """
    dialect = connection.dialect.name
    # Two steps: days that are grouped before they are counted need no sorting, unlike a count of distinct days.
    daily = (
        sa.select(
            events.c.user_id,
            events.c.movie,
            _number(events.c.kind == EventKind.CLICK).label("clicks"),
            _number((events.c.kind == EventKind.CLICK) & _from_search()).label("searches"),
            sa.func.max(sa.case((events.c.kind == EventKind.IMPRESSION, _ONE), else_=_ZERO)).label("seen"),
            _number(events.c.kind != EventKind.IMPRESSION).label("actions"),
            sa.func.max(events.c.at).label("at"),
        )
        .where(
            events.c.user_id.between(users.start, users.stop - 1),
            events.c.movie > 0,
            events.c.at >= since,
            events.c.at < until,
            events.c.kind.in_(KINDS),
        )
        .group_by(events.c.user_id, events.c.movie, event_days.start_of_day(events.c.at, dialect))
        .subquery()
    )
    clicks, seen = sa.func.sum(daily.c.clicks), sa.func.sum(daily.c.seen)
    ignored = (sa.func.sum(daily.c.actions) == _ZERO) & (seen >= skipped_days)
    last = sa.type_coerce(sa.func.max(daily.c.at), events.c.at.type)
    pairs = (
        sa.select(
            daily.c.user_id,
            daily.c.movie,
            sa.cast(clicks, sa.BigInteger),
            sa.cast(sa.func.sum(daily.c.searches), sa.BigInteger),
            sa.cast(sa.case((ignored, seen), else_=_ZERO), sa.BigInteger),
            bulk.whole_seconds(last, dialect),
        )
        .group_by(daily.c.user_id, daily.c.movie)
        .having((clicks > _ZERO) | ignored)
        .order_by(daily.c.user_id, daily.c.movie)
    )
    return ImplicitFeedback(**bulk.read_numbers(connection, pairs, _COLUMNS))


def size(connection: sa.Connection, *, since: datetime, until: datetime) -> tuple[int, int]:
    """Return the number of events within a period that feedback is derived from, and the highest id of a user."""
    counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(events.c.user_id), sa.cast(_ZERO, sa.BigInteger)))
    counted = counted.where(events.c.at >= since, events.c.at < until, events.c.kind.in_(KINDS))
    read = bulk.read_numbers(connection, counted, dict.fromkeys(("events", "highest"), np.int64))
    return int(read["events"][0]), int(read["highest"][0])


def _from_search() -> sa.ColumnElement[bool]:
    return (events.c.query != "") | (events.c.list == SEARCH_LIST)


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, _ONE), else_=_ZERO))
