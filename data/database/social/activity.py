"""What followed users did, and what they think of a movie. Only what each of them shows to the reader.

A page of activities looks at the latest `limit` activities of each followed user, by an index, however many they have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from core.social.activity import ActivityCursor, ActivityItem, ActivityKind, ActivityPage, cursor
from core.social.profiles import Person
from core.social.reviews import FriendOpinion, FriendOpinions
from core.types import MovieId
from core.users import UserId
from data.database.connections import Database
from data.database.diary.tables import list_entries, lists, watches
from data.database.schema import AnyRow, Time, ratings, reviews, users
from data.database.social.tables import follows, published_reviews
from data.database.social.visibility import READER, shows

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any activity."""
_MOST = sa.bindparam("most", type_=sa.Integer())
"""The number of activities wanted of each kind."""
_AT = sa.bindparam("at", type_=Time())
_USER, _SUBJECT = (sa.bindparam(name, type_=sa.Integer()) for name in ("user", "subject"))
"""The last activity of the page before."""


class ActivityStore:
    """Reads what followed users did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, reader: UserId, *, after: ActivityCursor | None, limit: int) -> ActivityPage:
        """Return a page of activities, the newest first; fewer than `limit` if some are told by others."""
        found: list[tuple[ActivityItem, bool]] = []
        place = {"at": after.at, "user": after.user, "subject": after.subject} if after else {}
        values = {"reader": reader, "most": limit + 1, **place}
        with self._database.reading() as connection:
            for kind in ActivityKind:
                statement = _activities(kind, after.kind if after else None)
                found += [_item(kind, row) for row in connection.execute(statement, values)]
        found.sort(key=lambda pair: (pair[0].person.id, pair[0].subject), reverse=True)
        found.sort(key=lambda pair: pair[0].kind)
        found.sort(key=lambda pair: pair[0].at, reverse=True)
        more = cursor(found[limit - 1][0]) if len(found) > limit else None
        return ActivityPage([item for item, told in found[:limit] if not told], more)

    def opinions(self, reader: UserId, movie: MovieId, *, limit: int) -> FriendOpinions:
        """Return what followed users gave a movie."""
        total, latest = _opinions()
        of_reader = {"reader": reader, "movie": movie}
        with self._database.reading() as connection:
            count, mean = connection.execute(total, of_reader).one()
            rows = connection.execute(latest.limit(limit), of_reader).all() if count else []
        people = [FriendOpinion(Person(UserId(user), name), stars, number) for user, name, stars, number in rows]
        return FriendOpinions(count, None if mean is None else float(mean), people)


@cache
def _opinions() -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return the queries for number and mean, and for the latest ones. Kept: to build them takes longer than to run."""
    movie = sa.bindparam("movie", type_=sa.Integer())
    given = (
        sa.select(ratings.c.user_id, ratings.c.stars, ratings.c.at)
        .join(follows, follows.c.followed_id == ratings.c.user_id)
        .where(ratings.c.movie == movie, follows.c.user_id == READER, follows.c.accepted)
        .where(shows(ratings.c.user_id, READER, "ratings"))
    )
    inner = given.subquery()
    review = (
        sa.select(sa.func.max(published_reviews.c.id))
        .where(
            published_reviews.c.user_id == inner.c.user_id,
            published_reviews.c.movie == movie,
            published_reviews.c.hidden == "",
            shows(inner.c.user_id, READER, "reviews"),
        )
        .correlate(inner)
        .scalar_subquery()
    )
    latest = (
        sa.select(users.c.id, users.c.name, inner.c.stars, review)
        .join(users, users.c.id == inner.c.user_id)
        .order_by(inner.c.at.desc(), users.c.id)
    )
    return sa.select(sa.func.count(), sa.func.avg(inner.c.stars)), latest


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the activities of a kind are."""

    table: sa.Table
    at: str
    """The column of the time; the table has an index of it by user."""
    subject: str
    switch: str
    """The switch of the profile that must be on."""
    columns: Callable[[], Sequence[sa.ColumnElement[Any]]]
    listed: Callable[[sa.FromClause], sa.ColumnElement[bool]] = lambda table: sa.true()  # noqa: ARG005
    """The rows that others may see, as far as the row itself says so."""


def _watched() -> Sequence[sa.ColumnElement[Any]]:
    published = sa.exists().where(published_reviews.c.watch_id == watches.c.id, published_reviews.c.hidden == "")
    told = sa.and_(published.correlate(watches), shows(watches.c.user_id, READER, "reviews"))
    return watches.c.movie, _starred(watches.c.user_id, watches.c.stars).label("stars"), told.label("told")


def _rated() -> Sequence[sa.ColumnElement[Any]]:
    logged = sa.exists().where(
        watches.c.user_id == ratings.c.user_id, watches.c.movie == ratings.c.movie, watches.c.created_at == ratings.c.at
    )
    told = sa.and_(logged.correlate(ratings), shows(ratings.c.user_id, READER, "diary"))
    return ratings.c.movie, ratings.c.stars, told.label("told")


def _reviewed() -> Sequence[sa.ColumnElement[Any]]:
    one = published_reviews.c
    watch = watches.c.id == one.watch_id
    note = sa.select(watches.c.note).where(watch).correlate(published_reviews).scalar_subquery()
    then = sa.select(watches.c.stars).where(watch).correlate(published_reviews).scalar_subquery()
    written = sa.select(reviews.c.text).where(reviews.c.user_id == one.user_id, reviews.c.movie == one.reviewed)
    now = sa.select(ratings.c.stars).where(ratings.c.user_id == one.user_id, ratings.c.movie == one.movie)
    text, rated = (two.correlate(published_reviews).scalar_subquery() for two in (written, now))
    stars = _starred(one.user_id, sa.func.coalesce(then, rated))
    return one.movie, stars.label("stars"), sa.func.coalesce(note, text).label("text"), one.spoilers


def _listed() -> Sequence[sa.ColumnElement[Any]]:
    size = sa.select(sa.func.count()).where(list_entries.c.list_id == lists.c.id).correlate(lists).scalar_subquery()
    return lists.c.name.label("text"), size.label("size")


def _starred(owner: sa.ColumnElement[int], stars: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return stars, if their owner shows ratings to the reader."""
    return sa.case((shows(owner, READER, "ratings"), stars))


_SOURCES = {
    ActivityKind.WATCHED: _Source(watches, "created_at", "id", "diary", _watched),
    ActivityKind.RATED: _Source(ratings, "at", "movie", "ratings", _rated),
    ActivityKind.REVIEWED: _Source(
        published_reviews, "published_at", "id", "reviews", _reviewed, lambda table: table.c.hidden == ""
    ),
    ActivityKind.LISTED: _Source(
        lists, "changed_at", "id", "lists", _listed, lambda table: sa.and_(table.c.public, table.c.hidden.is_(None))
    ),
}


@cache
def _activities(kind: ActivityKind, after: ActivityKind | None) -> sa.Select[Any]:
    """Return the query of the latest activities of a kind: first their keys, then what is shown of them.

    Kept, as it takes longer to build than to run.

    Args:
        after: the kind of the last activity of the page before, if there is one.
    """
    source = _SOURCES[kind]
    table, at, subject = source.table, source.table.c[source.at], source.table.c[source.subject]
    newest = _keys(kind, after).subquery()
    owner = sa.select(users.c.name).where(users.c.id == newest.c.user_id).correlate(newest).scalar_subquery()
    return (
        sa.select(
            newest.c.user_id, owner.label("name"), newest.c.at, newest.c.subject.label("subject"),
            *source.columns(),
        )
        .select_from(newest)
        .join(table, sa.and_(table.c.user_id == newest.c.user_id, subject == newest.c.subject, at == newest.c.at))
    )  # fmt: skip


def _keys(kind: ActivityKind, after: ActivityKind | None) -> sa.Select[Any]:
    source = _SOURCES[kind]
    table, at, subject = source.table, source.table.c[source.at], source.table.c[source.subject]
    bounds = _bounds(source, further=after is not None)
    place = sa.true() if after is None else _beyond(kind, table.c.user_id, at, subject, after)
    return (
        sa.select(table.c.user_id, at.label("at"), subject.label("subject"))
        .select_from(bounds)
        .join(table, sa.and_(table.c.user_id == bounds.c.user_id, at >= bounds.c.since))
        .where(place, source.listed(table))
        .order_by(at.desc(), table.c.user_id.desc(), subject.desc())
        .limit(_MOST)
    )


def _bounds(source: _Source, *, further: bool) -> sa.CTE:
    """Return each followed user who shows the activities, with the time of the last one that can be on the page."""
    other = source.table.alias()
    at = other.c[source.at]
    nth = sa.select(at).where(other.c.user_id == follows.c.followed_id, source.listed(other))
    if further:
        nth = nth.where(at <= _AT)
    since = nth.order_by(at.desc()).limit(1).offset(_MOST).correlate(follows).scalar_subquery()
    bound = sa.func.coalesce(since, sa.literal(_EARLIEST, Time()))
    followed = sa.select(follows.c.followed_id.label("user_id"), bound.label("since"))
    shown = shows(follows.c.followed_id, READER, source.switch)
    bounds = followed.where(follows.c.user_id == READER, follows.c.accepted, shown).cte("bounds")
    # Otherwise PostgreSQL may compute the time again for each row of the table.
    return bounds.prefix_with("MATERIALIZED")


def _beyond(
    kind: ActivityKind,
    owner: sa.ColumnElement[int],
    at: sa.ColumnElement[Any],
    subject: sa.ColumnElement[int],
    after: ActivityKind,
) -> sa.ColumnElement[bool]:
    """Return the condition that an activity of a kind comes after the last one of a page."""
    if kind != after:
        return at <= _AT if kind > after else at < _AT
    return sa.or_(at < _AT, sa.and_(at == _AT, sa.tuple_(owner, subject) < sa.tuple_(_USER, _SUBJECT)))


def _item(kind: ActivityKind, row: AnyRow) -> tuple[ActivityItem, bool]:
    """Return an activity, and whether another one tells it: a watching its rating, a review its watching."""
    values = row._mapping
    item = ActivityItem(
        kind=kind, at=row.at, person=Person(UserId(row.user_id), row.name), subject=row.subject,
        movie=values.get("movie"), stars=values.get("stars"), text=values.get("text") or "",
        spoilers=bool(values.get("spoilers")), size=values.get("size") or 0,
    )  # fmt: skip
    return item, bool(values.get("told"))
