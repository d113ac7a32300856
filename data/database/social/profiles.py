"""The store of profiles and of the numbers on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.diary.watches import Watch, WatchEntry
from core.social.profiles import Profile, ProfileCounts, ProfileSettings, Visibility
from core.types import MovieId
from core.users import UserId
from data.database.connections import Database
from data.database.diary.tables import lists, watches
from data.database.schema import AnyRow, ratings
from data.database.social.tables import follows, profiles, published_reviews
from data.database.stores.accounts import expect
from data.database.upserts import insert


class ProfileStore:
    """Stores what users share. A user without a row shares nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, user: UserId) -> Profile:
        """Return the profile of a user."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(profiles).where(profiles.c.user_id == user)).one_or_none()
        return Profile() if row is None else _profile(row)

    def put(self, user: UserId, settings: ProfileSettings, *, at: datetime) -> None:
        """Replace the settings of a profile; what moderators decided stays. Raises `NotFound`."""
        values = {**_values(settings), "changed_at": at}
        with self._database.writing() as connection:
            expect(connection, user)
            added = insert(connection, profiles).values(user_id=user, hidden="", suspended="", **values)
            connection.execute(added.on_conflict_do_update(index_elements=["user_id"], set_=values))

    def counts(self, user: UserId) -> ProfileCounts:
        """Return the numbers of a profile."""
        own_lists = sa.and_(lists.c.user_id == user, lists.c.public, lists.c.hidden.is_(None))
        shown_reviews = sa.and_(published_reviews.c.user_id == user, published_reviews.c.hidden == "")
        counted = {
            "watched": _count(watches, watches.c.user_id == user),
            "reviews": _count(published_reviews, shown_reviews),
            "lists": _count(lists, own_lists),
            "followers": _count(follows, sa.and_(follows.c.followed_id == user, follows.c.accepted)),
            "following": _count(follows, sa.and_(follows.c.user_id == user, follows.c.accepted)),
        }
        by_stars = (
            sa.select(ratings.c.stars, sa.func.count()).where(ratings.c.user_id == user).group_by(ratings.c.stars)
        )
        with self._database.reading() as connection:
            numbers = connection.execute(sa.select(*(one.label(name) for name, one in counted.items()))).one()
            stars = {value: count for value, count in connection.execute(by_stars.order_by(ratings.c.stars))}  # noqa: C416 - mypy knows the types of the pairs
        return ProfileCounts(rated=sum(stars.values()), stars=MappingProxyType(stars), **numbers._mapping)

    def recent_watches(self, user: UserId, *, limit: int) -> Sequence[Watch]:
        """Return the latest watchings of a user without their notes, which are private."""
        latest = (
            sa.select(
                watches.c.id, watches.c.movie, watches.c.day, watches.c.rewatch, watches.c.stars, watches.c.created_at
            )
            .where(watches.c.user_id == user)
            .order_by(watches.c.day.desc(), watches.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_watch(row) for row in connection.execute(latest)]


def _count(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(condition).scalar_subquery()


def _values(settings: ProfileSettings) -> dict[str, Any]:
    return {**asdict(settings), "favourites": list(settings.favourites)}


def _profile(row: AnyRow) -> Profile:
    settings = ProfileSettings(
        visibility=Visibility(row.visibility),
        bio=row.bio,
        favourites=tuple(MovieId(movie) for movie in row.favourites),
        ratings=row.ratings,
        diary=row.diary,
        reviews=row.reviews,
        lists=row.lists,
        approve_followers=row.approve_followers,
    )
    return Profile(settings, hidden=row.hidden, suspended=row.suspended)


def _watch(row: AnyRow) -> Watch:
    entry = WatchEntry(movie=row.movie, day=row.day, rewatch=row.rewatch, stars=row.stars)
    return Watch(id=row.id, entry=entry, created_at=row.created_at)
