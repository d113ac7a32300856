"""The catalogue with TMDB's posters and texts, as it is indexed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.enrichment.records import MAX_AGE, Entry, EntryStatus, Source
from core.errors import StoreUnavailable
from core.ports import IndexInfo
from core.types import Mode, Movie, MovieId, SearchRequest, Translation
from data import database
from data.catalogues import sources
from data.database import Stores
from engine import wiring
from engine.catalogue import completion, index_build
from engine.clock import now
from engine.search.encoders.document_texts import MOVIE_TEXTS, TEXTS_WITH_PLOTS
from tests import databases, fakes, sample
from tests.engine.catalogue.test_index_build import Listening, settings, write

pytestmark = pytest.mark.slow

__all__ = ["settings"]

KEY = "0123456789abcdef0123456789abcdef"
PAYLOAD = {
    "poster": "/poster.jpg",
    "collection": {"id": 9, "name": "Night Trains"},
    "translations": [
        {"language": "en", "title": "Other", "overview": "A text of TMDB.", "tagline": "All aboard"},
        {"language": "de", "title": "Der Nachtzug", "overview": "Ein Zug."},
        {"language": "fr", "title": "Le train"},
    ],
}


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


def put(stores: Stores, movie: int = 1, **changed: Any) -> None:
    given: dict[str, Any] = {
        "source": Source.TMDB,
        "status": EntryStatus.FOUND,
        "fetched_at": now(),
        "payload": PAYLOAD,
    }
    stores.enrichments.write(Entry(MovieId(movie), **(given | changed)))


def keyed(settings: Settings, **changed: Any) -> Settings:
    own = {name: getattr(settings, name) for name in settings.model_fields_set}
    return Settings(**(own | {"tmdb_key": KEY} | changed))


def complete(settings: Settings, store: Any) -> Movie:
    catalogue = sources.load(settings, progress=lambda _: None)
    return completion.complete(settings, catalogue, store, say=lambda _: None).movies[0]


def test_only_what_the_catalogue_lacks_is_added(settings: Settings, stores: Stores, tmp_path: Path) -> None:
    own: dict[str, object] = {"id": 1, "title": "The Night Train", "translations": {"de": {"title": "Nachtzug"}}}
    write(tmp_path / "data", [own])
    put(stores)
    found = complete(keyed(settings), stores.enrichments)
    assert (found.title, found.poster, found.overview) == ("The Night Train", "/poster.jpg", "A text of TMDB.")
    assert (found.tagline, found.collection) == ("All aboard", "Night Trains")
    assert found.translations == (Translation("de", "Nachtzug"), Translation("fr", "Le train"))
    write(tmp_path / "data", [own | {"overview": "Own.", "tagline": "Own", "collection": "Own"}])
    found = complete(keyed(settings), stores.enrichments)
    assert (found.overview, found.tagline, found.collection) == ("Own.", "Own", "Own")


def test_second_plots_join_words_and_vectors_only_if_almost_all_movies_have_one(
    settings: Settings, stores: Stores
) -> None:
    own = keyed(settings, omdb_key="a1b2c3d4")

    def build() -> IndexInfo:
        store, registry = wiring.store(own), wiring.models(own)
        index_build.run(own, Listening(), index_store=store, registry=registry, enrichments=stores.enrichments)
        return store.open().info()

    for movie in (1, 2):
        put(stores, movie, source=Source.OMDB, payload={"plot": f"Marmalade number {movie}."})
    assert build().recipe == MOVIE_TEXTS.fingerprint
    vector = wiring.store(own).open().vectors([MovieId(1)])[0]
    assert sample.services(own).search.run(SearchRequest("marmalade", mode=Mode.WORDS)).total == 0
    put(stores, 3, source=Source.OMDB, payload={"plot": "Marmalade again."})
    assert build().recipe == TEXTS_WITH_PLOTS.fingerprint
    assert index_build.stale(own, wiring.store(own)) == ""
    assert sample.services(own).search.run(SearchRequest("marmalade", mode=Mode.WORDS)).total == 3
    assert 0.5 < float(vector @ wiring.store(own).open().vectors([MovieId(1)])[0]) < 0.999


@pytest.mark.parametrize(
    "changed",
    [
        {"movie": 99},
        {"payload": {"translations": 7}},
        {"fetched_at": now() - MAX_AGE - timedelta(days=1)},
        {"status": EntryStatus.GONE, "payload": None},
        {"source": Source.OMDB},
    ],
    ids=["of another movie", "unreadable", "too old", "unknown there", "of OMDb"],
)
def test_entries_that_cannot_be_used_change_nothing(
    settings: Settings, stores: Stores, changed: dict[str, Any]
) -> None:
    before = complete(settings, None)
    put(stores, **changed)
    assert complete(keyed(settings), stores.enrichments) == before


def test_without_a_key_or_a_database_the_catalogue_is_unchanged(settings: Settings, stores: Stores) -> None:
    put(stores)
    before = complete(settings, None)
    failing: Any = fakes.Failing(StoreUnavailable("the user database is down"))
    assert complete(settings, stores.enrichments) == before
    assert complete(keyed(settings), None) == before
    assert complete(keyed(settings), failing) == before


def test_lists_show_the_posters_and_searches_find_the_translated_titles(settings: Settings, stores: Stores) -> None:
    put(stores, 2)
    own = keyed(settings)
    index_build.run(
        own,
        Listening(),
        index_store=wiring.store(own),
        registry=wiring.models(own),
        enrichments=stores.enrichments,
    )
    (hit, *_) = sample.services(own).search.run(SearchRequest("Der Nachtzug")).hits
    assert (hit.movie.id, hit.movie.poster) == (2, "/poster.jpg")
