"""Within a request, a diary is read once, and again after each change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.types import MovieId
from core.users import Preferences, UserId
from data import database
from data.database import Stores
from engine import request_scope
from engine.accounts import diary_reader
from tests import databases
from tests.data.database.servers import NOW

MOVIE = MovieId(19)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite'}")
    yield opened
    database.close(opened)


@pytest.fixture(scope="module")
def ada(stores: Stores) -> UserId:
    return stores.accounts.create("Ada", password_hash="-", preferences=Preferences(), at=NOW).id


@pytest.fixture
def in_a_request() -> Iterator[None]:
    request_scope.begin()
    yield
    request_scope.end()


@pytest.mark.usefixtures("in_a_request")
def test_a_diary_that_has_not_changed_is_read_once(stores: Stores, ada: UserId) -> None:
    assert diary_reader.read(stores.diaries, ada) is diary_reader.read(stores.diaries, ada)


@pytest.mark.usefixtures("in_a_request")
def test_a_change_within_the_request_is_seen(stores: Stores, ada: UserId) -> None:
    diary_reader.read(stores.diaries, ada)
    stores.diaries.rate(ada, {MOVIE: 4.0}, at=NOW)
    assert diary_reader.read(stores.diaries, ada).ratings[MOVIE].stars == 4.0
    stores.diaries.rate(ada, {MOVIE: None}, at=NOW)
    assert MOVIE not in diary_reader.read(stores.diaries, ada).ratings


def test_outside_of_requests_each_read_is_new(stores: Stores, ada: UserId) -> None:
    assert diary_reader.read(stores.diaries, ada) is not diary_reader.read(stores.diaries, ada)
