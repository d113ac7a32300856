"""A fresh database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import Settings
from data import database
from data.database import Stores
from tests import databases
from tests.engine.online.visitors import Watched

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The stores of an empty database."""
    sqlite = request.param == "sqlite"
    place = databases.sqlite(tmp_path) if sqlite else databases.postgresql(request.getfixturevalue("postgres_url"))
    with place as url:
        opened = database.open(url)
        yield opened
        database.close(opened)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a new site."""
    return Settings(home=tmp_path)


@pytest.fixture
def work() -> Watched:
    """Work that records its progress."""
    return Watched()
