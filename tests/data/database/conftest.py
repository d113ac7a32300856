"""All store tests run on SQLite and on PostgreSQL; each module has its own database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.users import User
from data import database
from data.database import Stores
from tests import databases
from tests.data.database import servers

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


STANDING_ALONE = (
    "job_runs",
    "job_times",
    "leases",
    "audit_log",
    "movie_hours",
    "trends",
    "trend_lists",
    "labelled_requests",
    "evaluation_runs",
    "enrichments",
)
"""Tables whose rows do not belong to an account."""


@pytest.fixture(scope="module", params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """The database system."""
    return str(request.param)


@pytest.fixture(scope="module")
def url(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The module's database, migrated."""
    folder = tmp_path_factory.mktemp("database")
    with (
        databases.sqlite(folder) if kind == "sqlite" else databases.postgresql(request.getfixturevalue("postgres_url"))
    ) as made:
        yield made


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, for one test."""
    with _database(kind, request, tmp_path) as made:
        yield made


def _database(kind: str, request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[str]:
    if kind == "sqlite":
        return servers.sqlite(folder)
    return servers.postgresql(request.getfixturevalue("postgres_url"))


@pytest.fixture
def stores(url: str) -> Iterator[Stores]:
    """The stores of the module's database, empty."""
    opened = database.open(url)
    yield opened
    database.close(opened)
    with servers.raw(url) as connection, connection.begin():
        for table in ("events", *STANDING_ALONE, "users"):
            connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608


@pytest.fixture
def ann(stores: Stores) -> User:
    """A user with an account."""
    return servers.sign_up(stores)
