"""Connections to SQLite and PostgreSQL: pools, time limits, and separate connections for reading and writing."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from core.errors import StoreUnavailable
from core.limits.circuit_breaker import CircuitBreaker, CircuitOpen
from core.settings.addresses import DRIVERS
from data.database import errors

LOCK_SECONDS = 10.0
"""How long a write waits for a lock: far longer than any write takes, shorter than users wait for a page."""
CONNECT_SECONDS = 5
POOL_SECONDS = 10.0
TRUNCATE_MILLISECONDS = 500
"""How long a deletion waits for readers before it leaves the log of SQLite to the next one."""
STATEMENT_SECONDS = 60
"""Longer than a snapshot of ten million ratings takes; a longer query is stuck."""
POOL_SIZE, POOL_OVERFLOW = 10, 54
"""Permanent connections, and additional ones under load: together the maximum threads of a server (64)."""
RECYCLE_SECONDS = 1_800
"""Connections are renewed before firewalls drop them."""
SERVING_LOCK_SECONDS, SERVING_CONNECT_SECONDS = 2.0, 2
"""The same limits while somebody waits for a page."""

log = logging.getLogger(__name__)

PGBOUNCER = "pgbouncer"
"""Parameter of a URL: whether each transaction may have another connection, as with PgBouncer in transaction mode."""

_WRITING, _READING = "marquee_writing", "marquee_reading"
_PRIVATE = 0o700
_OWN = 0o600


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits in seconds, and how many threads may use the database at once.

    Attributes:
        lock: waiting for a lock.
        connect: opening a connection.
        statement: one statement, limited by the server.
        respond: one statement, limited by this process for servers that hang; None: not limited.
        share: calls in progress at the same time; None: not limited, and no circuit breaker.
    """

    lock: float = LOCK_SECONDS
    connect: int = CONNECT_SECONDS
    statement: float = STATEMENT_SECONDS
    respond: float | None = None
    share: int | None = None

    @classmethod
    def serving(cls, *, seconds: float, share: int) -> Limits:
        """Return the limits of a web server: a page waits `seconds` at most for a statement."""
        # The server's own limit is a little shorter, because its error message says more.
        return cls(SERVING_LOCK_SECONDS, SERVING_CONNECT_SECONDS, seconds, seconds + 0.5, share)


BATCH = Limits()
"""The limits of jobs and commands, for which nobody waits."""


def parse(url: str) -> sa.URL:
    """Parse a database URL. Raises `InvalidSettings`, whose message does not repeat it."""
    scheme, separator, rest = url.partition("://")
    try:
        parsed = sa.make_url(f"{DRIVERS.get(scheme, scheme)}{separator}{rest}")
    except (ArgumentError, ValueError):
        raise errors.invalid_url("cannot be parsed") from None
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise errors.invalid_url("names an unsupported kind of database")
    if "@" in (parsed.host or ""):
        raise errors.invalid_url("contains two @")
    if not str(parsed.query.get("timeout", "0")).replace(".", "", 1).isdigit():
        raise errors.invalid_url("has a timeout that is not a number of seconds")
    if is_pooled(parsed) and "options" in parsed.query:
        raise errors.invalid_url("has `options`, which PgBouncer does not pass on")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise errors.invalid_url("names no file")
    return parsed


def is_pooled(url: sa.URL) -> bool:
    """Whether a URL leads to PgBouncer in transaction mode: `?pgbouncer=true`."""
    return url.query.get(PGBOUNCER) == "true"


def lock_seconds(url: sa.URL, limits: Limits = BATCH) -> float:
    """Return how long a write to SQLite waits for a lock; `?timeout=` in the URL overrides the default."""
    return float(str(url.query.get("timeout", limits.lock)))


class Database:
    """A database with its connection pool; thread-safe, but not to be shared across a fork."""

    def __init__(
        self,
        url: sa.URL,
        limits: Limits = BATCH,
        *,
        prepare: Callable[[], None] | None = None,
        replica: Database | None = None,
    ) -> None:
        """Prepare connections; none is opened yet.

        Args:
            url: the database.
            limits: its limits.
            prepare: migrates the database before its first use; None if it is migrated already.
            replica: a copy for reading; None if there is none.
        """
        self.url = url
        self._replica, self._replica_down = replica, False
        self._prepare, self._preparing = prepare, threading.Lock()
        self._breaker = CircuitBreaker(limits.share) if limits.share is not None else None
        self._engine = engine(url, limits=limits)
        is_sqlite = self._engine.dialect.name == "sqlite"
        # SQLite reads outside a transaction by default; for PostgreSQL, autocommit saves the round trip of BEGIN.
        # Behind PgBouncer a transaction is needed, because limits belong to it.
        reading = {_READING: True} if is_pooled(url) else {} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self._engine.execution_options(**reading)
        self._writer = self._engine.execution_options(**{_WRITING: True})
        # SQLite has one writer at a time. Threads wait in a queue here instead of polling the file.
        self._turn = _Turn(url, limits) if is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection on which each statement is a consistent read."""
        with self._guarded(), errors.translated(self.url), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def reading_public(self) -> Iterator[sa.Connection]:
        """Do the same for what belongs to no user, on the replica if one responds: it may be moments behind."""
        with ExitStack() as stack:
            yield self._on_replica(stack) or stack.enter_context(self.reading())

    def _on_replica(self, stack: ExitStack) -> sa.Connection | None:
        """Return a connection to the replica, closed with the stack; None if there is none or it does not respond."""
        if self._replica is None:
            return None
        try:
            connection = stack.enter_context(self._replica.reading())
        except StoreUnavailable as error:
            if not self._replica_down:
                log.error("the replica cannot be used, so everything is read from the database itself: %s", error)
            self._replica_down = True
            return None
        if self._replica_down:
            log.warning("the replica responds again")
        self._replica_down = False
        return connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction; it is committed durably when the block ends and rolled back if it raises."""
        with self._guarded(), self._turn, errors.translated(self.url), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def erasing(self, *, rewriting: bool = False) -> Iterator[sa.Connection]:
        """Open a transaction for deletions; SQLite overwrites their content in its file and removes it from its log.

        Args:
            rewriting: Also rewrite the whole file: SQLite does not overwrite copies of rows that it left in unused
                parts of pages when it moved them to other pages.
        """
        with self.writing() as connection:
            yield connection
        if self._engine.dialect.name == "sqlite":
            if rewriting:
                self._rewrite()
            self._truncate_log()

    def _rewrite(self) -> None:
        """Rewrite the file. An error is only logged, because the deletion is committed: the next rewriting makes up."""
        try:
            with self._turn, errors.translated(self.url), self._reader.connect() as connection:
                connection.exec_driver_sql("VACUUM")
        except StoreUnavailable as error:
            log.warning("copies of deleted rows may remain in unused parts of the database file: %s", error)

    def _truncate_log(self) -> None:
        """Write the log into the database file and empty it, unless a reader keeps it busy: the next one does it."""
        with errors.translated(self.url), self._reader.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {TRUNCATE_MILLISECONDS}")
            try:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(lock_seconds(self.url) * 1000)}")

    def prepare(self) -> None:
        """Migrate the database unless that was done. Raises `StoreUnavailable`; the next use tries again."""
        if self._prepare is None:
            return
        if not self._preparing.acquire(blocking=False):
            raise errors.unavailable(self.url, "is being opened; try again")
        try:
            if self._prepare is not None:
                self._prepare()
                self._prepare = None
        finally:
            self._preparing.release()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._breaker is None:
            self.prepare()
            yield
            return
        try:
            with self._breaker.call():
                self.prepare()
                yield
        except CircuitOpen as reason:
            raise errors.unavailable(self.url, str(reason)) from None

    def pooled(self) -> Mapping[str, int]:
        """Return the number of connections of this process that are `in_use` and `idle`."""
        pool = self._engine.pool
        return {"in_use": pool.checkedout(), "idle": pool.checkedin()} if isinstance(pool, QueuePool) else {}

    def close(self) -> None:
        """Close all idle connections."""
        self._engine.dispose()
        if self._replica is not None:
            self._replica.close()


class _Turn(AbstractContextManager[None]):
    """A lock with a time-out."""

    def __init__(self, url: sa.URL, limits: Limits) -> None:
        self._lock, self._place = threading.Lock(), errors.location(url)
        self._seconds = lock_seconds(url, limits)

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._seconds):
            raise StoreUnavailable(f"the user database ({self._place}) was locked for writing for too long; try again")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def engine(url: sa.URL, *, single: bool = False, limits: Limits = BATCH) -> sa.Engine:
    """Create an SQLAlchemy engine; `single` for one connection without a pool, as migrations use it."""
    kind = _sqlite if url.drivername == "sqlite" else _postgresql
    return kind(url, limits, single=single)


def _sqlite(url: sa.URL, limits: Limits, *, single: bool) -> sa.Engine:
    prepare_file(url)
    arguments = {"timeout": lock_seconds(url, limits), "check_same_thread": False}
    made = sa.create_engine(url, connect_args=arguments, hide_parameters=True, **_pool(single=single))

    @event.listens_for(made, "connect")
    def _connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions implicitly and too late: only before the first write.
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begun(connection: sa.Connection) -> None:
        # IMMEDIATE takes the write lock at the beginning, where waiting is safe; taking it midway could fail.
        if connection.get_execution_options().get(_WRITING):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def prepare_file(url: sa.URL) -> None:
    """Create a missing file and its folder, readable only by this user."""
    path = Path(str(url.database))
    if str(path).startswith("file:"):
        return  # a URI in SQLite's own format, e.g. with `?mode=ro&uri=true`
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, _OWN))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreUnavailable(
            f"the user database ({path}) cannot be created: {error.strerror}; "
            "name another file in MARQUEE_DATABASE_URL, or another folder in MARQUEE_HOME"
        ) from None


def _postgresql(url: sa.URL, limits: Limits, *, single: bool) -> sa.Engine:
    settings = {
        "timezone": "UTC",
        "lock_timeout": f"{limits.lock * 1000:.0f}ms",
        "statement_timeout": f"{limits.statement * 1000:.0f}ms",
        "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    }
    pooled = is_pooled(url)
    # Options in the URL come last, so that they take precedence. The keepalives and the time-out of unacknowledged data
    # end connections to hosts that vanished.
    options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), *_texts(url.query.get("options"))])
    query = {
        "connect_timeout": str(limits.connect),
        "application_name": "marquee",
        "keepalives_idle": "30",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
        **{name: value for name, value in url.query.items() if name != PGBOUNCER},
        **({} if pooled else {"options": options}),
    }
    # Without a connection of its own, a session keeps neither settings nor prepared statements.
    more = {"isolation_level": "AUTOCOMMIT", "connect_args": {"prepare_threshold": None}} if pooled else {}
    try:
        made = sa.create_engine(url.set(query=query), hide_parameters=True, **more, **_pool(single=single))
    except ModuleNotFoundError:
        raise errors.invalid_url("PostgreSQL requires its driver (`pip install 'marquee[postgres]'`)") from None
    if limits.respond is not None:
        from data.database.deadlines import connect_with_deadline  # noqa: PLC0415 - psycopg is optional

        event.listen(made, "do_connect", connect_with_deadline(limits.respond))
    if pooled:
        event.listen(made, "begin", _beginning(settings))
    return made


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()


def _beginning(settings: Mapping[str, str]) -> Callable[[sa.Connection], None]:
    """Return a function that begins transactions with these settings, in a single round trip.

    The driver is in autocommit mode, but commits and rolls back transactions that were begun by a statement.
    """
    local = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in settings.items())

    def begin(connection: sa.Connection) -> None:
        mode = " READ ONLY" if connection.get_execution_options().get(_READING) else ""
        connection.exec_driver_sql(f"BEGIN{mode}{local}")

    return begin


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
