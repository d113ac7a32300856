"""Connections to SQLite and PostgreSQL: pools, time limits, and two ways in, for reading and for writing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from core.config import DRIVERS
from core.errors import StoreUnavailable
from data.database import errors

LOCK_SECONDS = 10.0
"""How long a write waits for others: far longer than any write takes, and shorter than people wait for a page."""
CONNECT_SECONDS = 5
POOL_SECONDS = 10.0
STATEMENT_SECONDS = 60
"""Longer than a snapshot of ten million ratings takes; a query beyond that is stuck."""
POOL_SIZE, POOL_OVERFLOW = 10, 54
"""Connections that stay open, and that open besides when busy: together the most threads a server may have (64)."""
RECYCLE_SECONDS = 1_800
"""Connections are renewed before firewalls forget them."""

_WRITING = "marquee_writing"
_PRIVATE = 0o700
_OWN = 0o600


def parse(url: str) -> sa.URL:
    """Read a database URL. Raises `InvalidSettings` in words that do not repeat it."""
    scheme, separator, rest = url.partition("://")
    try:
        parsed = sa.make_url(f"{DRIVERS.get(scheme, scheme)}{separator}{rest}")
    except (ArgumentError, ValueError):
        raise errors.misfit("cannot be read") from None
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise errors.misfit("names another kind of database")
    if "@" in (parsed.host or ""):
        raise errors.misfit("has two @")
    if not str(parsed.query.get("timeout", "0")).replace(".", "", 1).isdigit():
        raise errors.misfit("has a timeout that is no number of seconds")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise errors.misfit("names no file")
    return parsed


def lock_seconds(url: sa.URL) -> float:
    """How long a write to SQLite waits for others; `?timeout=` in the URL says otherwise."""
    return float(str(url.query.get("timeout", LOCK_SECONDS)))


class Database:
    """One database with its pool of connections; safe between threads, not to be shared over a fork."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self._engine = engine(url)
        is_sqlite = self._engine.dialect.name == "sqlite"
        # SQLite reads outside a transaction as it is; PostgreSQL is spared a round trip for BEGIN.
        self._reader = self._engine if is_sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = self._engine.execution_options(**{_WRITING: True})
        # SQLite has one writer at a time. Threads queue here, in order, instead of polling the file.
        self._turn = _Turn(url) if is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection whose statements each are a consistent reading of its own."""
        with errors.in_words(self.url), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction, written to disk when the block ends, undone when it raises."""
        with self._turn, errors.in_words(self.url), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()


class _Turn(AbstractContextManager[None]):
    """A lock that is not waited for forever."""

    def __init__(self, url: sa.URL) -> None:
        self._lock, self._place = threading.Lock(), errors.address(url)
        self._seconds = lock_seconds(url)

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._seconds):
            raise StoreUnavailable(f"the database of people ({self._place}) was written to for too long; try again")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def engine(url: sa.URL, *, single: bool = False) -> sa.Engine:
    """SQLAlchemy's way to the database; `single` for one connection without a pool, as migrations use it."""
    return _sqlite(url, single=single) if url.drivername == "sqlite" else _postgresql(url, single=single)


def _sqlite(url: sa.URL, *, single: bool) -> sa.Engine:
    prepare_file(url)
    arguments = {"timeout": lock_seconds(url), "check_same_thread": False}
    made = sa.create_engine(url, connect_args=arguments, hide_parameters=True, **_pool(single=single))

    @event.listens_for(made, "connect")
    def _connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions by itself, and too late: only when something is written.
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begun(connection: sa.Connection) -> None:
        # IMMEDIATE waits for other writers at the beginning, where waiting is safe; a lock taken midway could fail.
        if connection.get_execution_options().get(_WRITING):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def prepare_file(url: sa.URL) -> None:
    """Make folder and file, for this user's eyes only, where they are missing."""
    path = Path(str(url.database))
    if str(path).startswith("file:"):
        return  # SQLite's own form of address, for what only it can do: `?mode=ro&uri=true`
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, _OWN))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreUnavailable(
            f"the database of people ({path}) cannot be made: {error.strerror}; "
            "name another file in MARQUEE_DATABASE_URL, or another folder in MARQUEE_HOME"
        ) from None


def _postgresql(url: sa.URL, *, single: bool) -> sa.Engine:
    limits = {
        "timezone": "UTC",
        "lock_timeout": f"{LOCK_SECONDS:g}s",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    # What the URL says comes last, and wins.
    query = {
        "connect_timeout": str(CONNECT_SECONDS),
        "application_name": "marquee",
        **url.query,
        "options": f"{options} {url.query.get('options', '')}".strip(),
    }
    try:
        return sa.create_engine(url.set(query=query), hide_parameters=True, **_pool(single=single))
    except ModuleNotFoundError:
        raise errors.misfit("PostgreSQL needs its driver (`pip install 'marquee[postgres]'`)") from None


def _pool(*, single: bool) -> dict[str, Any]:
    if single:
        return {"poolclass": NullPool}
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_OVERFLOW,
        "pool_timeout": POOL_SECONDS,
        "pool_pre_ping": True,
        "pool_recycle": RECYCLE_SECONDS,
        "pool_use_lifo": True,
    }
