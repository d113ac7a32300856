"""The store of what other services say about movies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.enrichment.records import Entry, EntryStatus, Freshness, Source
from core.types import MovieId
from data.database import Stores
from data.database.enrichment import entries
from tests.data.database.servers import NOW

HEAT = MovieId(949)
ENTRY = Entry(HEAT, Source.TMDB, EntryStatus.FOUND, NOW, "US", {"poster": "/é.jpg"})


def test_an_entry_is_read_as_it_was_written(stores: Stores) -> None:
    unknown = Entry(HEAT, Source.OMDB, EntryStatus.GONE, NOW)
    stores.enrichments.write(ENTRY)
    stores.enrichments.write(unknown)
    assert sorted(stores.enrichments.read(HEAT), key=lambda entry: entry.source) == [unknown, ENTRY]
    assert stores.enrichments.read(MovieId(1)) == []


def test_a_new_entry_replaces_the_previous_one(stores: Stores) -> None:
    later = replace(ENTRY, fetched_at=NOW + timedelta(days=1), status=EntryStatus.GONE, payload=None, scope="DE")
    stores.enrichments.write(ENTRY)
    stores.enrichments.write(later)
    assert stores.enrichments.read(HEAT) == [later]
    assert stores.enrichments.freshness(Source.TMDB) == {HEAT: Freshness(later.fetched_at, "DE", EntryStatus.GONE)}
    assert stores.enrichments.freshness(Source.OMDB) == {}


def test_recent_entries_are_counted(stores: Stores) -> None:
    for days in range(4):
        stores.enrichments.write(replace(ENTRY, movie=MovieId(days + 1), fetched_at=NOW - timedelta(days=days)))
    assert stores.enrichments.fetched_since(Source.TMDB, NOW - timedelta(days=2)) == 2
    assert stores.enrichments.fetched_since(Source.OMDB, NOW - timedelta(days=2)) == 0


def test_old_entries_are_deleted(stores: Stores) -> None:
    stores.enrichments.write(ENTRY)
    stores.enrichments.write(replace(ENTRY, movie=MovieId(1), fetched_at=NOW - timedelta(days=9)))
    assert stores.enrichments.purge(before=NOW - timedelta(days=3)) == 1
    assert list(stores.enrichments.freshness(Source.TMDB)) == [HEAT]


def test_all_content_is_read_in_portions(stores: Stores) -> None:
    count = entries.PORTION + 2
    for number in range(1, count + 1):
        stores.enrichments.write(replace(ENTRY, movie=MovieId(number)))
    stores.enrichments.write(replace(ENTRY, movie=MovieId(count + 1), status=EntryStatus.GONE, payload=None))
    stores.enrichments.write(replace(ENTRY, movie=MovieId(count + 2), fetched_at=NOW - timedelta(days=9)))
    found = [entry.movie for entry in stores.enrichments.found(Source.TMDB, since=NOW - timedelta(days=3))]
    assert found == list(range(1, count + 1))


def test_movies_are_counted_and_listed_by_provider_and_region(stores: Stores) -> None:
    both = {"providers": {"US": [offer("Netflix"), offer("Netflix", "buy"), offer("MUBI")], "DE": [offer("MUBI")]}}
    stores.enrichments.write(replace(ENTRY, payload=both))
    stores.enrichments.write(replace(ENTRY, movie=MovieId(1), payload={"providers": {"US": [offer("MUBI")]}}))
    stores.enrichments.write(Entry(HEAT, Source.OMDB, EntryStatus.FOUND, NOW, payload={"plot": "x"}))
    counted = {("US", "Netflix"): 1, ("US", "MUBI"): 2, ("DE", "MUBI"): 1}
    assert stores.enrichments.providers(["US", "DE", "FR"]) == counted
    assert stores.enrichments.providers(["DE"]) == {("DE", "MUBI"): 1}
    assert stores.enrichments.available("US", "MUBI", limit=9) == [1, HEAT]
    assert stores.enrichments.available("US", "MUBI", limit=1) == [1]
    stores.enrichments.write(replace(ENTRY, payload={"providers": {"US": [offer("Hulu\0")]}}))
    assert stores.enrichments.providers(["US", "DE"]) == {("US", "Hulu"): 1, ("US", "MUBI"): 1}


def test_old_entries_are_deleted_with_their_providers(stores: Stores) -> None:
    payload = {"providers": {"US": [offer("MUBI")]}}
    stores.enrichments.write(replace(ENTRY, payload=payload))
    stores.enrichments.write(replace(ENTRY, movie=MovieId(1), payload=payload, fetched_at=NOW - timedelta(days=9)))
    stores.enrichments.purge(before=NOW - timedelta(days=3))
    assert stores.enrichments.available("US", "MUBI", limit=9) == [HEAT]


def offer(name: str, kind: str = "stream") -> dict[str, str]:
    return {"name": name, "kind": kind}
