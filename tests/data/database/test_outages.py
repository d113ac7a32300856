"""Databases that hang, are down at the start or are locked: the website waits briefly, then fails at once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.config import Settings
from core.errors import StoreUnavailable
from data import database
from data.database import Stores
from tests.data.database import servers
from tests.data.database.servers import ROOT, raw, sign_up

SECONDS = 1.0
"""Time-out of a statement in these tests."""
PATIENCE = 30.0


def serving(url: str) -> Stores:
    return database.open_serving(Settings(database_url=url, database_timeout=SECONDS), share=2)


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """Stop all processes of a PostgreSQL server, as a machine does that swaps or whose disk hangs."""
    master = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    children = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True).stdout.split()
    processes = [master, *map(int, children)]
    try:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def recovered(stores: Stores) -> bool:
    """Wait until the database is used again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            stores.accounts.check()
        except StoreUnavailable:
            time.sleep(0.1)
        else:
            return True
    return False


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_hanging_server_is_noticed_then_refused_at_once_and_used_again() -> None:
    with servers.own_server() as (url, folder):
        stores = serving(url)
        ann = sign_up(stores)
        with stopped(folder):
            with pytest.raises(StoreUnavailable, match=r"check that it is running|did not respond|took too long"):
                stores.accounts.user(ann.id)
            with pytest.raises(StoreUnavailable, match="did not respond in time; it is tried again"):
                stores.accounts.user(ann.id)
        assert recovered(stores)
        assert stores.accounts.user(ann.id) == ann
        database.close(stores)


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_database_that_is_down_at_the_start_is_migrated_when_it_is_up() -> None:
    with servers.own_server() as (url, folder):
        script = ROOT / "deploy" / "postgres-for-tests.sh"
        subprocess.run([script, "kill", folder], check=True, capture_output=True)
        stores = serving(url)
        with pytest.raises(StoreUnavailable):
            stores.accounts.check()
        subprocess.run([script, "again", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert recovered(stores)
        assert sign_up(stores).name == "Ann"
        database.close(stores)


def test_a_locked_sqlite_file_is_waited_for_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'people.sqlite'}?timeout=0.6"
    stores = serving(url)
    ann = sign_up(stores)
    with raw(sa.make_url(url).set(query={}).render_as_string()) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="was locked"):
            stores.accounts.set_administrator(ann.id, True)
        with pytest.raises(StoreUnavailable, match="did not respond in time; it is tried again"):
            stores.accounts.user(ann.id)
        other.exec_driver_sql("ROLLBACK")
    assert recovered(stores)
    database.close(stores)
