"""All store tests run on SQLite and on PostgreSQL; each module has its own database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.users import User
from data import database
from data.database import Stores
from tests import databases, poolers
from tests.data.database import servers

STANDING_ALONE = (
    "job_runs",
    "job_times",
    "leases",
    "audit_log",
    "movie_hours",
    "changed_hours",
    "trends",
    "trend_lists",
    "labelled_requests",
    "evaluation_runs",
    "enrichments",
)
"""Tables whose rows do not belong to an account."""


@pytest.fixture(scope="module", params=databases.VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    """The database system, and whether it is behind a pooler."""
    return str(request.param)


@pytest.fixture(scope="module")
def kind(variant: str) -> str:
    """The database system."""
    return "sqlite" if variant == "sqlite" else "postgresql"


@pytest.fixture(scope="module")
def url(variant: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The module's database, migrated."""
    with databases.variant(variant, tmp_path_factory.mktemp("database"), request) as made:
        yield made


@pytest.fixture
def empty(variant: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, for one test."""
    if variant == "sqlite":
        with servers.sqlite(tmp_path) as made:
            yield made
        return
    with servers.postgresql(request.getfixturevalue("postgres_url")) as made:
        yield poolers.pooled(made, request.getfixturevalue("pgbouncer_port")) if variant == "pgbouncer" else made


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
