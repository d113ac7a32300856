"""The store of published reviews and their likes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidRequest, NotFound
from core.social.profiles import Person
from core.social.reviews import PublishedReview, ReviewCursor, ReviewPage, ReviewSort
from core.types import MovieId
from core.users import UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import watches
from data.database.schema import AnyRow, ratings, reviews, users
from data.database.social import likes
from data.database.social.tables import follows, published_reviews, review_likes
from data.database.social.visibility import READER, shows
from data.database.upserts import insert

_P = published_reviews
TEXT = sa.func.coalesce(watches.c.note, reviews.c.text)
"""The text of a published review, in `joined`."""


def joined(select: sa.Select[Any]) -> sa.Select[Any]:
    """Join published reviews with their writers, texts and ratings."""
    rated = sa.and_(ratings.c.user_id == _P.c.user_id, ratings.c.movie == _P.c.movie)
    written = sa.and_(reviews.c.user_id == _P.c.user_id, reviews.c.movie == _P.c.reviewed)
    return (
        select.select_from(_P)
        .join(users, users.c.id == _P.c.user_id)
        .outerjoin(watches, watches.c.id == _P.c.watch_id)
        .outerjoin(reviews, written)
        .outerjoin(ratings, rated)
    )


class ReviewStore:
    """Stores which notes and reviews are published, and who likes them. Their texts stay where they are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, user: UserId, watch: int, *, spoilers: bool, at: datetime) -> int:
        """Publish the note of a watching, or change whether it has spoilers; return the number of the review.

        Raises:
            NotFound: the user has no such watching.
            InvalidRequest: its note is empty.
        """
        own = sa.select(watches.c.movie, watches.c.note).where(watches.c.user_id == user, watches.c.id == watch)
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            row = connection.execute(own).one_or_none()
            if row is None:
                raise NotFound(f"no watching {watch} in your diary")
            if not row.note.strip():
                raise InvalidRequest({"note": "write a note first"})
            values = _values(user, row.movie, spoilers=spoilers, at=at)
            added = insert(connection, _P).values(**values, watch_id=watch)
            kept = added.on_conflict_do_update(index_elements=["watch_id"], set_={"spoilers": spoilers})
            return int(connection.execute(kept.returning(_P.c.id)).scalar_one())

    def withdraw(self, user: UserId, watch: int) -> None:
        """Make the note of a watching private again, if it is published; its likes are deleted."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_P).where(_P.c.user_id == user, _P.c.watch_id == watch))

    def of_watch(self, user: UserId, watch: int) -> PublishedReview | None:
        """Return the review that a watching of the user is published as."""
        found = self._read(_P.c.user_id == user, _P.c.watch_id == watch, reader=user, limit=1)
        return found[0] if found else None

    def of_movie(self, user: UserId, movie: MovieId) -> PublishedReview | None:
        """Return the user's own review that was written on the page of a movie."""
        found = self._read(_P.c.user_id == user, _P.c.reviewed == movie, reader=user, limit=1)
        return found[0] if found else None

    def get(self, review: int, reader: UserId | None) -> PublishedReview:
        """Return a review that a reader may see. Raises `NotFound`."""
        found = self._read(_P.c.id == review, reader=reader, limit=1)
        if not found:
            raise NotFound(f"no review {review}")
        return found[0]

    def of_user(self, owner: UserId, reader: UserId | None, *, limit: int) -> Sequence[PublishedReview]:
        """Return the latest reviews of a user that a reader may see."""
        return self._read(_P.c.user_id == owner, reader=reader, limit=limit, order=(_P.c.published_at.desc(),))

    def page(
        self, movie: MovieId, reader: UserId | None, *, sort: ReviewSort, after: ReviewCursor | None, limit: int
    ) -> ReviewPage:
        """Return a page of the reviews of a movie that a reader may see, without the one in the reader's own form."""
        friends = _friend_likes(visitor=reader is None)
        keys = {
            ReviewSort.NEWEST: ((_P.c.id, "id"),),
            ReviewSort.LIKED: ((_P.c.likes, "likes"), (_P.c.id, "id")),
            ReviewSort.FRIENDS: ((friends, "friend_likes"), (_P.c.likes, "likes"), (_P.c.id, "id")),
        }[sort]
        conditions: list[sa.ColumnElement[bool]] = [_P.c.movie == movie]
        if reader is not None:
            conditions.append(sa.or_(_P.c.user_id != reader, _P.c.reviewed.is_(None)))
        if after is not None:
            place = sa.tuple_(*(column for column, _ in keys))
            conditions.append(place < sa.tuple_(*(sa.literal(getattr(after, name)) for _, name in keys)))
        order = tuple(column.desc() for column, _ in keys)
        found = self._read(*conditions, reader=reader, limit=limit + 1, order=order)
        shown, last = found[:limit], found[:limit][-1:]
        more = [ReviewCursor(one.id, one.likes, one.friend_likes) for one in last if len(found) > limit]
        return ReviewPage(shown, more[0] if more else None)

    def like(self, user: UserId, review: int, *, on: bool, at: datetime) -> None:
        """Add or remove a like of a visible review. Raises `NotFound`, and `InvalidRequest` for an own one."""
        if self.get(review, user).writer.id == user:
            raise InvalidRequest({"review": "this is your own review"})
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            held = sa.select(_P.c.id).where(_P.c.id == review).with_for_update()
            if connection.scalar(held) is None:
                raise NotFound(f"no review {review}")
            if on:
                likes.add(connection, user, review, at=at)
            else:
                likes.remove(connection, user, review)

    def _read(
        self,
        *conditions: sa.ColumnElement[bool],
        reader: UserId | None,
        limit: int,
        order: tuple[sa.ColumnElement[Any], ...] = (),
    ) -> Sequence[PublishedReview]:
        statement = _visible(visitor=reader is None).where(*conditions).order_by(*order).limit(limit)
        with self._database.reading() as connection:
            return [_review(row) for row in connection.execute(statement, {"reader": reader} if reader else {})]


def publish_movie_review(
    connection: sa.Connection, user: UserId, movie: MovieId, *, spoilers: bool, at: datetime
) -> None:
    """Publish the review that a user wrote on the page of a movie; deleting it withdraws it."""
    added = insert(connection, _P).values(**_values(user, movie, spoilers=spoilers, at=at), reviewed=movie)
    keys = ["user_id", "reviewed"]
    connection.execute(added.on_conflict_do_update(index_elements=keys, set_={"spoilers": spoilers}))


def _values(user: UserId, movie: int, *, spoilers: bool, at: datetime) -> dict[str, Any]:
    return {"user_id": user, "movie": movie, "spoilers": spoilers, "published_at": at, "likes": 0, "hidden": ""}


@cache
def _friend_likes(*, visitor: bool) -> sa.ColumnElement[int]:
    if visitor:
        return sa.literal(0)
    counted = (
        sa.select(sa.func.count())
        .select_from(review_likes)
        .join(follows, follows.c.followed_id == review_likes.c.user_id)
        .where(review_likes.c.review_id == _P.c.id, follows.c.user_id == READER, follows.c.accepted)
    )
    return counted.correlate(_P).scalar_subquery()


@cache
def _visible(*, visitor: bool) -> sa.Select[Any]:
    """Return the query for the reviews that a reader may see. Kept: to build it takes longer than to run it."""
    visible = sa.and_(_P.c.hidden == "", shows(_P.c.user_id, None if visitor else READER, "reviews"))
    return joined(_columns(visitor=visitor)).where(TEXT != "", sa.or_(_mine(visitor=visitor), visible))


def _mine(*, visitor: bool) -> sa.ColumnElement[bool]:
    return sa.false() if visitor else _P.c.user_id == READER


def _columns(*, visitor: bool) -> sa.Select[Any]:
    rated, mine = shows(_P.c.user_id, None if visitor else READER, "ratings"), _mine(visitor=visitor)
    stars = sa.case((sa.or_(mine, rated), sa.func.coalesce(watches.c.stars, ratings.c.stars)))
    own = sa.exists().where(review_likes.c.review_id == _P.c.id, review_likes.c.user_id == READER).correlate(_P)
    return sa.select(
        *(_P.c[name] for name in ("id", "user_id", "movie", "spoilers", "published_at", "watch_id", "likes", "hidden")),
        users.c.name,
        TEXT.label("text"),
        stars.label("stars"),
        _friend_likes(visitor=visitor).label("friend_likes"),
        (sa.false() if visitor else own).label("liked"),
    )


def _review(row: AnyRow) -> PublishedReview:
    return PublishedReview(
        id=row.id, writer=Person(UserId(row.user_id), row.name), movie=MovieId(row.movie), text=row.text,
        stars=row.stars, spoilers=row.spoilers, published_at=row.published_at, watch=row.watch_id, likes=row.likes,
        friend_likes=row.friend_likes, liked=bool(row.liked), hidden=row.hidden,
    )  # fmt: skip
