"""Which movies a service has in a country, over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.enrichment.records import Entry, EntryStatus, Source
from core.errors import StoreUnavailable
from core.types import Clause, MovieId, Trait
from data import database
from data.database import Stores
from engine.catalogue import availability
from engine.catalogue.availability import COUNTED_FOR, Availability
from tests import databases

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = "0" * 32


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """A database with three movies at two services."""
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    for movie, providers in (
        (1, {"US": ["netflix", "MUBI"], "DE": ["Netflix"]}),
        (2, {"US": ["MUBI"], "FR": ["Canal+"]}),
        (3, {"US": ["MUBI"]}),
    ):
        offers = {region: [{"name": name, "kind": "stream"} for name in names] for region, names in providers.items()}
        entry = Entry(MovieId(movie), Source.TMDB, EntryStatus.FOUND, NOW, payload={"providers": offers})
        opened.enrichments.write(entry)
    yield opened
    database.close(opened)


def test_providers_are_those_of_the_countries_of_the_setting(stores: Stores) -> None:
    found = Availability(stores.enrichments, Settings(tmdb_key=KEY, regions=("DE", "US"))).providers()
    assert [(one.value, one.movies) for one in found] == [("DE:Netflix", 1), ("US:MUBI", 3), ("US:netflix", 1)]


def test_without_a_key_or_data_there_are_no_providers(stores: Stores) -> None:
    assert Availability(stores.enrichments, Settings(regions=("US",))).providers() == ()
    assert list(Availability(stores.enrichments, Settings(tmdb_key=KEY, regions=("ES",))).providers()) == []


def test_a_provider_becomes_a_condition_and_an_unknown_one_none(stores: Stores) -> None:
    available = Availability(stores.enrichments, Settings(tmdb_key=KEY, regions=("US",)))
    assert available.clause("US:MUBI") == Clause(Trait.MOVIE, ("1", "2", "3"))
    assert [available.clause(value) for value in ("DE:Netflix", "MUBI", "", "US:", ":")] == [None] * 5


def test_only_the_providers_with_the_most_movies_are_offered(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability, "MAX_PROVIDERS", 1)
    found = Availability(stores.enrichments, Settings(tmdb_key=KEY, regions=("US", "DE"))).providers()
    assert [one.value for one in found] == ["US:MUBI", "DE:Netflix"]


def test_providers_are_counted_again_after_a_while_and_an_outage_hides_them() -> None:
    class Store:
        asked = 0

        def providers(self, regions: object) -> dict[tuple[str, str], int]:
            del regions
            self.asked += 1
            if self.asked == 2:
                raise StoreUnavailable("gone")
            return {("US", "MUBI"): self.asked}

    at = [NOW]
    store: Any = Store()
    available = Availability(store, Settings(tmdb_key=KEY, regions=("US",)), clock=lambda: at[0])
    assert [one.movies for _ in range(2) for one in available.providers()] == [1, 1]
    at[0] += COUNTED_FOR
    assert available.providers() == ()
    at[0] += COUNTED_FOR + timedelta(seconds=1)
    assert [one.movies for one in available.providers()] == [3]
