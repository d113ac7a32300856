"""The store of watchings and of goals for a year."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.diary.watches import MAX_WATCHES, Watch, WatchEntry, WatchGoal
from core.errors import InvalidRequest, NotFound
from core.types import MovieId
from core.users import MarkKind, UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import watch_goals, watches
from data.database.diary_writes import Line
from data.database.schema import AnyRow, changes, storable
from data.database.social.tables import published_reviews
from data.database.upserts import insert

WHAT = "watch"
"""The name of a watching in the history."""
UNDOABLE = 50
"""Changes of watchings among which one can be undone."""
_OWN = watches.c.user_id == sa.bindparam("user")
_NEWEST_FIRST = (watches.c.day.desc(), watches.c.id.desc())
_YEAR = sa.extract("year", watches.c.day)


class WatchStore:
    """Stores watchings. Each write adds an entry to the history; the rating and the mark follow (see `log`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log(self, user: UserId, entry: WatchEntry, *, at: datetime) -> Watch:
        """Add a watching and mark the movie as watched; the stars of the movie's latest watching become its rating.

        Raises:
            NotFound: the user does not exist, or the movie id is invalid.
            InvalidRequest: the user has `MAX_WATCHES` watchings.
        """
        diary_writes.check_movie(entry.movie)
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            if _count(connection, user) >= MAX_WATCHES:
                raise _full()
            added = sa.insert(watches).values(_row(user, entry, at)).returning(watches.c.id)
            watch = Watch(id=connection.execute(added).scalar_one(), entry=_stored(entry), created_at=at)
            _record(connection, user, None, watch, at=at)
            _follow(connection, user, watch, at=at)
        return watch

    def change(self, user: UserId, watch: int, entry: WatchEntry, *, at: datetime) -> Watch:
        """Replace a watching, except for its movie; its stars may become the rating, as in `log`. Raises `NotFound`."""
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            before = _get(connection, user, watch)
            entry = _stored(replace(entry, movie=before.entry.movie))
            after = Watch(id=watch, entry=entry, created_at=before.created_at)
            if after != before:
                values = _row(user, after.entry, before.created_at)
                connection.execute(sa.update(watches).where(_of(user, watch)).values(values))
                if not after.entry.note:  # a review without text
                    connection.execute(sa.delete(published_reviews).where(published_reviews.c.watch_id == watch))
                _record(connection, user, before, after, at=at)
                _follow(connection, user, after, at=at)
        return after

    def delete(self, user: UserId, watch: int, *, at: datetime) -> Watch:
        """Delete a watching and return it; the rating and the mark stay. Raises `NotFound`."""
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            before = _get(connection, user, watch)
            connection.execute(sa.delete(watches).where(_of(user, watch)))
            _record(connection, user, before, None, at=at)
        return before

    def undo(self, user: UserId, watch: int, *, at: datetime) -> Watch:
        """Restore a watching as it was before its latest change or its deletion; a deleted one gets a new number.

        Raises:
            NotFound: it was neither changed nor deleted among the latest `UNDOABLE` changes.
        """
        wanted = (
            sa.select(changes.c.movie, changes.c.before, changes.c.after)
            .where(changes.c.user_id == user, changes.c.what == WHAT)
            .order_by(changes.c.at.desc(), changes.c.id.desc())
            .limit(UNDOABLE)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        for movie, before, after in rows:
            found = json.loads(before or "{}")
            if found.get("id") == watch:
                entry = _parsed(movie, found)
                return self.log(user, entry, at=at) if after is None else self.change(user, watch, entry, at=at)
        raise NotFound(f"no change of the watching {watch} can be undone")

    def get(self, user: UserId, watch: int) -> Watch:
        """Return a watching of the user. Raises `NotFound`."""
        with self._database.reading() as connection:
            return _get(connection, user, watch)

    def read(
        self, user: UserId, *, first: date = date.min, last: date = date.max, limit: int | None = None, offset: int = 0
    ) -> Sequence[Watch]:
        """Return watchings of a period, the newest first."""
        within = sa.select(watches).where(_OWN, watches.c.day.between(first, last)).order_by(*_NEWEST_FIRST)
        with self._database.reading() as connection:
            return [_watch(row) for row in connection.execute(within.limit(limit).offset(offset), {"user": user})]

    def count(self, user: UserId, *, first: date = date.min, last: date = date.max) -> int:
        """Return the number of watchings of a period."""
        with self._database.reading() as connection:
            return _count(connection, user, watches.c.day.between(first, last))

    def of_movie(self, user: UserId, movie: MovieId, *, limit: int) -> Sequence[Watch]:
        """Return the newest watchings of a movie."""
        own = sa.select(watches).where(_OWN, watches.c.movie == movie).order_by(*_NEWEST_FIRST).limit(limit)
        with self._database.reading() as connection:
            return [_watch(row) for row in connection.execute(own, {"user": user})]

    def years(self, user: UserId) -> Mapping[int, int]:
        """Return the number of watchings of each year, the newest first."""
        counted = sa.select(_YEAR, sa.func.count()).where(_OWN).group_by(_YEAR).order_by(_YEAR.desc())
        with self._database.reading() as connection:
            found = {int(year): count for year, count in connection.execute(counted, {"user": user})}
        return MappingProxyType(found)

    def goals(self, user: UserId) -> Sequence[WatchGoal]:
        """Return the goals of a user, by year."""
        own = sa.select(watch_goals.c.year, watch_goals.c.movies).where(watch_goals.c.user_id == user)
        with self._database.reading() as connection:
            return [WatchGoal(*row) for row in connection.execute(own.order_by(watch_goals.c.year))]

    def set_goal(self, user: UserId, year: int, movies: int | None) -> None:
        """Set the goal of a year, or (None) remove it. Raises `NotFound` for an unknown user."""
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            if movies is None:
                own = (watch_goals.c.user_id == user, watch_goals.c.year == year)
                connection.execute(sa.delete(watch_goals).where(*own))
                return
            added = insert(connection, watch_goals).values(user_id=user, year=year, movies=movies)
            keys = ["user_id", "year"]
            connection.execute(added.on_conflict_do_update(index_elements=keys, set_={"movies": movies}))


def add_goals(connection: sa.Connection, user: UserId, goals: Sequence[WatchGoal]) -> None:
    """Add goals of an import to years that have none."""
    if goals:
        rows = [{"user_id": user, "year": goal.year, "movies": goal.movies} for goal in goals]
        connection.execute(insert(connection, watch_goals).values(rows).on_conflict_do_nothing())


def add_many(connection: sa.Connection, user: UserId, entries: Sequence[tuple[WatchEntry, datetime]]) -> None:
    """Add the watchings of an import, each with the time of its entry. Raises `InvalidRequest` for too many."""
    if not entries:
        return
    diary_writes.lock(connection, user)
    if _count(connection, user) + len(entries) > MAX_WATCHES:
        raise _full()
    connection.execute(sa.insert(watches), [_row(user, entry, at) for entry, at in entries])
    diary_writes.insert(
        connection, changes, [_change(user, entry.movie, None, _text(entry), at) for entry, at in entries]
    )


def _follow(connection: sa.Connection, user: UserId, watch: Watch, *, at: datetime) -> None:
    """Mark the movie as watched, and rate it if this is its latest watching and has stars."""
    movie = watch.entry.movie
    newest = sa.select(watches.c.id).where(_OWN, watches.c.movie == movie).order_by(*_NEWEST_FIRST).limit(1)
    rated = watch.entry.stars is not None and connection.scalar(newest, {"user": user}) == watch.id
    marked = diary_writes.part_of_marks(MarkKind.WATCHED)
    lines = {marked: [Line(movie, diary_writes.MARKED, at)]}
    diary_writes.write(
        connection, user, {**lines, diary_writes.RATINGS: [Line(movie, watch.entry.stars, at)]} if rated else lines
    )


def _record(
    connection: sa.Connection, user: UserId, before: Watch | None, after: Watch | None, *, at: datetime
) -> None:
    texts = [None if watch is None else _text(watch.entry, watch.id) for watch in (before, after)]
    movie = [watch.entry.movie for watch in (before, after) if watch is not None][0]  # noqa: RUF015 - one of them exists
    connection.execute(sa.insert(changes), _change(user, movie, texts[0], texts[1], at))


def _change(user: UserId, movie: MovieId, before: str | None, after: str | None, at: datetime) -> dict[str, Any]:
    return {"user_id": user, "movie": movie, "what": WHAT, "before": before, "after": after, "at": at}


def _text(entry: WatchEntry, watch: int | None = None) -> str:
    """Return a watching as the history shows it: JSON with its number, its day and the fields that have a value."""
    values = {
        "id": watch, "day": entry.day.isoformat(), "stars": entry.stars, "rewatch": entry.rewatch, "note": entry.note
    }  # fmt: skip
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)


def _parsed(movie: MovieId, values: Mapping[str, Any]) -> WatchEntry:
    """Return the watching of an entry of the history."""
    return WatchEntry(
        movie=movie, day=date.fromisoformat(values["day"]), rewatch=values.get("rewatch", False),
        stars=values.get("stars"), note=values.get("note", ""),
    )  # fmt: skip


def _row(user: UserId, entry: WatchEntry, at: datetime) -> dict[str, Any]:
    return {
        "user_id": user, "movie": entry.movie, "day": entry.day, "rewatch": entry.rewatch, "stars": entry.stars,
        "note": entry.note, "created_at": at,
    }  # fmt: skip


def _stored(entry: WatchEntry) -> WatchEntry:
    """Return the entry as the database stores it."""
    return replace(entry, note=storable(entry.note))


def _of(user: UserId, watch: int) -> sa.ColumnElement[bool]:
    return (watches.c.user_id == user) & (watches.c.id == watch)


def _get(connection: sa.Connection, user: UserId, watch: int) -> Watch:
    row = connection.execute(sa.select(watches).where(_of(user, watch))).one_or_none()
    if row is None:
        raise NotFound(f"no watching {watch} in your diary")
    return _watch(row)


def _watch(row: AnyRow) -> Watch:
    entry = WatchEntry(movie=row.movie, day=row.day, rewatch=row.rewatch, stars=row.stars, note=row.note)
    return Watch(id=row.id, entry=entry, created_at=row.created_at)


def _count(connection: sa.Connection, user: UserId, *conditions: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).select_from(watches).where(_OWN, *conditions)
    return connection.scalar(counted, {"user": user}) or 0


def _full() -> InvalidRequest:
    return InvalidRequest({"day": f"your diary is full: it holds at most {MAX_WATCHES:,} watchings"})
