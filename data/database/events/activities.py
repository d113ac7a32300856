"""Distinct users of each movie, hour and activity, counted by the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.trends import TRENDING_LIST, Activity, ActivityCounts
from core.users import LIKED_STARS, EventKind, MarkKind
from data.database import bulk
from data.database.schema import changes, events

HOUR = 3_600
RATING = "rating"
"""The name of ratings in the history."""

KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""Events that are activities; the site itself causes impressions, and searches name no movie."""
CHANGES = (RATING, MarkKind.FAVOURITE, MarkKind.WATCHLIST)
"""Changes of diaries that may be activities."""
OF_AN_EVENT = events.c.kind.in_(KINDS) & (events.c.movie > 0)
OF_A_CHANGE = changes.c.what.in_(CHANGES) & changes.c.after.is_not(None)

_COLUMNS = dict.fromkeys(("hours", "movies", "activities", "users"), np.int64)
_NUMBERS: Mapping[Activity, Any] = {
    activity: sa.literal_column(str(number)) for number, activity in enumerate(Activity)
}
_NONE: sa.ColumnElement[int] = sa.literal_column("-1")
_NOBODY: sa.ColumnElement[int] = sa.literal_column("-1")


def of_events(connection: sa.Connection, *, since: datetime, until: datetime) -> ActivityCounts:
    """Count clicks and swipes within a period (excluding `until`); all visitors without an account are one user."""
    number = sa.case(
        (events.c.kind == EventKind.SWIPE_RIGHT, _NUMBERS[Activity.SWIPE_RIGHT]),
        (events.c.kind == EventKind.SWIPE_LEFT, _NUMBERS[Activity.SWIPE_LEFT]),
        (events.c.query != "", _NUMBERS[Activity.SEARCH_CLICK]),
        (events.c.list == TRENDING_LIST, _NUMBERS[Activity.LISTED_CLICK]),
        else_=_NUMBERS[Activity.CLICK],
    )
    hour = start_of_hour(events.c.at, connection.dialect.name)
    actions = sa.select(
        hour.label("hour"),
        events.c.movie.label("movie"),
        number.label("activity"),
        sa.func.coalesce(events.c.user_id, _NOBODY).label("user_id"),
    ).where(events.c.at >= since, events.c.at < until, OF_AN_EVENT)
    return _counted(connection, actions)


def of_diaries(connection: sa.Connection, *, since: datetime, until: datetime) -> ActivityCounts:
    """Count ratings of `LIKED_STARS` or more, favourites and movies put on the watchlist, even if removed later."""
    # The order of the conditions matters: only ratings have a number in `after`.
    number = sa.case(
        (changes.c.what == MarkKind.FAVOURITE, _NUMBERS[Activity.FAVOURITE]),
        (changes.c.what == MarkKind.WATCHLIST, _NUMBERS[Activity.WATCHLIST]),
        (sa.cast(changes.c.after, sa.Float(53)) >= LIKED_STARS, _NUMBERS[Activity.LOVED]),
        else_=_NONE,
    )
    hour = start_of_hour(changes.c.at, connection.dialect.name)
    actions = sa.select(
        hour.label("hour"),
        changes.c.movie.label("movie"),
        number.label("activity"),
        changes.c.user_id.label("user_id"),
    ).where(changes.c.at >= since, changes.c.at < until, OF_A_CHANGE)
    return _counted(connection, actions)


def start_of_hour(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for the hour of a time, to group by: its first 13 characters in SQLite."""
    if dialect == "sqlite":
        return sa.func.substr(sa.type_coerce(column, sa.Text), sa.literal_column("1"), sa.literal_column("13"))
    return sa.func.date_bin(
        sa.literal_column("interval '1 hour'"), column, sa.literal_column("timestamptz '1970-01-01 00:00:00+00'")
    )


def number_of_hour(hour: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Return an expression for the hours since 1970 of a value of `start_of_hour`."""
    if dialect == "sqlite":
        seconds: sa.ColumnElement[Any] = sa.func.strftime(
            sa.literal_column("'%s'"), hour.concat(sa.literal_column("':00:00'"))
        )
    else:
        seconds = sa.extract("epoch", hour)
    return sa.cast(sa.cast(seconds, sa.BigInteger) / sa.literal_column(str(HOUR)), sa.BigInteger)


def _counted(connection: sa.Connection, actions: sa.Select[Any]) -> ActivityCounts:
    """Count the users of each hour, movie and activity, each user once."""
    once = actions.distinct().subquery()
    groups = (once.c.hour, once.c.movie, once.c.activity)
    counted = (
        sa.select(
            number_of_hour(once.c.hour, connection.dialect.name),
            once.c.movie,
            sa.cast(once.c.activity, sa.BigInteger),
            sa.func.count(),
        )
        .where(once.c.activity >= sa.literal_column("0"))
        .group_by(*groups)
        .order_by(*groups)
    )
    return ActivityCounts(**bulk.read_numbers(connection, counted, _COLUMNS))
