"""The store of follows and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.errors import InvalidRequest
from core.social.profiles import (
    MAX_BLOCKED,
    MAX_FOLLOWING,
    Connection,
    ConnectionKind,
    Follow,
    Person,
    Standing,
    Visibility,
)
from core.users import UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import list_members, lists
from data.database.schema import users
from data.database.social import likes
from data.database.social.tables import blocks, follows, profiles
from data.database.stores.accounts import existing, unknown
from data.database.upserts import insert


class FollowStore:
    """Stores who follows and who blocked whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, user: UserId | None, other: UserId) -> Standing:
        """Return how a user (None: a visitor) stands to another one."""
        if user is None:
            return Standing()
        followed = sa.select(follows.c.accepted).where(follows.c.user_id == user, follows.c.followed_id == other)
        either = sa.or_(_block(user, other), _block(other, user))
        blocked = sa.select(sa.func.count()).select_from(blocks).where(either).scalar_subquery()
        with self._database.reading() as connection:
            row = connection.execute(sa.select(followed.scalar_subquery(), blocked)).one()
        states = {None: Follow.NO, False: Follow.REQUESTED, True: Follow.FOLLOWING}
        accepted = None if row[0] is None else bool(row[0])
        return Standing(states[accepted], row[1] > 0)

    def follow(self, user: UserId, other: UserId, *, accepted: bool, at: datetime) -> None:
        """Follow a user, or ask to; following twice changes nothing.

        Raises:
            NotFound: an account does not exist.
            InvalidRequest: the user follows `MAX_FOLLOWING` users.
        """
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            if other not in existing(connection, [other]):
                raise unknown(other)
            counted = sa.select(sa.func.count()).select_from(follows).where(follows.c.user_id == user)
            if (connection.scalar(counted) or 0) >= MAX_FOLLOWING:
                raise InvalidRequest({"name": f"you can follow at most {MAX_FOLLOWING:,} people"})
            added = insert(connection, follows).values(user_id=user, followed_id=other, accepted=accepted, at=at)
            connection.execute(added.on_conflict_do_nothing())

    def accept(self, owner: UserId, follower: UserId) -> bool:
        """Accept a request; return whether there was one."""
        asked = sa.update(follows).where(_follow(follower, owner)).values(accepted=True)
        with self._database.writing() as connection:
            return connection.execute(asked).rowcount > 0

    def remove(self, follower: UserId, followed: UserId) -> None:
        """End a follow, or withdraw or decline a request."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(follows).where(_follow(follower, followed)))

    def block(self, user: UserId, other: UserId, *, at: datetime) -> None:
        """Block a user: ends follows, shared lists and likes between both. Raises `NotFound`, `InvalidRequest`."""
        with self._database.writing() as connection:
            if other not in existing(connection, sorted([user, other])):
                raise unknown(other)
            counted = sa.select(sa.func.count()).select_from(blocks).where(blocks.c.user_id == user)
            if (connection.scalar(counted) or 0) >= MAX_BLOCKED:
                raise InvalidRequest({"name": f"you can block at most {MAX_BLOCKED:,} people"})
            added = insert(connection, blocks).values(user_id=user, blocked_id=other, at=at)
            connection.execute(added.on_conflict_do_nothing())
            for one, another in ((user, other), (other, user)):
                connection.execute(sa.delete(follows).where(_follow(one, another)))
                own = sa.select(lists.c.id).where(lists.c.user_id == one)
                joined = (list_members.c.user_id == another) & list_members.c.list_id.in_(own)
                connection.execute(sa.delete(list_members).where(joined))
                likes.remove_between(connection, one, another)

    def unblock(self, user: UserId, other: UserId) -> None:
        """End a block."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(blocks).where(_block(user, other)))

    def connections(
        self, user: UserId, kind: ConnectionKind, *, limit: int, before: datetime | None = None
    ) -> Sequence[Connection]:
        """Return the users that a user is connected with, the latest first."""
        statement = _CONNECTIONS[kind].where(_owner(kind) == user)
        at = blocks.c.at if kind is ConnectionKind.BLOCKED else follows.c.at
        if before is not None:
            statement = statement.where(at < before)
        with self._database.reading() as connection:
            found = connection.execute(statement.order_by(at.desc(), users.c.id.desc()).limit(limit))
            return [Connection(Person(UserId(row.id), row.name), row.at) for row in found]

    def count_requests(self, user: UserId) -> int:
        """Return how many users wait to be accepted."""
        waiting = sa.select(sa.func.count()).where(follows.c.followed_id == user, sa.not_(follows.c.accepted))
        with self._database.reading() as connection:
            return connection.scalar(waiting) or 0


def _follow(follower: UserId, followed: UserId) -> sa.ColumnElement[bool]:
    return sa.and_(follows.c.user_id == follower, follows.c.followed_id == followed)


def _block(user: UserId, other: UserId) -> sa.ColumnElement[bool]:
    return sa.and_(blocks.c.user_id == user, blocks.c.blocked_id == other)


def _owner(kind: ConnectionKind) -> sa.Column[int]:
    if kind is ConnectionKind.BLOCKED:
        return blocks.c.user_id
    return follows.c.user_id if kind is ConnectionKind.FOLLOWING else follows.c.followed_id


def _people(table: sa.Table, other: sa.Column[int]) -> sa.Select[tuple[int, str, datetime]]:
    return sa.select(users.c.id, users.c.name, table.c.at).join(users, users.c.id == other)


_SHARED = sa.exists().where(
    profiles.c.user_id == follows.c.followed_id,
    profiles.c.visibility != Visibility.PRIVATE,
    profiles.c.hidden == "",
    profiles.c.suspended == "",
)
_CONNECTIONS = {
    # Somebody whose profile is private now is not named.
    ConnectionKind.FOLLOWING: _people(follows, follows.c.followed_id).where(_SHARED),
    ConnectionKind.FOLLOWERS: _people(follows, follows.c.user_id).where(follows.c.accepted),
    ConnectionKind.REQUESTS: _people(follows, follows.c.user_id).where(sa.not_(follows.c.accepted)),
    ConnectionKind.BLOCKED: _people(blocks, blocks.c.blocked_id),
}
