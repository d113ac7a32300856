"""Schema revisions: migrating up and down, and reading the current revision."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from core.errors import NotFound, StoreUnavailable, WrongRevision
from data.database import connections, errors

LOCK_KEY = 0x4D41_5251_5545_45
"""Key of PostgreSQL's advisory lock: `MARQUEE` in ASCII."""
_VERSION, _MARK = "alembic_version", "usable_since"
MIGRATION_SECONDS = 60
"""How long a process waits for another one's migration: many times what any migration takes."""

_log = logging.getLogger(__name__)
_scripts = Path(__file__).parent / "migrations"
_alembic_in_use = threading.Lock()
"""Alembic keeps the current migration in module variables, so only one thread may use it at a time."""


def migrate(url: str, revision: str = "head") -> None:
    """Migrate a database up or down to `revision` (`head`, `base`, or a name) in one transaction.

    A database that a newer Marquee has only expanded is ahead of this one's `head`, and is left as it is.

    Raises:
        NotFound: the revision does not exist.
        InvalidSettings: the URL is invalid.
        StoreUnavailable: the database is unreachable, or has a revision unknown to this Marquee.
    """
    parsed, known = connections.parse(url), revisions()
    target = _named(revision, known)
    state = _read(parsed)
    if state.revision == target or (revision == "head" and state.is_expanded(known)):
        return
    with errors.translated(parsed), _locked(parsed) as connection:
        present = _revision(connection)
        if present not in known:
            raise _newer(present, known, parsed)
        if present == target:
            return  # another process was faster
        _log.info("migrating the user database from %s to %s", present or "nothing", target or "nothing")
        _run(connection, known.index(present) < known.index(target), target or "base")


def require(url: str) -> None:
    """Check that this Marquee can use a database as it is, without changing anything.

    Raises:
        WrongRevision: it cannot; the message names the command that migrates it.
        InvalidSettings, StoreUnavailable: see `migrate`.
    """
    parsed, known = connections.parse(url), revisions()
    state = _read(parsed)
    if state.is_expanded(known):
        return
    if (present := state.revision) not in known:
        raise _newer(present, known, parsed)
    if present != known[-1]:
        raise WrongRevision(
            f"the user database ({errors.location(parsed)}) {_behind(present)}, but this Marquee requires {known[-1]}: "
            "run `marquee database migrate`"
        )


def _behind(present: str | None) -> str:
    return f"is at revision {present}" if present else "has no tables yet"


def current(url: str) -> str | None:
    """Return the revision of a database, or None if it has no tables yet. Creates nothing."""
    return _read(connections.parse(url)).revision


def revisions() -> list[str | None]:
    """Return all known revisions, oldest first; the first is None, without any tables."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [None, *reversed([script.revision for script in scripts])]


def _named(revision: str, known: list[str | None]) -> str | None:
    if revision == "base":
        return None
    if revision == "head":
        return known[-1]
    if revision not in known:
        raise NotFound(f"no database revision {revision!r}; expected one of base, {', '.join(filter(None, known))}")
    return revision


def _newer(present: str | None, known: list[str | None], url: sa.URL) -> WrongRevision:
    return WrongRevision(
        f"the user database ({errors.location(url)}) has revision {present!r} of a newer Marquee; "
        f"this one supports revisions up to {known[-1]!r}: update Marquee, or restore a backup"
    )


@dataclass(frozen=True, slots=True)
class _State:
    """The revision of a database, and the oldest one whose Marquee can use it; None before there was such a mark."""

    revision: str | None
    usable_since: str | None = None

    def is_expanded(self, known: list[str | None]) -> bool:
        """Return whether a newer Marquee has migrated the database, and one that knows these revisions can use it."""
        return self.revision not in known and self.usable_since is not None and self.usable_since in known


def _read(url: sa.URL) -> _State:
    if url.drivername == "sqlite" and not _exists(url):
        return _State(None)
    engine = connections.engine(url, single=True)
    try:
        with errors.translated(url), engine.connect() as connection:
            return _State(_revision(connection), _usable_since(connection))
    finally:
        engine.dispose()


def _exists(url: sa.URL) -> bool:
    path = str(url.database)
    return path.startswith("file:") or Path(path).exists()


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _usable_since(connection: sa.Connection) -> str | None:
    """Return what revision 0025 has added."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(_VERSION) or all(one["name"] != _MARK for one in inspector.get_columns(_VERSION)):
        return None
    found = connection.exec_driver_sql(f"SELECT {_MARK} FROM {_VERSION}").scalar()  # noqa: S608 - constants
    return None if found is None else str(found)


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
    """Open a transaction that excludes concurrent migrations."""
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
    # A migration that rebuilds a table drops the old one; with foreign keys enforced, referring rows would be deleted.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    ended = "ROLLBACK"
    try:
        yield connection
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreUnavailable(
                f"a migration would leave {len(broken)} rows with broken references: restore a backup"
            )
        ended = "COMMIT"
    finally:
        connection.exec_driver_sql(ended)


def _patiently(connection: sa.Connection, statement: str) -> None:
    """Run a statement that fails instead of waiting while another process has the file locked: a change of journal."""
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
