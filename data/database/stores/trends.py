"""The store of hourly counts and trending lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa

from core.trends import ChangedHour, HourTally, Origin, Trend, TrendList, Window
from core.types import MovieId
from data.database import bulk
from data.database.connections import Database
from data.database.schema import changed_hours, movie_hours, trend_lists, trends

_HOURS = (
    sa.select(movie_hours.c.hour, movie_hours.c.movie, movie_hours.c.weight, movie_hours.c.events)
    .where(movie_hours.c.hour >= sa.bindparam("since"))
    .order_by(movie_hours.c.hour, movie_hours.c.movie)
)
_KINDS = {"hours": np.int64, "movies": np.int64, "weights": np.float64, "events": np.int64}

# One statement, so that a list and its movies are consistent.
_READ = (
    sa.select(
        trend_lists.c.origin,
        trend_lists.c.made_at,
        trends.c.movie,
        trends.c.score,
        trends.c.users,
        trends.c.recent,
        trends.c.usual,
    )
    .outerjoin_from(trend_lists, trends, trends.c.window == trend_lists.c.window)
    .where(trend_lists.c.window == sa.bindparam("wanted"))
    .order_by(trends.c.rank)
)


class TrendStore:
    """Stores hourly counts of movies and the trending lists computed from them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recount(self, *, since: int, tally: HourTally, changed: Sequence[ChangedHour] = ()) -> None:
        """Replace the counts of all hours from `since` (hours since 1970) on, and of changed ones, by `tally`.

        Raises:
            ValueError: the tally contains another hour.
        """
        earlier = sorted({one.hour for one in changed if one.hour < since})
        strange = tally.hours[(tally.hours < since) & ~np.isin(tally.hours, earlier)]
        if len(strange):
            raise ValueError(f"tally: expected changed hours, or from {since} on, got {int(strange[0])}")
        columns = {"hour": tally.hours, "movie": tally.movies, "weight": tally.weights, "events": tally.events}
        with self._database.writing() as connection:
            bulk.lock_table(connection, movie_hours)
            recounted = sa.or_(movie_hours.c.hour >= since, movie_hours.c.hour.in_(earlier))
            connection.execute(sa.delete(movie_hours).where(recounted))
            bulk.insert(connection, movie_hours, columns)
            if changed:
                settled = sa.delete(changed_hours).where(changed_hours.c.id == sa.bindparam("settled"))
                connection.execute(settled, [{"settled": one.id} for one in changed])

    def changed(self, *, since: int, limit: int) -> Sequence[ChangedHour]:
        """Return hours from `since` on that must be counted again, latest first."""
        wanted = sa.select(changed_hours.c.id, changed_hours.c.hour).where(changed_hours.c.hour >= since)
        with self._database.reading() as connection:
            latest = wanted.order_by(changed_hours.c.hour.desc(), changed_hours.c.id).limit(limit)
            return [ChangedHour(*row) for row in connection.execute(latest)]

    def hours(self, *, since: int) -> HourTally:
        """Return the counts from an hour on."""
        with self._database.reading() as connection:
            return HourTally(**bulk.read_numbers(connection, _HOURS.params(since=since), _KINDS))

    def purge(self, *, before: int) -> int:
        """Delete older hours; return the number of rows."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(changed_hours).where(changed_hours.c.hour < before))
            return connection.execute(sa.delete(movie_hours).where(movie_hours.c.hour < before)).rowcount

    def publish(self, lists: Sequence[TrendList]) -> None:
        """Replace these lists in one transaction."""
        with self._database.writing() as connection:
            bulk.lock_table(connection, trend_lists)
            for one in lists:
                for table in (trends, trend_lists):
                    connection.execute(sa.delete(table).where(table.c.window == one.window))
                head = {"window": one.window, "origin": one.origin, "made_at": one.made_at}
                connection.execute(sa.insert(trend_lists).values(head))
                if one.trends:
                    rows = [_row(one.window, rank, trend) for rank, trend in enumerate(one.trends, start=1)]
                    connection.execute(sa.insert(trends), rows)

    def read(self, window: Window) -> TrendList | None:
        """Return the latest published list."""
        with self._database.reading_public() as connection:
            rows = connection.execute(_READ, {"wanted": window}).all()
        if not rows:
            return None
        listed = (Trend(MovieId(movie), *rest) for _, _, movie, *rest in rows if movie is not None)
        return TrendList(window, Origin(rows[0].origin), rows[0].made_at, tuple(listed))


def _row(window: Window, rank: int, trend: Trend) -> dict[str, object]:
    return {
        "window": window,
        "rank": rank,
        "movie": trend.movie,
        "score": trend.score,
        "users": trend.users,
        "recent": trend.recent,
        "usual": trend.usual,
    }
