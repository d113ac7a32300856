"""Large imports: written as a whole or not at all, whatever ends them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from core.types import MovieId
from core.users import Diary, MarkKind, User
from data.database import Stores
from tests.data.database.servers import NOW, ROOT, raw

MOVIES = 3_000
"""Enough for bulk insertions (`diary_writes.MANY`)."""
FAULT = {
    "sqlite": (
        "CREATE TRIGGER fault BEFORE INSERT ON changes WHEN NEW.movie = 2500 BEGIN SELECT RAISE(ABORT, 'full'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION fault() RETURNS trigger AS $$ BEGIN IF NEW.movie = 2500 THEN RAISE 'full'; END IF;"
        " RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER fault BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION fault()",
    ),
}
"""A table that cannot take one row of the history, after all ratings were written."""
DYING = """
import sys
import sqlalchemy as sa
from data import database
from tests.data.database import test_large_writes

@sa.event.listens_for(sa.engine.Engine, "before_cursor_execute")
def wait(_connection, _cursor, statement, *_):
    if statement.startswith("INSERT INTO changes"):
        print("in the middle", flush=True)
        sys.stdin.read()

test_large_writes.record(database.open(sys.argv[1]), int(sys.argv[2]))
"""


def record(stores: Stores, user: int) -> None:
    """Write as many ratings and marks as a large import."""
    ratings = {MovieId(n): (n % 10 / 2 + 0.5, NOW - timedelta(days=n)) for n in range(1, MOVIES + 1)}
    stores.diaries.record(
        user,  # type: ignore[arg-type]
        ratings=ratings,
        marks={MarkKind.WATCHED: {movie: at for movie, (_, at) in ratings.items()}},
    )


@pytest.fixture
def fault(url: str, kind: str) -> Iterator[None]:
    """A store that fails in the middle of a write."""
    with raw(url) as connection:
        for statement in FAULT[kind]:
            connection.exec_driver_sql(statement)
        connection.commit()
    yield
    with raw(url) as connection:
        connection.exec_driver_sql("DROP TRIGGER fault" + (" ON changes" if kind == "postgresql" else ""))
        if kind == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION fault")
        connection.commit()


def test_a_large_import_is_stored_like_many_small_writes(stores: Stores, ann: User) -> None:
    record(stores, ann.id)
    diary = stores.diaries.read(ann.id)
    assert len(diary.ratings) == len(diary.marked(MarkKind.WATCHED)) == MOVIES
    assert (diary.ratings[MovieId(7)].stars, diary.ratings[MovieId(7)].at) == (4.0, NOW - timedelta(days=7))
    assert diary.marked(MarkKind.WATCHED)[MovieId(7)] == NOW - timedelta(days=7)
    changes = [change for change in stores.diaries.history(ann.id, limit=10_000) if change.movie == MovieId(7)]
    assert {(change.what, change.before, change.after, change.at) for change in changes} == {
        ("rating", None, "4", NOW - timedelta(days=7)),
        ("watched", None, "on", NOW - timedelta(days=7)),
    }
    record(stores, ann.id)
    assert stores.diaries.read(ann.id) == diary


@pytest.mark.usefixtures("fault")
def test_an_import_into_a_store_that_fails_in_the_middle_writes_nothing(stores: Stores, ann: User) -> None:
    with pytest.raises((sa.exc.DBAPIError, StoreUnavailable), match=r"full|failed"):
        record(stores, ann.id)
    assert stores.diaries.read(ann.id) == Diary()
    assert not stores.diaries.history(ann.id)


def test_a_process_killed_in_the_middle_of_an_import_writes_nothing(stores: Stores, ann: User, url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DYING, url, str(ann.id)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert stores.diaries.read(ann.id) == Diary()
    record(stores, ann.id)
    assert len(stores.diaries.read(ann.id).ratings) == MOVIES
