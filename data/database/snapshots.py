"""What all viewers say, as arrays for training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.stores import Snapshot
from data.database.schema import AnyRow, Words, marks, ratings

# One statement, so that it is one consistent reading.
_ALL = sa.union_all(
    sa.select(
        ratings.c.viewer_id.label("viewer"),
        ratings.c.movie.label("movie"),
        ratings.c.stars.label("stars"),
        sa.cast(sa.null(), Words()).label("kind"),
        ratings.c.at.label("at"),
    ),
    sa.select(marks.c.viewer_id, marks.c.movie, sa.cast(sa.null(), sa.Float(53)), marks.c.kind, marks.c.at),
).order_by("viewer", "movie", "kind")


def take(connection: sa.Connection) -> Snapshot:
    """Every rating and mark, ordered by viewer, film and kind."""
    rows = connection.execute(_ALL).all()
    rated = [row for row in rows if row.kind is None]
    marked = [row for row in rows if row.kind is not None]
    return Snapshot(
        rating_viewers=_numbers(row.viewer for row in rated),
        rating_movies=_numbers(row.movie for row in rated),
        stars=np.array([row.stars for row in rated], dtype=np.float32),
        rating_times=_times(rated),
        mark_viewers=_numbers(row.viewer for row in marked),
        mark_movies=_numbers(row.movie for row in marked),
        mark_times=_times(marked),
        mark_kinds=np.array([row.kind for row in marked], dtype=np.str_),
    )


def _numbers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)


def _times(rows: Sequence[AnyRow]) -> NDArray[np.int64]:
    return _numbers(int(row.at.timestamp()) for row in rows)
