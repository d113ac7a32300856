"""Migrated databases for tests, copied from a template that each test process migrates once."""

from __future__ import annotations

import functools
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import database
from data.database import Stores, connections
from tests import poolers
from tests.data.database import servers

VARIANTS = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("pgbouncer", marks=[pytest.mark.postgresql, pytest.mark.pgbouncer]),
)
"""SQLite, PostgreSQL, and PostgreSQL behind PgBouncer in transaction mode with few connections."""
FILE_COPY_SINCE = 150_000
"""PostgreSQL 15, the first version with a choice of strategy: without fsync, copying files is faster than logging."""


def open_new(url: str) -> Stores:
    """Open the stores of an SQLite file, which is copied from the template if it does not exist."""
    _make(url)
    return database.open(url)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """Yield the URL of a new, migrated file."""
    url = f"sqlite:///{folder / 'people.sqlite'}"
    _make(url)
    yield url


@contextmanager
def postgresql(server: str) -> Iterator[str]:
    """Yield the URL of a new, migrated database on a server, dropped at the end."""
    with servers.postgresql(server, template=_template(server)) as url:
        yield url


@contextmanager
def variant(name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a new, migrated database of one of `VARIANTS`."""
    if name == "sqlite":
        with sqlite(folder) as url:
            yield url
        return
    with postgresql(request.getfixturevalue("postgres_url")) as url:
        yield poolers.pooled(url, request.getfixturevalue("pgbouncer_port")) if name == "pgbouncer" else url


def drop_template(server: str) -> None:
    """Drop the template database of a server."""
    if _template.cache_info().currsize:
        servers.run_on_server(server, f"DROP DATABASE {_template(server).split()[0]} WITH (FORCE)")
        _template.cache_clear()


def _make(url: str) -> None:
    parsed = connections.parse(url)
    path = Path(str(parsed.database))
    if not path.exists():
        connections.prepare_file(parsed)
        path.write_bytes(_migrated_file())


@functools.cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.sqlite"
        database.migrate(f"sqlite:///{file}")
        return file.read_bytes()


@functools.cache
def _template(server: str) -> str:
    """Create a migrated database without connections; return the arguments of `TEMPLATE`: its name and strategy."""
    name = f"marquee_template_{uuid.uuid4().hex}"
    servers.run_on_server(server, f"CREATE DATABASE {name}")
    database.migrate(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    with servers.raw(server) as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    return f"{name} STRATEGY FILE_COPY" if version >= FILE_COPY_SINCE else name
