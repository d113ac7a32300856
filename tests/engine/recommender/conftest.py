"""The database of tests of recommendations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data import database
from data.database import Stores
from tests import databases


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The stores of a new database."""
    opened = databases.open_new(f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite'}")
    yield opened
    database.close(opened)
