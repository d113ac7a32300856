"""Backups made while Marquee runs, and restored: the commands of docs/database.md, with every row compared."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from core.types import MovieId
from data import database
from data.database import Stores
from data.database.schema import metadata
from tests.data.database import servers
from tests.data.database.servers import NOW, ROOT, fill_credentials, raw, say_what_runs_by_the_clock, sign_up

DOCUMENT = (ROOT / "docs" / "database.md").read_text(encoding="utf-8")


def fill(stores: Stores) -> None:
    """Write rows into the tables of accounts, diaries, jobs and security."""
    ann = sign_up(stores)
    stores.diaries.rate(ann.id, {MovieId(movie): movie % 10 / 2 + 0.5 for movie in range(1, 301)}, at=NOW)
    stores.diaries.review(ann.id, MovieId(949), "a line\nand “another” – 永", at=NOW)
    say_what_runs_by_the_clock(stores, ann)
    fill_credentials(stores, ann)


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    with raw(url) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_a_copy_of_sqlite_made_during_writes_is_complete_and_restorable(tmp_path: Path) -> None:
    assert "VACUUM INTO" in DOCUMENT
    live, backup, restored = (tmp_path / name for name in ("people.sqlite", "backup.sqlite", "restored.sqlite"))
    stores = database.open(f"sqlite:///{live}")
    fill(stores)
    before = content(f"sqlite:///{live}")
    bob, over = sign_up(stores, "Bob"), threading.Event()

    def write() -> None:
        while not over.is_set():
            stores.diaries.rate(bob.id, {MovieId(7): 4.0}, at=NOW)

    writer = threading.Thread(target=write)
    writer.start()
    with sqlite3.connect(live) as connection:
        connection.execute(f"VACUUM INTO '{backup}'")
    over.set()
    writer.join()
    database.close(stores)

    shutil.copy(backup, restored)
    opened = database.open(f"sqlite:///{restored}")
    after = content(f"sqlite:///{restored}")
    assert sum(map(len, before.values())) > 600
    missing = {name: set(map(repr, rows)) - set(map(repr, after[name])) for name, rows in before.items()}
    assert not any(missing.values())
    ann = opened.accounts.find("Ann")
    assert ann is not None
    assert len(opened.diaries.read(ann[0].id).ratings) == 300
    assert sign_up(opened, "Cem").id > bob.id
    database.close(opened)


def test_a_damaged_copy_of_sqlite_is_refused(tmp_path: Path) -> None:
    live = tmp_path / "people.sqlite"
    stores = database.open(f"sqlite:///{live}")
    fill(stores)
    database.close(stores)
    whole = live.read_bytes()
    live.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreUnavailable, match=r"corrupted|not an SQLite file|lacks"):
        database.open(f"sqlite:///{live}").accounts.find("Ann")


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_dump_of_postgresql_restores_every_row(tmp_path: Path) -> None:
    options = ["--no-owner", "--exit-on-error", "--single-transaction"]
    assert all(option in DOCUMENT for option in (*options, "--format=custom"))
    with servers.own_server() as (url, _), servers.postgresql(url) as live, servers.postgresql(url) as other:
        stores = database.open(live)
        fill(stores)
        dump = tmp_path / "people.dump"
        subprocess.run([program("pg_dump"), "--format=custom", f"--file={dump}", live], check=True)
        subprocess.run([program("pg_restore"), *options, f"--dbname={other}", dump], check=True)
        opened = database.open(other)
        assert content(other) == content(live)
        assert sign_up(opened, "Bob").id == sign_up(stores, "Bob").id  # sequences are restored too
        database.close(opened)
        database.close(stores)


def program(name: str) -> str:
    """Return a program of PostgreSQL, which Debian installs beside the server outside of PATH."""
    found = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))]
    return next(path for path in found if path)
