"""Bulk reads and writes of numbers: by COPY in PostgreSQL, by the driver's cursor in SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from core.errors import StoreUnavailable
from core.types import MovieId
from core.users import MarkKind, User
from data.database import Stores, bulk, connections
from data.database.schema import implicit_feedback, movie_hours, ratings
from tests.data.database.servers import MINUTE, NOW

MOVIES = [MovieId(100 + number) for number in range(250)]


@pytest.mark.parametrize("portion", [1, 57, 1_000, 2**24])
def test_a_read_in_portions_of_any_size_is_complete(
    stores: Stores, ann: User, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PORTION", portion)
    monkeypatch.setattr(bulk, "CHUNK", 1 + portion % 100)
    stores.diaries.rate(ann.id, {movie: 0.5 + movie % 10 / 2 for movie in reversed(MOVIES)}, at=NOW)
    stores.diaries.mark(ann.id, MarkKind.WATCHED, MOVIES[:3], on=True, at=NOW + MINUTE)
    stores.diaries.mark(ann.id, MarkKind.DISMISSED, MOVIES[:2], on=True, at=NOW + MINUTE)
    found = stores.diaries.snapshot()
    assert found.rating_movies.tolist() == MOVIES
    assert found.stars.tolist() == [0.5 + movie % 10 / 2 for movie in MOVIES]
    assert set(found.rating_users.tolist()) == {ann.id}
    assert set(found.rating_times.tolist()) == {int(NOW.timestamp())}
    assert found.mark_movies.tolist() == [100, 100, 101, 101, 102]
    assert found.mark_kinds.tolist() == ["dismissed", "watched", "dismissed", "watched", "watched"]


def test_fractions_of_seconds_are_dropped(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {MOVIES[0]: 4.0}, at=NOW.replace(microsecond=999_999))
    assert stores.diaries.snapshot().rating_times.tolist() == [int(NOW.timestamp())]


def test_every_kind_of_mark_keeps_its_name(stores: Stores, ann: User) -> None:
    for kind in MarkKind:
        stores.diaries.mark(ann.id, kind, [MOVIES[0]], on=True, at=NOW)
    kept = stores.diaries.read(ann.id).marks  # some kinds exclude one another
    assert stores.diaries.snapshot().mark_kinds.tolist() == sorted(kind for kind, movies in kept.items() if movies)


def test_a_failed_read_is_reported_as_every_other_one(url: str) -> None:
    database = connections.Database(connections.parse(url))
    missing = sa.table("no_such_table", sa.column("number", sa.BigInteger))
    with pytest.raises(StoreUnavailable) as raised, database.reading() as connection:
        bulk.read_numbers(connection, sa.select(missing.c.number), {"numbers": np.int64})
    database.close()
    assert "no_such_table" not in str(raised.value)


def test_a_connection_is_usable_after_a_read(stores: Stores, ann: User, url: str) -> None:
    database = connections.Database(connections.parse(url))
    stores.diaries.rate(ann.id, {MOVIES[0]: 4.0}, at=NOW)
    with database.reading() as connection:
        for _ in range(2):
            found = bulk.read_numbers(connection, sa.select(ratings.c.movie), {"movies": np.int32})
            assert (found["movies"].dtype, found["movies"].tolist()) == (np.int32, [MOVIES[0]])
        assert connection.scalar(sa.select(sa.func.count()).select_from(ratings)) == 1
    database.close()


def test_numbers_and_times_that_are_inserted_are_those_that_are_read(
    url: str, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    del stores  # has created the tables
    monkeypatch.setattr(bulk, "_ROWS", 3)
    database = connections.Database(connections.parse(url))
    hours = np.array([-5, 0, 1, 2**40, 7, 8, 9], np.int64)
    columns = {"hour": hours, "movie": hours + 10, "weight": hours / 3, "events": abs(hours)}
    with database.writing() as connection:
        bulk.insert(connection, movie_hours, columns)
    with database.reading() as connection:
        rows = connection.execute(sa.select(*(movie_hours.c[name] for name in columns)).order_by(movie_hours.c.hour))
        assert [tuple(row) for row in rows] == sorted(
            zip(*(column.tolist() for column in columns.values()), strict=True)
        )
    database.close()


def test_times_keep_their_microseconds_also_before_2000(url: str, stores: Stores, ann: User) -> None:
    del stores
    times = [datetime(1970, 1, 2, 3, 4, 5, 678_901, UTC), NOW.replace(microsecond=1)]
    columns: dict[str, NDArray[Any]] = {name: np.arange(2) for name in ("clicks", "searches", "skips")}
    columns |= {"user_id": np.full(2, ann.id), "movie": np.array([1, 2]), "at": bulk.column(times)}
    database = connections.Database(connections.parse(url))
    with database.writing() as connection:
        bulk.insert(connection, implicit_feedback, columns)
    with database.reading() as connection:
        assert list(connection.scalars(sa.select(implicit_feedback.c.at).order_by(implicit_feedback.c.movie))) == times
    database.close()


def test_rows_that_break_a_rule_are_reported_and_none_is_written(url: str, stores: Stores) -> None:
    del stores
    twice = {name: np.ones(2, np.int64) for name in ("hour", "movie", "events")} | {"weight": np.ones(2)}
    database = connections.Database(connections.parse(url))
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        bulk.insert(connection, movie_hours, twice)
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(movie_hours)) == 0
    database.close()
