"""Likes of reviews. Each review has the number of its likes, so that the most liked ones are found by an index."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.users import UserId
from data.database.social.tables import published_reviews, reports, review_likes
from data.database.upserts import insert


def add(connection: sa.Connection, user: UserId, review: int, *, at: datetime) -> None:
    """Add a like, once."""
    added = insert(connection, review_likes).values(user_id=user, review_id=review, at=at).on_conflict_do_nothing()
    if connection.scalar(added.returning(review_likes.c.review_id)) is not None:
        _change(connection, published_reviews.c.id == review, 1)


def remove(connection: sa.Connection, user: UserId, review: int) -> None:
    """Remove a like, if there is one."""
    own = (review_likes.c.user_id == user) & (review_likes.c.review_id == review)
    if connection.execute(sa.delete(review_likes).where(own)).rowcount > 0:
        _change(connection, published_reviews.c.id == review, -1)


def remove_between(connection: sa.Connection, user: UserId, writer: UserId) -> None:
    """Remove the likes that a user gave to the reviews of another one."""
    of_writer = sa.select(published_reviews.c.id).where(published_reviews.c.user_id == writer)
    given = (review_likes.c.user_id == user) & review_likes.c.review_id.in_(of_writer)
    liked = sa.select(review_likes.c.review_id).where(given)
    _change(connection, published_reviews.c.id.in_(liked), -1)
    connection.execute(sa.delete(review_likes).where(given))


def forget(connection: sa.Connection, user: UserId) -> None:
    """Before an account is deleted: its likes count no more, and its reports keep the reason but not its words."""
    liked = sa.select(review_likes.c.review_id).where(review_likes.c.user_id == user)
    _change(connection, published_reviews.c.id.in_(liked), -1)
    connection.execute(sa.update(reports).where(reports.c.reporter_id == user).values(text=""))


def _change(connection: sa.Connection, reviews: sa.ColumnElement[bool], by: int) -> None:
    changed = sa.update(published_reviews).where(reviews).values(likes=published_reviews.c.likes + by)
    connection.execute(changed)
