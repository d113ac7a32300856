"""What users showed without saying it, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.recommendations.snapshots import ImplicitFeedback
from core.types import MovieId
from core.users import MovieFeedback, UserId
from data.database import bulk
from data.database.connections import Database
from data.database.schema import implicit_feedback
from data.database.stores.accounts import existing

_COUNTS = (implicit_feedback.c.clicks, implicit_feedback.c.searches, implicit_feedback.c.skips)
_OF_USER = (
    sa.select(implicit_feedback.c.movie, *_COUNTS, implicit_feedback.c.at)
    .where(implicit_feedback.c.user_id == sa.bindparam("user"))
    .order_by(implicit_feedback.c.movie)
)


class ImplicitFeedbackStore:
    """What may be learned from besides what users said: made anew each night, of events that are still kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, made: ImplicitFeedback) -> None:
        """Replace all hints, those of users without an account left out."""
        with self._database.writing() as connection:
            # Accounts before the table, in the order of who deletes an account, or the two could wait for one another.
            there = existing(connection, map(UserId, np.unique(made.users).tolist()))
            bulk.alone(connection, implicit_feedback)
            kept = np.isin(made.users, np.array(sorted(there), np.int64))
            connection.execute(sa.delete(implicit_feedback))
            bulk.insert(connection, implicit_feedback, {name: column[kept] for name, column in _columns(made).items()})

    def read(self) -> ImplicitFeedback:
        """All hints, ordered by user and movie."""
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            at = bulk.seconds_of(implicit_feedback.c.at, dialect)
            everything = sa.select(implicit_feedback.c.user_id, implicit_feedback.c.movie, *_COUNTS, at)
            kinds = dict.fromkeys(("users", "movies", "clicks", "searches", "skips"), np.int64)
            ordered = everything.order_by(implicit_feedback.c.user_id, implicit_feedback.c.movie)
            read = bulk.read(connection, ordered, {**kinds, "times": bulk.KIND_OF_TIMES[dialect]})
        return ImplicitFeedback(**{**read, "times": bulk.seconds(read["times"]).astype(np.int64)})

    def of_user(self, user: UserId) -> Sequence[MovieFeedback]:
        """The hints of one user, for the export."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_USER, {"user": user})
            return [MovieFeedback(MovieId(movie), *rest) for movie, *rest in rows]

    def forget(self, user: UserId) -> int:
        """Delete the hints of a user, who opted out; how many these were."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(implicit_feedback).where(implicit_feedback.c.user_id == user)).rowcount


def _columns(made: ImplicitFeedback) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    return {
        "user_id": made.users,
        "movie": made.movies,
        "clicks": made.clicks,
        "searches": made.searches,
        "skips": made.skips,
        "at": made.times.astype("datetime64[s]").astype("datetime64[us]"),
    }
