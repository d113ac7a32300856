"""A site whose jobs run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.config import Settings
from data import database
from data.database import Stores
from jobs.run import Site
from tests import databases
from tests.jobs import worlds
from tests.jobs.worlds import QUICK


@pytest.fixture(params=databases.VARIANTS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database, migrated."""
    with databases.variant(request.param, tmp_path, request) as address:
        yield address


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """Settings of a site with nothing built."""
    return Settings(home=tmp_path, offline=True, database_url=SecretStr(url), job_retries=1)


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    opened = database.open(settings.database)
    yield opened
    database.close(opened)


@pytest.fixture
def site(settings: Settings, stores: Stores) -> Site:
    """The site with short intervals."""
    return Site(settings, stores, worlds.context, rhythm=QUICK)
