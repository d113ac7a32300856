"""The store of what media servers reported: the latest reports of each user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.sync.records import KEPT_SCROBBLES, Scrobble, ScrobbleOutcome
from core.types import MovieId
from core.users import UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.sync.tables import scrobbles


class ScrobbleStore:
    """Stores reports of media servers, the latest `KEPT_SCROBBLES` of each user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: UserId, scrobble: Scrobble) -> int:
        """Store a report and return its number. Raises `NotFound` for an unknown user."""
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            return _add(connection, user, scrobble)

    def claim(self, user: UserId, scrobble: Scrobble, *, since: datetime) -> int | None:
        """Store a report of a watching, unless the same movie was logged since a time: then return None.

        Two reports at the same time are told apart: one of them is stored.
        """
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            same = sa.select(scrobbles.c.id).where(
                scrobbles.c.user_id == user, scrobbles.c.movie == scrobble.movie, scrobbles.c.at > since,
                scrobbles.c.outcome == ScrobbleOutcome.LOGGED,
            )  # fmt: skip
            if connection.execute(same.limit(1)).first() is not None:
                return None
            return _add(connection, user, scrobble)

    def withdraw(self, user: UserId, number: int) -> None:
        """Delete a report whose watching could not be stored."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(scrobbles).where(scrobbles.c.user_id == user, scrobbles.c.id == number))

    def latest(self, user: UserId) -> Sequence[Scrobble]:
        """Return the reports of a user, latest first."""
        own = sa.select(scrobbles).where(scrobbles.c.user_id == user).order_by(scrobbles.c.id.desc())
        with self._database.reading() as connection:
            return [
                Scrobble(
                    row.at, row.source, ScrobbleOutcome(row.outcome), row.title, row.year,
                    None if row.movie is None else MovieId(row.movie),
                )
                for row in connection.execute(own.limit(KEPT_SCROBBLES))
            ]  # fmt: skip


def _add(connection: sa.Connection, user: UserId, scrobble: Scrobble) -> int:
    values = {
        "user_id": user, "at": scrobble.at, "source": scrobble.source, "outcome": scrobble.outcome,
        "title": scrobble.title, "year": scrobble.year, "movie": scrobble.movie,
    }  # fmt: skip
    number: int = connection.execute(sa.insert(scrobbles).values(values).returning(scrobbles.c.id)).scalar_one()
    own = scrobbles.c.user_id == user
    latest = sa.select(scrobbles.c.id).where(own).order_by(scrobbles.c.id.desc())
    oldest = connection.scalar(latest.offset(KEPT_SCROBBLES - 1).limit(1))
    if oldest is not None:
        connection.execute(sa.delete(scrobbles).where(own, scrobbles.c.id < oldest))
    return number
