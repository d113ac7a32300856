"""What was noticed of visits: `core.stores.EventStore` in a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.people import Event, EventKind, ViewerId
from data.database.connections import Database
from data.database.schema import events, viewers

_COLUMNS = (
    events.c.kind,
    events.c.at,
    events.c.viewer_id,
    events.c.movie,
    events.c.shelf,
    events.c.position,
    events.c.model,
    events.c.query,
)
_OF_VIEWER = sa.select(*_COLUMNS).where(events.c.viewer_id == sa.bindparam("viewer")).order_by(events.c.at, events.c.id)


class EventTables:
    """The events of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Sequence[Event]) -> None:
        """Append a batch. Events of accounts that were deleted meanwhile are left out: nothing of them is kept."""
        if not events:
            return
        with self._database.writing() as connection:
            known = _known(connection, events)
            rows = [_row(event) for event in events if event.viewer is None or event.viewer in known]
            if rows:
                connection.execute(sa.insert(_COLUMNS[0].table), rows)

    def of_viewer(self, viewer: ViewerId) -> Sequence[Event]:
        """All events of a viewer, oldest first, for the export."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_VIEWER, {"viewer": viewer})
            return [Event(EventKind(kind), *rest) for kind, *rest in rows]

    def forget(self, viewer: ViewerId) -> int:
        """Delete the events of a viewer, who opted out; how many these were."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(events).where(events.c.viewer_id == viewer)).rowcount

    def purge(self, *, before: datetime) -> int:
        """Delete what is older; how many events these were."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(events).where(events.c.at < before)).rowcount

    def count(self) -> int:
        """How many events are kept."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(events)) or 0


def _known(connection: sa.Connection, batch: Sequence[Event]) -> set[int]:
    """Which viewers of the batch have an account; held until the events are written, in the order of their numbers."""
    named = sorted({event.viewer for event in batch if event.viewer is not None})
    held = sa.select(viewers.c.id).where(viewers.c.id.in_(named)).order_by(viewers.c.id)
    return set(connection.scalars(held.with_for_update(read=True, key_share=True))) if named else set()


def _row(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "at": event.at,
        "viewer_id": event.viewer,
        "movie": event.movie,
        "shelf": event.shelf,
        "position": event.position,
        "model": event.model,
        "query": event.query,
    }
