"""The store of users' lists. It checks limits, not permissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.diary.lists import (
    MAX_ENTRIES,
    MAX_INVITATIONS,
    MAX_LISTS,
    MAX_MEMBERS,
    MAX_TASTES,
    ListDetails,
    ListEntry,
    ListMember,
    MovieList,
)
from core.errors import InvalidRequest, NotFound
from core.types import MovieId
from core.users import UserId
from data.database import diary_writes
from data.database.connections import Database
from data.database.diary.tables import list_entries, list_invitations, list_members, list_tastes, lists
from data.database.schema import AnyRow, users
from data.database.social.tables import profiles
from data.database.social.visibility import apart_from_blocks, reaches_strangers
from data.database.stores.accounts import expect
from data.database.sync.tables import deleted_lists, webhooks

_SIZE = sa.select(sa.func.count()).where(list_entries.c.list_id == lists.c.id).scalar_subquery()
_LISTS = (
    sa.select(
        lists,
        users.c.name.label("owner_name"),
        _SIZE.label("size"),
        sa.func.coalesce(lists.c.hidden, profiles.c.suspended, "").label("withheld"),
    )
    .join(users, users.c.id == lists.c.user_id)
    .outerjoin(profiles, profiles.c.user_id == lists.c.user_id)
)
_ORDER = (list_entries.c.rank, list_entries.c.movie)


class ListStore:
    """Stores lists, their entries in order, their members and invitations (as hashes)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, user: UserId, details: ListDetails, *, at: datetime, entries: Sequence[tuple[MovieId, str]] = ()
    ) -> int:
        """Create a list with entries and return its number. Raises `NotFound`, and `InvalidRequest` for too many."""
        with self._database.writing() as connection:
            diary_writes.lock(connection, user)
            if _count(connection, lists, lists.c.user_id == user) >= MAX_LISTS:
                raise InvalidRequest({"name": f"you can have at most {MAX_LISTS} lists; delete one first"})
            values = {"user_id": user, **_values(details), "created_at": at, "changed_at": at}
            made: int = connection.execute(sa.insert(lists).values(values).returning(lists.c.id)).scalar_one()
            rows = [
                {"list_id": made, "movie": movie, "user_id": user, "rank": rank, "note": note, "at": at}
                for rank, (movie, note) in enumerate(entries, 1)
            ]
            if rows:
                connection.execute(sa.insert(list_entries), rows)
        return made

    def change(self, number: int, details: ListDetails, *, at: datetime) -> None:
        """Change name, description and visibility. Raises `NotFound`."""
        with self._database.writing() as connection:
            _touch(connection, number, at=at, **_values(details))

    def delete(self, number: int, *, at: datetime) -> None:
        """Delete a list with everything about it; webhooks of its owner are told."""
        columns = (lists.c.id, lists.c.user_id, lists.c.name, lists.c.public, sa.literal(at, lists.c.changed_at.type))
        told = sa.exists().where(webhooks.c.user_id == lists.c.user_id)
        own = sa.select(*columns).where(lists.c.id == number, told)
        with self._database.writing() as connection:
            names = ["number", "user_id", "name", "public", "at"]
            connection.execute(sa.insert(deleted_lists).from_select(names, own))
            connection.execute(sa.delete(lists).where(lists.c.id == number))

    def get(self, number: int) -> MovieList:
        """Return a list. Raises `NotFound`."""
        with self._database.reading() as connection:
            row = connection.execute(_LISTS.where(lists.c.id == number)).one_or_none()
        if row is None:
            raise _missing(number)
        return _list(row)

    def shared(self, number: int, reader: UserId | None) -> bool:
        """Whether a reader (None: a visitor) may read a list because it is public.

        Not if moderators hid it or suspended its owner, nor if the owner or the reader blocked the other.
        """
        condition = sa.and_(lists.c.public, lists.c.hidden.is_(None), reaches_strangers(lists.c.user_id))
        if reader is not None:
            condition = sa.and_(condition, apart_from_blocks(lists.c.user_id, reader))
        with self._database.reading() as connection:
            return _count(connection, lists, sa.and_(lists.c.id == number, condition)) > 0

    def public_of(self, owner: UserId, *, limit: int) -> Sequence[MovieList]:
        """Return the lists of a user that are public and not hidden, the last changed first."""
        public = _LISTS.where(lists.c.user_id == owner, lists.c.public, lists.c.hidden.is_(None))
        with self._database.reading() as connection:
            latest = public.order_by(lists.c.changed_at.desc(), lists.c.id.desc()).limit(limit)
            return [_list(row) for row in connection.execute(latest)]

    def of_user(self, user: UserId) -> Sequence[MovieList]:
        """Return the lists that a user owns or may edit, the last changed first."""
        joined = sa.select(list_members.c.list_id).where(list_members.c.user_id == user)
        own = _LISTS.where((lists.c.user_id == user) | lists.c.id.in_(joined))
        with self._database.reading() as connection:
            return [
                _list(row) for row in connection.execute(own.order_by(lists.c.changed_at.desc(), lists.c.id.desc()))
            ]

    def containing(self, user: UserId, movie: MovieId) -> frozenset[int]:
        """Return the numbers of the lists of a user that contain a movie."""
        joined = sa.select(list_members.c.list_id).where(list_members.c.user_id == user)
        found = (
            sa.select(lists.c.id)
            .join(list_entries, list_entries.c.list_id == lists.c.id)
            .where(list_entries.c.movie == movie, (lists.c.user_id == user) | lists.c.id.in_(joined))
        )
        with self._database.reading() as connection:
            return frozenset(connection.scalars(found))

    def entries(self, number: int, *, limit: int | None = None, offset: int = 0) -> Sequence[ListEntry]:
        """Return entries in order."""
        own = sa.select(list_entries).where(list_entries.c.list_id == number).order_by(*_ORDER)
        with self._database.reading() as connection:
            return [_entry(row) for row in connection.execute(own.limit(limit).offset(offset))]

    def put(self, number: int, user: UserId, movie: MovieId, note: str | None, *, at: datetime) -> None:
        """Add a movie at the end, or change its note (None: keep it).

        Raises:
            NotFound: there is no such list or user, or the movie id is invalid.
            InvalidRequest: the list is full.
        """
        diary_writes.check_movie(movie)
        with self._database.writing() as connection:
            expect(connection, user)
            _touch(connection, number, at=at)
            one = (list_entries.c.list_id == number) & (list_entries.c.movie == movie)
            if _count(connection, list_entries, one):
                if note is not None:
                    connection.execute(sa.update(list_entries).where(one).values(note=note, user_id=user))
                return
            own = list_entries.c.list_id == number
            if _count(connection, list_entries, own) >= MAX_ENTRIES:
                raise InvalidRequest({"movie": f"the list is full: it holds at most {MAX_ENTRIES:,} films"})
            last = connection.scalar(sa.select(sa.func.max(list_entries.c.rank)).where(own)) or 0
            values = {
                "list_id": number,
                "movie": movie,
                "user_id": user,
                "rank": last + 1,
                "note": note or "",
                "at": at,
            }
            connection.execute(sa.insert(list_entries).values(values))

    def remove(self, number: int, movie: MovieId, *, at: datetime) -> None:
        """Remove a movie, if it is there. Raises `NotFound` for an unknown list."""
        with self._database.writing() as connection:
            _touch(connection, number, at=at)
            one = (list_entries.c.list_id == number) & (list_entries.c.movie == movie)
            connection.execute(sa.delete(list_entries).where(one))

    def move(self, number: int, movie: MovieId, *, by: int, at: datetime) -> None:
        """Move a movie up (negative) or down by some places, at most to an end. Raises `NotFound`."""
        with self._database.writing() as connection:
            _touch(connection, number, at=at)
            order = _movies(connection, number)
            if movie not in order:
                raise NotFound(f"the movie {movie} is not on this list")
            place = order.index(movie)
            order.insert(max(0, place + by), order.pop(place))
            _rank(connection, number, order)

    def arrange(self, number: int, movies: Sequence[MovieId], *, at: datetime) -> None:
        """Put the movies of a list in a new order; those not named follow. Raises `NotFound`."""
        with self._database.writing() as connection:
            _touch(connection, number, at=at)
            order = _movies(connection, number)
            present = set(order)
            first = [movie for movie in dict.fromkeys(movies) if movie in present]
            named = set(first)
            _rank(connection, number, [*first, *(movie for movie in order if movie not in named)])

    def members(self, number: int) -> Sequence[ListMember]:
        """Return the members of a list, the first to join first."""
        return self._people(list_members, number)

    def is_member(self, number: int, user: UserId) -> bool:
        """Whether a user was invited to edit a list."""
        one = (list_members.c.list_id == number) & (list_members.c.user_id == user)
        with self._database.reading() as connection:
            return _count(connection, list_members, one) > 0

    def remove_member(self, number: int, user: UserId) -> None:
        """Take the right to edit a list from a user, and their taste out of its suggestions; what they added stays."""
        with self._database.writing() as connection:
            for table in (list_members, list_tastes):
                connection.execute(sa.delete(table).where(table.c.list_id == number, table.c.user_id == user))

    def share_taste(self, number: int, user: UserId, *, on: bool, at: datetime) -> None:
        """Let a user's ratings be used for the suggestions of a list, or no longer.

        Raises:
            NotFound: there is no such list or user.
            InvalidRequest: `MAX_TASTES` users already take part.
        """
        own = list_tastes.c.list_id == number
        with self._database.writing() as connection:
            expect(connection, user)
            connection.execute(sa.delete(list_tastes).where(own, list_tastes.c.user_id == user))
            if not on:
                return
            if connection.scalar(sa.select(lists.c.id).where(lists.c.id == number).with_for_update()) is None:
                raise _missing(number)
            if _count(connection, list_tastes, own) >= MAX_TASTES:
                raise InvalidRequest({"together": f"at most {MAX_TASTES} people can take part"})
            connection.execute(sa.insert(list_tastes).values(list_id=number, user_id=user, at=at))

    def tastes(self, number: int) -> Sequence[ListMember]:
        """Return whose ratings are used for the suggestions of a list, the first to take part first."""
        return self._people(list_tastes, number)

    def invite(self, number: int, user: UserId, *, secret_hash: str, expires_at: datetime, at: datetime) -> None:
        """Store an invitation; delete expired ones, and the oldest beyond `MAX_INVITATIONS`. Raises `NotFound`."""
        own = list_invitations.c.list_id == number
        latest = sa.select(list_invitations.c.secret_hash).where(own)
        latest = latest.order_by(list_invitations.c.expires_at.desc(), list_invitations.c.secret_hash)
        with self._database.writing() as connection:
            expect(connection, user)
            _touch(connection, number, at=at)
            connection.execute(sa.delete(list_invitations).where(own, list_invitations.c.expires_at <= at))
            kept = list(connection.scalars(latest.limit(MAX_INVITATIONS - 1)))
            connection.execute(sa.delete(list_invitations).where(own, list_invitations.c.secret_hash.not_in(kept)))
            values = {"secret_hash": secret_hash, "list_id": number, "user_id": user, "expires_at": expires_at}
            connection.execute(sa.insert(list_invitations).values(values))

    def invited(self, secret_hash: str, *, at: datetime) -> int | None:
        """Return the list of an invitation that was not used and has not expired."""
        valid = (list_invitations.c.secret_hash == secret_hash) & (list_invitations.c.expires_at > at)
        with self._database.reading() as connection:
            return connection.scalar(sa.select(list_invitations.c.list_id).where(valid))

    def join(self, secret_hash: str, user: UserId, *, at: datetime) -> int | None:
        """Use an invitation up and make the user a member; return the list, None if the invitation is not valid.

        Raises:
            InvalidRequest: the list has `MAX_MEMBERS` members.
        """
        valid = (list_invitations.c.secret_hash == secret_hash) & (list_invitations.c.expires_at > at)
        with self._database.writing() as connection:
            expect(connection, user)
            used = sa.delete(list_invitations).where(valid).returning(list_invitations.c.list_id)
            number = connection.scalar(used)
            if number is None:
                return None
            own = list_members.c.list_id == number
            if _count(connection, list_members, own & (list_members.c.user_id == user)):
                return int(number)
            if _count(connection, list_members, own) >= MAX_MEMBERS:
                raise InvalidRequest({"invitation": f"a list can have at most {MAX_MEMBERS} members"})
            connection.execute(sa.insert(list_members).values(list_id=number, user_id=user, at=at))
            return int(number)

    def exported(self, user: UserId) -> dict[str, list[dict[str, Any]]]:
        """Return the rows about a user, by table: own lists, entries they added, memberships and open invitations."""
        columns = {
            lists: (
                lists.c.id,
                *(lists.c[name] for name in ("name", "description", "public", "created_at", "changed_at", "hidden")),
            ),
            list_entries: tuple(list_entries.c[name] for name in ("list_id", "movie", "rank", "note", "at")),
            list_members: (list_members.c.list_id, list_members.c.at),
            list_tastes: (list_tastes.c.list_id, list_tastes.c.at),
            list_invitations: (list_invitations.c.list_id, list_invitations.c.expires_at),
        }
        with self._database.reading() as connection:
            return {
                table.name: [
                    dict(row._mapping) for row in connection.execute(sa.select(*wanted).where(table.c.user_id == user))
                ]
                for table, wanted in columns.items()
            }

    def _people(self, table: sa.Table, number: int) -> Sequence[ListMember]:
        named = (
            sa.select(table.c.user_id, users.c.name, table.c.at)
            .join(users, users.c.id == table.c.user_id)
            .where(table.c.list_id == number)
            .order_by(table.c.at, table.c.user_id)
        )
        with self._database.reading() as connection:
            return [ListMember(UserId(user), name, at) for user, name, at in connection.execute(named)]


def _values(details: ListDetails) -> dict[str, Any]:
    return {"name": details.name, "description": details.description, "public": details.public}


def _touch(connection: sa.Connection, number: int, *, at: datetime, **values: object) -> None:
    """Lock a list until the transaction ends, and record the change. Raises `NotFound`."""
    changed = sa.update(lists).where(lists.c.id == number).values(changed_at=at, **values)
    if not connection.execute(changed).rowcount:
        raise _missing(number)


def _movies(connection: sa.Connection, number: int) -> list[MovieId]:
    own = sa.select(list_entries.c.movie).where(list_entries.c.list_id == number).order_by(*_ORDER)
    return list(connection.scalars(own))


def _rank(connection: sa.Connection, number: int, order: Sequence[MovieId]) -> None:
    """Number the entries from 1."""
    one = (list_entries.c.list_id == number) & (list_entries.c.movie == sa.bindparam("ranked"))
    if order:
        values = [{"ranked": movie, "rank": rank} for rank, movie in enumerate(order, 1)]
        connection.execute(sa.update(list_entries).where(one).values(rank=sa.bindparam("rank")), values)


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0


def _list(row: AnyRow) -> MovieList:
    details = ListDetails(name=row.name, description=row.description, public=row.public)
    return MovieList(
        id=row.id, owner=row.user_id, owner_name=row.owner_name, details=details, created_at=row.created_at,
        changed_at=row.changed_at, size=row.size, hidden=row.withheld,
    )  # fmt: skip


def _entry(row: AnyRow) -> ListEntry:
    return ListEntry(movie=row.movie, note=row.note, by=row.user_id, at=row.at)


def _missing(number: int) -> NotFound:
    return NotFound(f"no list {number}")
