"""A new database and a clock for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import database
from data.database import Stores
from tests import databases


class Clock:
    """A clock that only moves when it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of the database."""
    return tmp_path / "people.sqlite"


@pytest.fixture
def stores(file: Path) -> Iterator[Stores]:
    """The stores of a new database."""
    opened = databases.open_new(f"sqlite:///{file}")
    yield opened
    database.close(opened)


@pytest.fixture
def clock() -> Clock:
    """A clock at noon."""
    return Clock()
