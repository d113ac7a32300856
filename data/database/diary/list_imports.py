"""Lists of an import, written in the transaction of the import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.diary.lists import MAX_LISTS, ListAddition
from core.errors import InvalidRequest
from core.types import MovieId
from core.users import UserId
from data.database import diary_writes
from data.database.diary.tables import list_entries, lists
from data.database.schema import storable


def own(connection: sa.Connection, user: UserId) -> Sequence[tuple[int, str, frozenset[MovieId]]]:
    """Return number, name and movies of the lists that a user owns, the oldest first."""
    named = connection.execute(sa.select(lists.c.id, lists.c.name).where(lists.c.user_id == user).order_by(lists.c.id))
    rows = named.all()
    listed = (
        sa.select(list_entries.c.list_id, list_entries.c.movie)
        .join(lists, lists.c.id == list_entries.c.list_id)
        .where(lists.c.user_id == user)
    )
    movies: dict[int, set[MovieId]] = defaultdict(set)
    for number, movie in connection.execute(listed):
        movies[number].add(movie)
    return [(number, name, frozenset(movies[number])) for number, name in rows]


def add(connection: sa.Connection, user: UserId, additions: Sequence[ListAddition], *, at: datetime) -> None:
    """Create lists, and add movies at the end of others. Raises `InvalidRequest` for too many lists."""
    diary_writes.lock(connection, user)
    counted = sa.select(sa.func.count()).select_from(lists).where(lists.c.user_id == user)
    created = sum(addition.number is None for addition in additions)
    if created and (connection.scalar(counted) or 0) + created > MAX_LISTS:
        fault = f"you would have more than {MAX_LISTS} lists; delete some, or import fewer"
        raise InvalidRequest({"file": fault})
    for addition in additions:
        number = _create(connection, user, addition, at) if addition.number is None else addition.number
        _extend(connection, user, number, addition, at)


def _create(connection: sa.Connection, user: UserId, addition: ListAddition, at: datetime) -> int:
    details = addition.details
    values = {"user_id": user, "name": details.name, "description": details.description, "public": details.public}
    made = sa.insert(lists).values(**values, created_at=at, changed_at=at).returning(lists.c.id)
    return int(connection.execute(made).scalar_one())


def _extend(connection: sa.Connection, user: UserId, number: int, addition: ListAddition, at: datetime) -> None:
    changed = sa.update(lists).where(lists.c.id == number, lists.c.user_id == user).values(changed_at=at)
    if not addition.entries or not connection.execute(changed).rowcount:  # it was deleted meanwhile
        return
    present = sa.select(list_entries.c.movie, list_entries.c.rank).where(list_entries.c.list_id == number)
    ranks = {row.movie: row.rank for row in connection.execute(present)}
    last = max(ranks.values(), default=0)
    rows = [
        {"list_id": number, "movie": movie, "user_id": user, "rank": rank, "note": storable(note), "at": at}
        for rank, (movie, note) in enumerate(addition.entries, last + 1)
        if movie not in ranks
    ]
    if rows:
        diary_writes.insert(connection, list_entries, rows)
