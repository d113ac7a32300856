"""The store of implicit feedback."""

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
    """Stores implicit feedback; recomputed each night from the stored events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, feedback: ImplicitFeedback) -> None:
        """Replace all implicit feedback, without that of users without an account."""
        with self._database.writing() as connection:
            # Lock accounts before the table, as deleting an account does; otherwise the two could deadlock.
            there = existing(connection, map(UserId, np.unique(feedback.users).tolist()))
            bulk.lock_table(connection, implicit_feedback)
            kept = np.isin(feedback.users, np.array(sorted(there), np.int64))
            connection.execute(sa.delete(implicit_feedback))
            kept_columns = {name: column[kept] for name, column in _columns(feedback).items()}
            bulk.insert(connection, implicit_feedback, kept_columns)

    def read(self) -> ImplicitFeedback:
        """Return all implicit feedback, ordered by user and movie."""
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            at = bulk.seconds_of(implicit_feedback.c.at, dialect)
            everything = sa.select(implicit_feedback.c.user_id, implicit_feedback.c.movie, *_COUNTS, at)
            kinds = dict.fromkeys(("users", "movies", "clicks", "searches", "skips"), np.int64)
            ordered = everything.order_by(implicit_feedback.c.user_id, implicit_feedback.c.movie)
            read = bulk.read(connection, ordered, {**kinds, "times": bulk.KIND_OF_TIMES[dialect]})
        return ImplicitFeedback(**{**read, "times": bulk.seconds(read["times"]).astype(np.int64)})

    def of_user(self, user: UserId) -> Sequence[MovieFeedback]:
        """Return the implicit feedback of a user, for the export."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_USER, {"user": user})
            return [MovieFeedback(MovieId(movie), *rest) for movie, *rest in rows]

    def forget(self, user: UserId) -> int:
        """Delete the implicit feedback of a user who opted out; return the number of rows."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(implicit_feedback).where(implicit_feedback.c.user_id == user)).rowcount


def _columns(feedback: ImplicitFeedback) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    return {
        "user_id": feedback.users,
        "movie": feedback.movies,
        "clicks": feedback.clicks,
        "searches": feedback.searches,
        "skips": feedback.skips,
        "at": feedback.times.astype("datetime64[s]").astype("datetime64[us]"),
    }
