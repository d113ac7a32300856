"""The store of events: impressions, clicks and searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.trends import EventColumns
from core.types import MovieId
from core.users import Event, EventKind, UserId
from data.database import bulk
from data.database.connections import Database
from data.database.schema import events
from data.database.stores.accounts import PORTION, existing

_COLUMNS = (
    events.c.kind,
    events.c.at,
    events.c.user_id,
    events.c.movie,
    events.c.list,
    events.c.position,
    events.c.model,
    events.c.query,
)
_OF_USER = sa.select(*_COLUMNS).where(events.c.user_id == sa.bindparam("user")).order_by(events.c.at, events.c.id)

_PLAIN = (
    sa.type_coerce(events.c.kind, sa.Text),
    sa.func.coalesce(events.c.user_id, -1),
    sa.func.coalesce(events.c.movie, -1),
    sa.func.coalesce(events.c.position, -1),
    sa.type_coerce(events.c.list, sa.Text),
    sa.type_coerce(events.c.model, sa.Text),
    sa.type_coerce(events.c.query, sa.Text),
)
_KINDS: Mapping[str, Any] = {
    "kinds": np.str_,
    "users": np.int64,
    "movies": np.int64,
    "positions": np.int64,
    "lists": np.object_,
    "models": np.object_,
    "queries": np.object_,
}
_USER_OR_NOBODY = sa.func.coalesce(events.c.user_id, sa.literal_column("-1"))
_DISTINCT = (
    sa.select(events.c.movie, sa.func.count(sa.distinct(_USER_OR_NOBODY)))
    .where(
        events.c.movie.in_(sa.bindparam("movies", expanding=True)),
        events.c.at >= sa.bindparam("since"),
        events.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .group_by(events.c.movie)
)


class EventStore:
    """Stores events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Sequence[Event]) -> None:
        """Append a batch of events, without those of accounts that were deleted meanwhile."""
        if not events:
            return
        with self._database.writing() as connection:
            there = existing(connection, {event.user for event in events if event.user is not None})
            rows = [event_row(event) for event in events if event.user is None or event.user in there]
            if rows:
                connection.execute(sa.insert(_COLUMNS[0].table), rows)

    def of_user(self, user: UserId) -> Sequence[Event]:
        """Return all events of a user, oldest first, for the export."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_USER, {"user": user})
            return [Event(EventKind(kind), *rest) for kind, *rest in rows]

    def forget(self, user: UserId) -> int:
        """Delete the events of a user who opted out; return their number."""
        with self._database.erasing(rewriting=True) as connection:
            return connection.execute(sa.delete(events).where(events.c.user_id == user)).rowcount

    def purge(self, *, before: datetime) -> int:
        """Delete older events; return their number."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(events).where(events.c.at < before)).rowcount

    def count(self) -> int:
        """Return the number of events."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(events)) or 0

    def columns(self, *, since: datetime, until: datetime, kinds: Sequence[EventKind] = ()) -> EventColumns:
        """Return events within a period (excluding `until`), of some kinds or all, ordered by time."""
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            wanted = sa.select(bulk.seconds_of(events.c.at, dialect), *_PLAIN).order_by(events.c.at, events.c.id)
            wanted = wanted.where(events.c.at >= since, events.c.at < until)
            if kinds:
                wanted = wanted.where(events.c.kind.in_(kinds))
            read = bulk.read(connection, wanted, {"seconds": bulk.KIND_OF_TIMES[dialect], **_KINDS})
        return EventColumns(**{**read, "seconds": bulk.seconds(read["seconds"])})

    def distinct_users(
        self, movies: Sequence[MovieId], *, since: datetime, kinds: Sequence[EventKind]
    ) -> dict[MovieId, int]:
        """Return the number of users with events per movie since then; all anonymous visitors count as one."""
        counted: dict[MovieId, int] = {}
        with self._database.reading() as connection:
            for start in range(0, len(movies), PORTION):
                wanted = {"movies": list(movies[start : start + PORTION]), "since": since, "kinds": list(kinds)}
                counted.update((movie, count) for movie, count in connection.execute(_DISTINCT, wanted))
        return counted


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row of its table."""
    return {
        "kind": event.kind,
        "at": event.at,
        "user_id": event.user,
        "movie": event.movie,
        "list": event.list,
        "position": event.position,
        "model": event.model,
        "query": event.query,
    }
