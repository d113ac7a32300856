"""Of deleted data, nothing remains in the files of SQLite."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.diary.watches import WatchEntry
from core.types import MovieId
from core.users import Event, EventKind
from data import database
from data.database import Stores
from tests import databases
from tests.data.database.servers import MINUTE, NOW, raw, sign_up

SECRET_REVIEW, SECRET_QUERY = "a review that nobody may find again", "a search that nobody may find again"
SECRET_NOTE = "a note that nobody may find again"
MANY = 300
"""Rows enough for several pages of the file."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def stores(folder: Path) -> Stores:
    with databases.sqlite(folder) as url:
        return database.open(url)


def found(folder: Path, text: str) -> list[str]:
    """Return the database's files that contain a text."""
    return [path.name for path in sorted(folder.glob("people.sqlite*")) if text.encode() in path.read_bytes()]


def test_nothing_of_a_deleted_account_remains_in_the_files(stores: Stores, folder: Path) -> None:
    ann, bob = sign_up(stores), sign_up(stores, "Bob")
    for movie in range(1, MANY):
        stores.diaries.review(ann.id, MovieId(movie), f"{SECRET_REVIEW} {movie}", at=NOW)
        stores.diaries.review(bob.id, MovieId(movie), "kept", at=NOW)
        note = WatchEntry(movie=MovieId(movie), day=NOW.date(), note=f"{SECRET_NOTE} {movie}")
        stores.watches.log(ann.id, note, at=NOW)
    stores.accounts.open_session(ann.id, secret_hash="hash of ann", at=NOW, expires_at=NOW + MINUTE, label="")
    assert found(folder, SECRET_REVIEW) != []
    assert found(folder, SECRET_NOTE) != []
    stores.accounts.delete(ann.id)
    assert found(folder, SECRET_REVIEW) == []
    assert found(folder, SECRET_NOTE) == []
    assert found(folder, "hash of ann") == []
    assert (folder / "people.sqlite-wal").stat().st_size == 0
    assert len(stores.diaries.read(bob.id).reviews) == MANY - 1


def test_nothing_of_purged_and_forgotten_events_remains_in_the_files(stores: Stores, folder: Path) -> None:
    ann = sign_up(stores)
    for age in (1, 9):
        at = NOW - timedelta(days=age)
        stores.events.add([Event(EventKind.SEARCH, at, ann.id, query=f"{SECRET_QUERY} {age}")] * MANY)
    assert found(folder, f"{SECRET_QUERY} 9") != []
    stores.events.purge(before=NOW - timedelta(days=5))
    assert found(folder, f"{SECRET_QUERY} 9") == []
    assert found(folder, f"{SECRET_QUERY} 1") != []
    stores.events.forget(ann.id)
    assert found(folder, SECRET_QUERY) == []


def test_a_reader_does_not_hold_up_a_deletion(stores: Stores, folder: Path) -> None:
    ann, bob = sign_up(stores), sign_up(stores, "Bob")
    stores.diaries.review(ann.id, MovieId(1), SECRET_REVIEW, at=NOW)
    with raw(f"sqlite:///{folder / 'people.sqlite'}") as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM reviews").all()
        stores.accounts.delete(ann.id)
    stores.accounts.delete(bob.id)
    assert found(folder, SECRET_REVIEW) == [], "the next deletion empties the log"
