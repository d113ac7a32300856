"""Ratings and marks of all users as arrays: everything for training, or a period for trending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.recommendations.snapshots import Snapshot
from core.trends import DiaryColumns
from core.users import MarkKind
from data.database import bulk
from data.database.schema import changes, marks, ratings

_RATING = "rating"

_KINDS = np.array(sorted(MarkKind), dtype=np.str_)
"""The kinds of marks in the order of their numbers, from 1; 0 is a rating."""
_COLUMNS = {
    "users": np.int64,
    "movies": np.int64,
    "stars": np.float32,
    "times": "datetime64[s]",
    "kinds": np.int8,
}

_WORDS = {"kinds": changes.c.what, "values": changes.c.after}
_NUMBERS = {"users": changes.c.user_id, "movies": changes.c.movie}


def read(connection: sa.Connection) -> Snapshot:
    """Return all ratings and marks, ordered by user, movie and kind."""
    found = bulk.read_numbers(connection, _everything(connection.dialect.name), _COLUMNS)
    marked = {name: column[found["kinds"] > 0] for name, column in found.items()}
    _sort(marked)
    if len(marked["kinds"]):
        rated = found["kinds"] == 0
        for name in found:  # one column after another: a second copy of all would be too large
            found[name] = found[name][rated]
    _sort(found)
    return Snapshot(
        rating_users=found["users"],
        rating_movies=found["movies"],
        stars=found["stars"],
        rating_times=found["times"],
        mark_users=marked["users"],
        mark_movies=marked["movies"],
        mark_times=marked["times"],
        mark_kinds=_KINDS[marked["kinds"] - 1],
    )


def changes_between(connection: sa.Connection, *, since: datetime, until: datetime) -> DiaryColumns:
    """Return ratings and marks set within a period (excluding `until`), ordered by time."""
    dialect = connection.dialect.name
    wanted = (
        sa.select(
            bulk.seconds_of(changes.c.at, dialect),
            *(sa.type_coerce(column, sa.Text) for column in _WORDS.values()),
            *_NUMBERS.values(),
        )
        .where(changes.c.at >= since, changes.c.at < until)
        # Without removals and reviews, which do not express a preference.
        .where(changes.c.what.in_([_RATING, *MarkKind]), changes.c.after.is_not(None))
        .order_by(changes.c.at, changes.c.id)
    )
    kinds = {
        "seconds": bulk.KIND_OF_TIMES[dialect],
        **dict.fromkeys(_WORDS, np.str_),
        **dict.fromkeys(_NUMBERS, np.int64),
    }
    read = bulk.read(connection, wanted, kinds)
    rated = read["kinds"] == _RATING
    stars = np.full(len(rated), np.nan)
    stars[rated] = read["values"][rated].astype(np.float64)
    return DiaryColumns(read["kinds"], stars, bulk.seconds(read["seconds"]), read["users"], read["movies"])


def _everything(dialect: str) -> sa.CompoundSelect[Any]:
    """Return one statement for ratings and marks: one consistent read. The database need not sort it."""
    numbers = sa.case(
        *(
            (marks.c.kind == sa.literal_column(f"'{kind}'"), sa.literal_column(str(number)))
            for number, kind in enumerate(_KINDS.tolist(), start=1)
        ),
        else_=sa.literal_column("0"),
    )
    return sa.union_all(
        sa.select(
            ratings.c.user_id,
            ratings.c.movie,
            ratings.c.stars,
            bulk.whole_seconds(ratings.c.at, dialect),
            sa.cast(sa.literal_column("0"), sa.BigInteger),
        ),
        sa.select(
            marks.c.user_id,
            marks.c.movie,
            sa.cast(sa.literal_column("0"), sa.Float(53)),
            bulk.whole_seconds(marks.c.at, dialect),
            sa.cast(numbers, sa.BigInteger),
        ),
    )


def _sort(columns: dict[str, NDArray[Any]]) -> None:
    """Order by user, movie and kind; SQLite stores ratings in this order."""
    users, movies = columns["users"], columns["movies"]
    further = users[1:] > users[:-1]
    further |= (users[1:] == users[:-1]) & (movies[1:] > movies[:-1])
    if further.all():
        return
    order = np.lexsort((columns["kinds"], movies, users))
    for name in columns:
        columns[name] = columns[name][order]
