"""Measure backups and restores of a database of random ratings, beside the database's own tools.

    python -m benchmarks backups --ratings 1000000

PostgreSQL is measured too if POSTGRES_URL is set.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import sqlalchemy as sa
from pydantic import SecretStr

from core.config import Settings
from core.jobs.work import SilentWatch
from data import database
from data.database import bulk, connections
from data.database.schema import ratings, users
from engine import wiring
from engine.backups import creation, restoration
from engine.backups.archive import Archive
from tests.data.database import servers

USERS = 10_000
AT = datetime(2026, 11, 21, tzinfo=UTC)
MB = 10**6
Result = TypeVar("Result")


def main(arguments: Sequence[str]) -> None:
    """Print a table: seconds and size of a backup and of a restore, per database."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks backups", description=__doc__)
    parser.add_argument("--ratings", type=int, default=1_000_000, metavar="N", help="random ratings (1000000)")
    count = parser.parse_args(arguments).ratings
    print(f"{count:,} ratings of {USERS:,} users\n")
    print("| | backup s | MB | restore s | database's own tool: copy s | MB |")
    print("|---|---|---|---|---|---|")
    for kind in ("sqlite", *(["postgresql"] if "POSTGRES_URL" in os.environ else [])):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            source, target = (stack.enter_context(_new(kind, Path(folder) / name)) for name in ("a", "b"))
            print(_row(kind, source, target, Path(folder), count), flush=True)


@contextmanager
def _new(kind: str, folder: Path) -> Iterator[str]:
    folder.mkdir()
    with servers.sqlite(folder) if kind == "sqlite" else servers.postgresql(os.environ["POSTGRES_URL"]) as url:
        yield url


def _row(kind: str, source: str, target: str, folder: Path, count: int) -> str:
    _fill(source, count)
    place = SecretStr(str(folder / "backups"))
    before, after = (
        Settings(home=folder / name, database_url=SecretStr(url), backup_url=place)
        for name, url in (("one", source), ("two", target))
    )
    archive, watch = Archive(before), SilentWatch()
    made, backup = _timed(lambda: creation.create(before, archive, wiring.models(before), watch, at=AT))
    stored = archive.open(made.name)
    _, restore = _timed(lambda: restoration.restore(after, stored, wiring.models(after), watch))
    own, copy = _timed(lambda: _own_tool(source, folder))
    figures = f"{backup:.1f} | {made.manifest.size / MB:.0f} | {restore:.1f} | {copy:.1f} | {own / MB:.0f}"
    return f"| {kind} | {figures} |"


def _fill(url: str, count: int) -> None:
    """Write random ratings, a user's and movie's pair at most once."""
    database.migrate(url)
    random = np.random.default_rng(1)
    pairs = np.unique(random.integers(0, USERS * 50_000, count * 2))
    pairs = np.sort(random.permutation(pairs)[:count])  # in the order of the key: filling is not measured
    engine = connections.engine(connections.parse(url), single=True)
    with engine.begin() as connection:
        people = [
            {"id": n, "name": f"u{n}", "folded_name": f"u{n}", "password_hash": "h", "administrator": False}
            | {"preferences": {}, "revision": 0, "created_at": AT}
            for n in range(1, USERS + 1)
        ]
        connection.execute(sa.insert(users), people)
        columns = {
            "user_id": pairs // 50_000 + 1,
            "movie": pairs % 50_000 + 1,
            "stars": random.integers(1, 11, len(pairs)) / 2,
            "at": np.datetime64("2026-01-01", "us") + random.integers(0, 3 * 10**13, len(pairs)),
        }
        bulk.insert(connection, ratings, columns)
    engine.dispose()


def _own_tool(url: str, folder: Path) -> int:
    """Copy a database with `VACUUM INTO` or `pg_dump`; return the size of the copy in bytes."""
    copy = folder / "copy"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute(f"VACUUM INTO '{copy}'")
    else:
        subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", url], check=True)
    return copy.stat().st_size


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start
