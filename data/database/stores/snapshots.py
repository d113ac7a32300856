"""What all users say, as arrays: everything for training, and what was said of late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.recommendations.snapshots import Snapshot
from core.trends import DiaryColumns
from core.users import MarkKind
from data.database import bulk
from data.database.schema import AnyRow, Words, changes, marks, ratings

_RATING = "rating"

# One statement, so that it is one consistent reading.
_ALL = sa.union_all(
    sa.select(
        ratings.c.user_id.label("user"),
        ratings.c.movie.label("movie"),
        ratings.c.stars.label("stars"),
        sa.cast(sa.null(), Words()).label("kind"),
        ratings.c.at.label("at"),
    ),
    sa.select(marks.c.user_id, marks.c.movie, sa.cast(sa.null(), sa.Float(53)), marks.c.kind, marks.c.at),
).order_by("user", "movie", "kind")

_WORDS = {"kinds": changes.c.what, "values": changes.c.after}
_NUMBERS = {"users": changes.c.user_id, "movies": changes.c.movie}


def read(connection: sa.Connection) -> Snapshot:
    """Every rating and mark, ordered by user, movie and kind."""
    rows = connection.execute(_ALL).all()
    rated = [row for row in rows if row.kind is None]
    marked = [row for row in rows if row.kind is not None]
    return Snapshot(
        rating_users=_numbers(row.user for row in rated),
        rating_movies=_numbers(row.movie for row in rated),
        stars=np.array([row.stars for row in rated], dtype=np.float32),
        rating_times=_times(rated),
        mark_users=_numbers(row.user for row in marked),
        mark_movies=_numbers(row.movie for row in marked),
        mark_times=_times(marked),
        mark_kinds=np.array([row.kind for row in marked], dtype=np.str_),
    )


def changes_between(connection: sa.Connection, *, since: datetime, until: datetime) -> DiaryColumns:
    """Ratings given and marks set in a stretch of time (`until` not included), ordered by time."""
    dialect = connection.dialect.name
    wanted = (
        sa.select(
            bulk.seconds_of(changes.c.at, dialect),
            *(sa.type_coerce(column, sa.Text) for column in _WORDS.values()),
            *_NUMBERS.values(),
        )
        .where(changes.c.at >= since, changes.c.at < until)
        # Not what was taken back, nor reviews: they say nothing of liking.
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


def _numbers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)


def _times(rows: Sequence[AnyRow]) -> NDArray[np.int64]:
    return _numbers(int(row.at.timestamp()) for row in rows)
