"""The stores of events (impressions, clicks and searches) and of the number of requests by hour."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.recommendations.snapshots import ImplicitFeedback
from core.trends import LATENCY_BOUNDS_MS, ActivityCounts, DayState, EventColumns, RequestCounts, ServedRequest
from core.types import MovieId
from core.users import Event, EventKind, UserId
from data.database import bulk, upserts
from data.database.connections import Database
from data.database.events import activities, changed_hours, event_days, feedback, partitions
from data.database.schema import events, request_counts
from data.database.stores.accounts import PORTION, existing

HOUR = 3_600
DURATION = "duration "
"""Prefix of the counts of durations, followed by the number of their class."""
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
                changed_hours.add_late(connection, (row["at"] for row in rows))

    def of_user(self, user: UserId) -> Sequence[Event]:
        """Return all events of a user, oldest first, for the export."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_USER, {"user": user})
            return [Event(EventKind(kind), *rest) for kind, *rest in rows]

    def forget(self, user: UserId) -> int:
        """Delete the events of a user who opted out; return their number."""
        with self._database.erasing(rewriting=True) as connection:
            changed_hours.add_events_of(connection, user)
            return connection.execute(sa.delete(events).where(events.c.user_id == user)).rowcount

    def purge(self, *, before: datetime) -> int:
        """Delete older events; return their number. PostgreSQL drops the partitions of whole days."""
        with self._database.writing() as connection:
            dropped = partitions.drop(connection, before)
        with self._database.erasing() as connection:
            return dropped + connection.execute(sa.delete(events).where(events.c.at < before)).rowcount

    def prepare(self, now: datetime) -> int:
        """Create the partitions for the events of the next days; return how many were missing. SQLite has none."""
        with self._database.writing() as connection:
            return partitions.prepare(connection, now)

    def count(self) -> int:
        """Return the number of events."""
        with self._database.reading_public() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(events)) or 0

    def columns(
        self, *, since: datetime, until: datetime, kinds: Sequence[EventKind] = (), movie: MovieId | None = None
    ) -> EventColumns:
        """Return events within a period (excluding `until`), of some kinds or all, of a movie or all, by time."""
        with self._database.reading_public() as connection:
            dialect = connection.dialect.name
            wanted = sa.select(bulk.seconds_of(events.c.at, dialect), *_PLAIN).order_by(events.c.at, events.c.id)
            wanted = wanted.where(events.c.at >= since, events.c.at < until)
            if kinds:
                wanted = wanted.where(events.c.kind.in_(kinds))
            if movie is not None:
                wanted = wanted.where(events.c.movie == movie)
            read = bulk.read(connection, wanted, {"seconds": bulk.KIND_OF_TIMES[dialect], **_KINDS})
        return EventColumns(**{**read, "seconds": bulk.seconds(read["seconds"])})

    def activities(self, *, since: datetime, until: datetime) -> ActivityCounts:
        """Return distinct users by hour, movie and activity within a period (excluding `until`)."""
        with self._database.reading() as connection:
            return activities.of_events(connection, since=since, until=until)

    def feedback(self, *, since: datetime, until: datetime, users: range, skipped_days: int) -> ImplicitFeedback:
        """Return what the events of some users within a period (excluding `until`) say about movies.

        Args:
            since: the start of the period.
            until: its end.
            users: the ids of the users.
            skipped_days: distinct days (UTC) on which a movie was seen without any action before it counts as ignored.
        """
        with self._database.reading() as connection:
            return feedback.read(connection, since=since, until=until, users=users, skipped_days=skipped_days)

    def feedback_size(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """Return the number of events within a period that feedback is derived from, and the highest id of a user."""
        with self._database.reading() as connection:
            return feedback.size(connection, since=since, until=until)

    def days(self, *, since: datetime, until: datetime) -> dict[date, DayState]:
        """Return the state of each day (UTC) with events within a period (excluding `until`)."""
        with self._database.reading() as connection:
            return event_days.read(connection, since=since, until=until)

    def active(self, *, since: datetime, until: datetime) -> set[int]:
        """Return the users with events within a period (excluding `until`)."""
        wanted = sa.select(events.c.user_id).distinct().where(events.c.at >= since, events.c.at < until)
        with self._database.reading_public() as connection:
            return set(connection.scalars(wanted.where(events.c.user_id.is_not(None))))

    def distinct_users(
        self, movies: Sequence[MovieId], *, since: datetime, kinds: Sequence[EventKind]
    ) -> dict[MovieId, int]:
        """Return the number of users with events per movie since then; all anonymous visitors count as one."""
        counted: dict[MovieId, int] = {}
        with self._database.reading_public() as connection:
            for start in range(0, len(movies), PORTION):
                wanted = {"movies": list(movies[start : start + PORTION]), "since": since, "kinds": list(kinds)}
                counted.update((movie, count) for movie, count in connection.execute(_DISTINCT, wanted))
        return counted


class RequestCountStore:
    """Stores how many requests were answered in each hour, of all processes together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, requests: Sequence[ServedRequest]) -> None:
        """Count requests."""
        found = Counter((int(one.at.timestamp()) // HOUR, name) for one in requests for name in _names(one))
        # In the same order everywhere, so that processes wait for each other's rows but never in a circle.
        rows = [{"hour": hour, "name": name, "count": count} for (hour, name), count in sorted(found.items())]
        if not rows:
            return
        with self._database.writing() as connection:
            new = upserts.insert(connection, request_counts).values(rows)
            total = request_counts.c.count + new.excluded.count
            keys = [request_counts.c.hour, request_counts.c.name]
            connection.execute(new.on_conflict_do_update(index_elements=keys, set_={"count": total}))

    def hours(self, *, since: datetime, until: datetime) -> dict[int, RequestCounts]:
        """Return the counts of the hours that begin within a period, by hours since 1970."""
        first, last = (-int(-at.timestamp() // HOUR) for at in (since, until))
        wanted = sa.select(request_counts.c.hour, request_counts.c.name, request_counts.c.count)
        wanted = wanted.where(request_counts.c.hour >= first, request_counts.c.hour < last)
        found: dict[int, dict[str, int]] = defaultdict(dict)
        with self._database.reading_public() as connection:
            for hour, name, count in connection.execute(wanted):
                found[hour][name] = count
        return {hour: _counts(named) for hour, named in found.items()}

    def purge(self, *, before: datetime) -> int:
        """Delete older hours; return the number of rows."""
        old = sa.delete(request_counts).where(request_counts.c.hour < int(before.timestamp()) // HOUR)
        with self._database.writing() as connection:
            return connection.execute(old).rowcount


def _names(one: ServedRequest) -> Iterator[str]:
    """Yield the names of the counts that a request belongs to."""
    yield "requests"
    yield f"{DURATION}{bisect_left(LATENCY_BOUNDS_MS, one.ms)}"
    if one.failed:
        yield "failed"
    if one.found is not None:
        yield "searches"
    if one.found == 0:
        yield "empty"


def _counts(named: Mapping[str, int]) -> RequestCounts:
    durations = tuple(named.get(f"{DURATION}{place}", 0) for place in range(len(LATENCY_BOUNDS_MS) + 1))
    plain = {name: named.get(name, 0) for name in ("requests", "failed", "searches", "empty")}
    return RequestCounts(**plain, durations=durations)


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
