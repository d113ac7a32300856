"""What went wrong with the database, in words that never hold its password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import exc

from core.errors import InvalidSettings, StoreUnavailable

_SQLITE = (
    ("locked", "was locked by another process for too long; try again"),
    ("readonly", "may not be written: check the permissions of the file and its folder"),
    ("disk is full", "has no space left: free some on its disk"),
    ("disk i/o", "cannot be written or read: check its disk"),
    ("unable to open", "cannot be opened: check that file and folder exist and belong to this user"),
    ("not a database", "is a file of another kind: name another in MARQUEE_DATABASE_URL, or restore a backup"),
    ("malformed", "is damaged: restore a backup"),
    ("no such", "lacks a table or column that it should have: restore a backup"),
)
"""Part of SQLite's message (its codes are not passed on by all of Python's versions), and what it means."""

_POSTGRESQL = (
    ("28", "refuses the user or password in MARQUEE_DATABASE_URL"),
    ("3D000", "does not exist: create it (`createdb`), or name another in MARQUEE_DATABASE_URL"),
    ("25006", "may only be read now: a standby, or set so"),
    ("42501", "refuses: the user in MARQUEE_DATABASE_URL needs to own the tables"),
    ("42P01", "lacks a table that it should have: restore a backup"),
    ("53100", "has no space left: free some on its server"),
    ("53300", "takes no more connections: raise max_connections of its server, or run fewer processes"),
    ("53", "is short of memory or another resource"),
    ("55P03", "was locked by another connection for too long; try again"),
    ("57014", "took too long to answer; try again"),
    ("57P", "is stopping or starting; try again"),
    ("40", "was changed by others at the same time; try again"),
    ("08", "cannot be reached: check that it runs"),
)
"""Beginning of an SQLSTATE, the longest first within a class, and what it means."""


def address(url: sa.URL) -> str:
    """Where a database is, without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


@contextmanager
def in_words(url: sa.URL) -> Iterator[None]:
    """Turn what the driver raises into `StoreUnavailable`.

    The driver's own error is left out of the traceback: it may quote the URL, or what a user wrote.
    """
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.TimeoutError:
        raise _unavailable(url, "is used by too many at once: all connections stayed busy; try again") from None
    except exc.DBAPIError as error:
        raise _unavailable(url, _reason(error)) from None


def misfit(problem: str) -> InvalidSettings:
    """A database URL that cannot be used."""
    return InvalidSettings(
        f"MARQUEE_DATABASE_URL: {problem}; expected postgresql://user:password@host/name or sqlite:///path/to/file"
        " (write special characters of user and password as %XX)"
    )


def _unavailable(url: sa.URL, reason: str) -> StoreUnavailable:
    return StoreUnavailable(f"the database of people ({address(url)}) {reason}")


def _reason(error: exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((reason for start, reason in _POSTGRESQL if state.startswith(start)), f"failed (SQLSTATE {state})")
    message = str(error.orig).lower()
    if error.orig is not None and type(error.orig).__module__.startswith("sqlite3"):
        named = type(error.orig).__name__
        return next((reason for part, reason in _SQLITE if part in message), f"failed (SQLite: {named})")
    # libpq tells no SQLSTATE for connections that were refused, so its words must do.
    refused = (
        ("password authentication failed", "28"),
        ("no pg_hba.conf entry", "28"),
        ("does not exist", "3D000"),
        ("too many clients", "53300"),
        ("starting up", "57P"),
        ("shutting down", "57P"),
    )
    state = next((state for part, state in refused if part in message), "08")
    return dict(_POSTGRESQL)[state]
