"""The store of demo users, which are loaded, renewed and removed together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.language.normalization import account_key
from core.sample.demo import PREFIX, DemoUser
from core.users import Preferences, UserId
from data.database import bulk, diary_writes
from data.database.connections import Database
from data.database.schema import (
    changes,
    events,
    implicit_feedback,
    job_runs,
    marks,
    movie_hours,
    ratings,
    trend_lists,
    trends,
    users,
)
from data.database.stores.events import event_row

NO_PASSWORD = "!"  # noqa: S105 - the hash of no password
"""In place of a password hash: nobody can sign in as a demo user."""

_KEY = account_key(PREFIX)
# The indexed key narrows the search; the name decides, because the account `Demo-Ada` has the same key.
_IS_DEMO = users.c.folded_name.between(f"{_KEY} ", f"{_KEY}!") & users.c.name.startswith(PREFIX, autoescape=True)
_IDS = sa.select(users.c.id).where(_IS_DEMO)
_NEWEST = sa.select(sa.func.max(events.c.at, type_=events.c.at.type)).where(events.c.user_id.in_(_IDS))
_OTHERS = sa.select(sa.exists().where(sa.not_(users.c.name.startswith(PREFIX, autoescape=True))))
_OF_USERS = (ratings, marks, changes, events, implicit_feedback)


class DemoStore:
    """The demo users. Loading them does not change other data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self) -> frozenset[UserId]:
        """Return the ids of the demo users; empty if no demo data is loaded."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(_IDS))

    def newest(self) -> datetime | None:
        """Return the time of the latest demo event; None if there is none."""
        with self._database.reading() as connection:
            return cast("datetime | None", connection.scalar(_NEWEST))

    def alone(self) -> bool:
        """Return whether there are no accounts except demo users."""
        with self._database.reading() as connection:
            return not connection.scalar(_OTHERS)

    def load(self, demo: Sequence[DemoUser], *, at: datetime) -> None:
        """Replace the demo users and their data. Existing demo users keep their ids."""
        with self._database.writing() as connection:
            bulk.lock_table(connection, users)
            known = _numbers(connection)
            connection.execute(sa.delete(users).where(_IS_DEMO, users.c.name.not_in([user.name for user in demo])))
            for table in _OF_USERS:
                connection.execute(sa.delete(table).where(table.c.user_id.in_(_IDS)))
            new = [_account(user.name, at) for user in demo if user.name not in known]
            _insert(connection, users, new)
            connection.execute(sa.update(users).where(_IS_DEMO).values(revision=users.c.revision + 1))
            numbers = _numbers(connection)
            for user in demo:
                _write(connection, numbers[user.name], user)

    def remove(self) -> bool:
        """Delete the demo users and everything derived from their data; return whether there were any.

        Trending lists and hourly counts are deleted, to be computed again from the remaining events. Online evaluations
        made since the demo users were loaded are deleted too.
        """
        with self._database.writing() as connection:
            bulk.lock_table(connection, users)
            since = connection.scalar(
                sa.select(sa.func.min(users.c.created_at, type_=users.c.created_at.type)).where(_IS_DEMO)
            )
            if since is None:
                return False
            connection.execute(sa.delete(users).where(_IS_DEMO))
            for table in (movie_hours, trends, trend_lists):
                connection.execute(sa.delete(table))
            measured = (job_runs.c.job == EVALUATE_ONLINE, job_runs.c.ended_at >= since)
            connection.execute(sa.delete(job_runs).where(*measured))
            return True


def _numbers(connection: sa.Connection) -> Mapping[str, int]:
    return {row.name: row.id for row in connection.execute(sa.select(users.c.name, users.c.id).where(_IS_DEMO))}


def _account(name: str, at: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "folded_name": account_key(name),
        "password_hash": NO_PASSWORD,
        "administrator": False,
        "preferences": asdict(Preferences(onboarded=True)),
        "revision": 0,
        "created_at": at,
    }


def _write(connection: sa.Connection, number: int, user: DemoUser) -> None:
    owner = {"user_id": number}
    rated = [{**owner, "movie": one.movie, "stars": one.stars, "at": one.at} for one in user.ratings]
    marked = [
        {**owner, "kind": kind, "movie": movie, "at": at}
        for kind, movies in user.marks.items()
        for movie, at in movies.items()
    ]
    _insert(connection, ratings, rated)
    _insert(connection, marks, marked)
    _insert(connection, changes, [*map(_rating_change, rated), *map(_mark_change, marked)])
    _insert(connection, events, [{**event_row(event), **owner} for event in user.events])


def _rating_change(row: Mapping[str, Any]) -> dict[str, Any]:
    return _change(row, what="rating", after=f"{row['stars']:g}")


def _mark_change(row: Mapping[str, Any]) -> dict[str, Any]:
    return _change(row, what=row["kind"], after=diary_writes.MARKED)


def _change(row: Mapping[str, Any], *, what: str, after: str) -> dict[str, Any]:
    return {
        "user_id": row["user_id"],
        "movie": row["movie"],
        "what": what,
        "before": None,
        "after": after,
        "at": row["at"],
    }


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    found = list(rows)
    if found:
        connection.execute(sa.insert(table), found)
