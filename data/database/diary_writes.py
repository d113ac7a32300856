"""Writes to a diary: only differences between current and new values are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.types import MovieId
from core.users import MarkKind, UserId
from data.database import bulk
from data.database.schema import MOST, changes, marks, ratings, reviews, storable, users
from data.database.stores.accounts import unknown

PORTION = 500
"""Movies looked up by one statement: databases limit the number of parameters."""
MANY = 1_000
"""Rows from which an insertion is a bulk insertion: imports of large diaries."""
MARKED = "on"
"""The value of a set mark in the history."""

_LOCK = (
    sa.select(users.c.revision)
    .where(users.c.id == sa.bindparam("user"))
    .with_for_update(key_share=True)  # does not block rows that only refer to the account: sessions, events
)
_REVISE = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"))
    .values(revision=users.c.revision + 1)
    .returning(users.c.revision)
)


@dataclass(frozen=True, slots=True)
class Line:
    """The new value for a movie, or None to remove it."""

    movie: MovieId
    value: float | str | None
    at: datetime
    since: datetime | None = None
    """When a review was written, if it was changed later."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A table of the diary: how its rows are found, and which column contains the value."""

    table: sa.Table
    column: str | None
    """None: the existence of the row is the value."""
    kind: MarkKind | None = None
    rewrites: Callable[[Line], dict[str, Any]] = lambda line: {"at": line.at}
    """The time columns to set when a row is overwritten."""

    @property
    def what(self) -> str:
        """Its name in the history."""
        return str(self.kind) if self.kind else self.table.name.removesuffix("s")

    def rows(self, user: UserId, movies: Iterable[MovieId] | None = None) -> sa.ColumnElement[bool]:
        """Return the condition that selects the user's rows, all or those of some movies."""
        found = self.table.c.user_id == user
        if self.kind:
            found &= self.table.c.kind == self.kind
        return found if movies is None else found & self.table.c.movie.in_(list(movies))


RATINGS = _Part(ratings, "stars")
REVIEWS = _Part(reviews, "text", rewrites=lambda line: {"changed_at": line.at})


def part_of_marks(kind: MarkKind) -> _Part:
    """Return the part of the diary for a kind of mark."""
    return _Part(marks, None, kind)


def write(connection: sa.Connection, user: UserId, wanted: Mapping[_Part, Sequence[Line]]) -> int:
    """Write differences and their history; return the new revision.

    Locks the user's row first, so that writes of one user are serialized.

    Raises:
        NotFound: the user does not exist, or a movie id is invalid.
    """
    for line in (line for lines in wanted.values() for line in lines):
        check_movie(line.movie)
    revision = lock(connection, user)
    history = [change for part, lines in wanted.items() for change in _write(connection, user, part, lines)]
    if not history:
        return revision
    insert(connection, changes, history)
    return int(connection.execute(_REVISE, {"user": user}).scalar_one())


def check_movie(movie: MovieId) -> None:
    """Raise `NotFound` for a number that no movie can have."""
    if not 0 < movie <= MOST:
        raise NotFound(f"no movie has the id {movie}")


def lock(connection: sa.Connection, user: UserId) -> int:
    """Keep other writers of this user out until the transaction ends; return the revision. Raises `NotFound`."""
    revision = connection.scalar(_LOCK, {"user": user})
    if revision is None:
        raise unknown(user)
    return int(revision)


def _write(connection: sa.Connection, user: UserId, part: _Part, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Write differences in one part; return the history entries."""
    lines = [_kept(line) for line in lines]
    before = _present(connection, user, part, [line.movie for line in lines])
    changed = [line for line in lines if before.get(line.movie) != line.value]
    _remove(connection, user, part, [line.movie for line in changed if line.value is None])
    wanted = [line for line in changed if line.value is not None]
    _add(connection, user, part, [line for line in wanted if line.movie not in before])
    _rewrite(connection, user, part, [line for line in wanted if line.movie in before])
    return [
        {
            "user_id": user,
            "movie": line.movie,
            "what": part.what,
            "before": _text(before.get(line.movie)),
            "after": _text(line.value),
            "at": line.at,
        }
        for line in changed
    ]


def _remove(connection: sa.Connection, user: UserId, part: _Part, movies: Sequence[MovieId]) -> None:
    for portion in _portions(movies):
        connection.execute(sa.delete(part.table).where(part.rows(user, portion)))


def _add(connection: sa.Connection, user: UserId, part: _Part, lines: Sequence[Line]) -> None:
    if lines:
        insert(connection, part.table, [_row(user, part, line) for line in lines])


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows with the same columns; many of them as columns, since SQLAlchemy's overhead per row is high."""
    if len(rows) < MANY:
        connection.execute(sa.insert(table), rows)
    else:
        bulk.insert(connection, table, {name: bulk.column([row[name] for row in rows]) for name in rows[0]})


def _rewrite(connection: sa.Connection, user: UserId, part: _Part, lines: Sequence[Line]) -> None:
    if lines:
        one = sa.update(part.table).where(part.rows(user), part.table.c.movie == sa.bindparam("rewritten"))
        values = [{"rewritten": line.movie, str(part.column): line.value, **part.rewrites(line)} for line in lines]
        connection.execute(one, values)


def _kept(line: Line) -> Line:
    """Return the line as the database stores it, so that writing it again changes nothing."""
    return replace(line, value=storable(line.value) or None) if isinstance(line.value, str) else line


def _present(
    connection: sa.Connection, user: UserId, part: _Part, movies: Sequence[MovieId]
) -> dict[MovieId, float | str]:
    value = part.table.c[part.column] if part.column else sa.literal(MARKED)
    found: dict[MovieId, float | str] = {}
    for portion in _portions(movies):
        rows = connection.execute(sa.select(part.table.c.movie, value).where(part.rows(user, portion)))
        found.update((movie, said) for movie, said in rows)
    return found


def _row(user: UserId, part: _Part, line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {"user_id": user, "movie": line.movie, "at": line.at, **part.rewrites(line)}
    if line.since is not None:
        row["at"] = line.since
    if part.kind:
        row["kind"] = part.kind
    if part.column:
        row[part.column] = line.value
    return row


def _text(value: float | str | None) -> str | None:
    return f"{value:g}" if isinstance(value, float | int) else value


def _portions(movies: Sequence[MovieId]) -> Iterator[Sequence[MovieId]]:
    for start in range(0, len(movies), PORTION):
        yield movies[start : start + PORTION]
