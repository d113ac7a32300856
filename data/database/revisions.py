"""Revisions of the tables: up, down, and which one a database has."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from core.errors import NotFound, StoreUnavailable
from data.database import connections, errors

LOCK_KEY = 0x4D41_5251_5545_45
"""PostgreSQL's advisory locks are known by number: this one is `MARQUEE` in ASCII."""
MIGRATION_SECONDS = 60
"""How long a process waits for another that migrates: many times what any migration takes here."""

_log = logging.getLogger(__name__)
_scripts = Path(__file__).parent / "migrations"
_alembic_in_use = threading.Lock()
"""Alembic keeps the migration that is under way in module variables: one thread at a time."""


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database up or down to `revision` (`head`, `base`, or one by name), whole or not at all.

    Raises:
        NotFound: there is no such revision.
        InvalidSettings: the URL cannot be used.
        StoreUnavailable: the database cannot be reached, or is of a revision that this Marquee does not know.
    """
    parsed, known = connections.parse(url), revisions()
    target = _named(revision, known)
    if _read(parsed) == target:
        return
    with errors.in_words(parsed), _locked(parsed) as connection:
        present = _revision(connection)
        _check(present, known, parsed)
        if present == target:
            return  # another process was faster
        _log.info("migrating the database of people from %s to %s", present or "nothing", target or "nothing")
        _run(connection, known.index(present) < known.index(target), target or "base")


def current(url: str) -> str | None:
    """The revision of a database; None when it has no tables yet. Makes nothing."""
    return _read(connections.parse(url))


def revisions() -> list[str | None]:
    """All revisions that this Marquee knows, the oldest first; the first is None, no tables at all."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [None, *reversed([script.revision for script in scripts])]


def _named(revision: str, known: list[str | None]) -> str | None:
    if revision == "base":
        return None
    if revision == "head":
        return known[-1]
    if revision not in known:
        raise NotFound(f"no revision {revision!r} of the database; there are base, {', '.join(filter(None, known))}")
    return revision


def _check(present: str | None, known: list[str | None], url: sa.URL) -> None:
    if present not in known:
        raise StoreUnavailable(
            f"the database of people ({errors.address(url)}) is of revision {present!r}, made by a newer Marquee; "
            f"this one knows revisions up to {known[-1]!r}: update Marquee, or restore a backup"
        )


def _read(url: sa.URL) -> str | None:
    if url.drivername == "sqlite" and not _exists(url):
        return None
    engine = connections.engine(url, single=True)
    try:
        with errors.in_words(url), engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def _exists(url: sa.URL) -> bool:
    path = str(url.database)
    return path.startswith("file:") or Path(path).exists()


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(connection: sa.Connection, upwards: bool, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    with _alembic_in_use:
        (command.upgrade if upwards else command.downgrade)(config, target)


@contextmanager
def _locked(url: sa.URL) -> Iterator[sa.Connection]:
    """One transaction that nobody else migrates beside."""
    engine = connections.engine(url, single=True)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                yield from _locked_sqlite(connection)
            else:
                yield from _locked_postgresql(connection)
    finally:
        engine.dispose()


def _locked_postgresql(connection: sa.Connection) -> Iterator[sa.Connection]:
    with connection.begin():
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS}s'"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))
        yield connection


def _locked_sqlite(connection: sa.Connection) -> Iterator[sa.Connection]:
    _patiently(connection, "PRAGMA journal_mode = WAL")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {MIGRATION_SECONDS * 1000}")
    # A migration that rebuilds a table drops the old one, and enforced foreign keys would take its children along.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    ended = "ROLLBACK"
    try:
        yield connection
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreUnavailable(
                f"a migration would leave {len(broken)} rows that refer to nothing: restore a backup"
            )
        ended = "COMMIT"
    finally:
        connection.exec_driver_sql(ended)


def _patiently(connection: sa.Connection, statement: str) -> None:
    """Run what SQLite does not wait for by itself while another process holds the file: changing the journal."""
    give_up = time.monotonic() + connections.LOCK_SECONDS
    while True:
        try:
            connection.exec_driver_sql(statement)
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return
