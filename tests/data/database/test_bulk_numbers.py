"""Bulk reads of numbers: by COPY from PostgreSQL, by the driver's cursor from SQLite."""

from __future__ import annotations

import numpy as np
import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from core.types import MovieId
from core.users import MarkKind, User
from data.database import Stores, bulk, connections
from data.database.schema import ratings
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
