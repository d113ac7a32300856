"""What a database is: its revision and place, its integrity and its clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreUnavailable
from data.database import connections, errors, revisions
from data.database.inspection import filesystems

STEPS = 10_000
"""Instructions of SQLite between two looks at the clock: a millisecond."""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """A database that responds."""

    kind: str
    location: str
    """Without user and password."""
    revision: str | None
    """None without tables."""
    known: tuple[str | None, ...]
    """The revisions that this Marquee knows, oldest first; the first is None."""
    network: str = ""
    """The network file system that SQLite's file is on; empty if there is none."""


def state(url: str) -> DatabaseState:
    """Return the state of a database. Raises `InvalidSettings`, `StoreUnavailable`."""
    parsed, file = connections.parse(url), sqlite_file(url)
    return DatabaseState(
        kind="SQLite" if file else "PostgreSQL",
        location=errors.location(parsed),
        revision=revisions.current(url),
        known=tuple(revisions.revisions()),
        network=filesystems.network_of(file.resolve()) if file else "",
    )


def damage(url: str, *, seconds: float) -> str | None:
    """Return what is damaged in SQLite's file; empty if nothing is, None if that was not known after `seconds`.

    Raises:
        StoreUnavailable: the file cannot be read, or is no database any more.
    """
    parsed = connections.parse(url)
    file = sqlite_file(url)
    if file is None or not file.exists():
        return ""
    end = time.monotonic() + seconds
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: int(time.monotonic() > end), STEPS)
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    except StoreUnavailable:
        if time.monotonic() > end:
            return None
        raise
    finally:
        engine.dispose()
    return "" if found == "ok" else found


def clock(url: str) -> datetime:
    """Return the time of PostgreSQL's server. Raises `StoreUnavailable`."""
    parsed = connections.parse(url)
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            found: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    finally:
        engine.dispose()
    return found.astimezone(UTC)


def location(url: str) -> str:
    """Return where a database is, without user and password."""
    return errors.location(connections.parse(url))


def is_standby(url: str) -> bool:
    """Return whether a PostgreSQL server is a replica that applies the changes of another one.

    Raises:
        StoreUnavailable: it cannot be asked.
    """
    parsed = connections.parse(url)
    engine = connections.engine(parsed, single=True)
    try:
        with errors.translated(parsed), engine.connect() as connection:
            return bool(connection.execute(sa.select(sa.func.pg_is_in_recovery())).scalar_one())
    finally:
        engine.dispose()


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database; None if it is another one. Raises `InvalidSettings`."""
    parsed = connections.parse(url)
    return Path(str(parsed.database)) if parsed.drivername == "sqlite" else None
