"""Translation of database errors into messages that never contain the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import exc

from core.errors import InvalidSettings, StoreUnavailable

_SQLITE = (
    ("locked", "was locked by another process for too long; try again"),
    ("readonly", "is read-only: check the permissions of the file and its folder"),
    ("disk is full", "has no disk space left: free some"),
    ("disk i/o", "failed to read or write: check its disk"),
    ("unable to open", "cannot be opened: check that the file and its folder exist and belong to this user"),
    ("not a database", "is not an SQLite file: set another one in MARQUEE_DATABASE_URL, or restore a backup"),
    ("malformed", "is corrupted: restore a backup"),
    ("no such", "lacks a required table or column: restore a backup"),
)
"""Parts of SQLite's messages and their meaning; not all Python versions pass on SQLite's error codes."""

_DENIED = (
    "denies permission: the user in MARQUEE_DATABASE_URL must own the tables, "
    "or be granted access by their owner (`marquee database migrate --grant`)"
)
_POSTGRESQL = (
    ("28", "rejects the user or password in MARQUEE_DATABASE_URL"),
    ("3D000", "does not exist: create it (`createdb`), or set another one in MARQUEE_DATABASE_URL"),
    ("25006", "is read-only: a standby, or configured so"),
    ("42501", _DENIED),
    ("42P01", "lacks a required table: restore a backup"),
    ("53100", "has no disk space left: free some on its server"),
    ("53300", "has too many connections: raise max_connections on its server, or run fewer processes"),
    ("53", "is out of memory or another resource"),
    ("55P03", "was locked by another connection for too long; try again"),
    ("57014", "took too long to respond; try again"),
    ("57P", "is shutting down or starting; try again"),
    ("40", "was changed concurrently; try again"),
    ("08", "is unreachable: check that it is running"),
)
"""Prefixes of SQLSTATE codes, longest first within a class, and their meaning."""


def location(url: sa.URL) -> str:
    """Return the location of a database without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


@contextmanager
def translated(url: sa.URL) -> Iterator[None]:
    """Turn driver errors into `StoreUnavailable`.

    The driver's own error is removed from the traceback, since it may quote the URL or user input.
    """
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.TimeoutError:
        raise unavailable(url, "is overloaded: all connections stayed busy; try again") from None
    except exc.DBAPIError as error:
        raise unavailable(url, _reason(error)) from None


def invalid_url(problem: str) -> InvalidSettings:
    """Return the error for an unusable database URL."""
    return InvalidSettings(
        f"MARQUEE_DATABASE_URL: {problem}; expected postgresql://user:password@host/name or sqlite:///path/to/file"
        " (percent-encode special characters in user and password)"
    )


def unavailable(url: sa.URL, reason: str) -> StoreUnavailable:
    """Return the error for a database that cannot be used now."""
    return StoreUnavailable(f"the user database ({location(url)}) {reason}")


def _reason(error: exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((reason for start, reason in _POSTGRESQL if state.startswith(start)), f"failed (SQLSTATE {state})")
    message = str(error.orig).lower()
    if "unsupported startup parameter" in message:
        return "is behind PgBouncer: add `?pgbouncer=true` to its URL"
    if error.orig is not None and type(error.orig).__module__.startswith("sqlite3"):
        named = type(error.orig).__name__
        return next((reason for part, reason in _SQLITE if part in message), f"failed (SQLite: {named})")
    # libpq reports no SQLSTATE for refused connections, so their messages are matched.
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
