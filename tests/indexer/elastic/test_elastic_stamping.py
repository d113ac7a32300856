"""Factors in a real Elasticsearch: two alternating slots, whatever happens during a publication."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.config import Settings
from core.errors import BuildRejected, IndexMissing
from core.ports import Entry, Factors, MovieIndex, Question
from core.types import Filters, MovieId, Sort
from indexer import schema
from indexer.elastic import ElasticStore, factor_writes, published_index
from indexer.elastic.factor_writes import FactorUpdate
from indexer.elastic.published_index import ElasticIndex
from tests.indexer.elastic.conftest import MOVIES, VERSIONS, build, describe, entries, unit_rows

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

ATTACHED = 1
"""Documents other than movies: the vocabulary of corrections."""
ALL_MOVIES = {"exists": {"field": "id"}}
VERSION = VERSIONS[0]
IDS = np.array([movie.id for movie in MOVIES], dtype=np.int64)


@pytest.fixture
def store(settings: Settings) -> ElasticStore:
    """A store with the movies published that does not wait until overwritten documents are gone."""
    store = ElasticStore(settings, first_pause=0.01, patience=0.0)
    build(store)
    return store


def _factors(model: str, dimension: int = 5, *, seed: int = 1, movies: np.ndarray[Any, Any] = IDS) -> Factors:
    rows = np.random.default_rng(seed).normal(size=(len(movies), dimension)).astype(np.float32)
    return Factors(model, movies, rows)


def _assert_serves(index: MovieIndex, factors: Factors) -> None:
    vector = np.arange(1, factors.vectors.shape[1] + 1, dtype=np.float32)
    found = index.search_by_factors(vector, model=factors.model, filters=Filters(), without=(), depth=100)
    products = dict(zip(factors.movies.tolist(), (factors.vectors @ vector).tolist(), strict=True))
    known = {movie: products[movie] for movie in products if movie in IDS}
    assert dict(zip(found.movies.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(
        known, rel=1e-5, abs=1e-5
    )


def _mapped(store: ElasticStore) -> list[str]:
    index = f"{store.batch.context.alias}-{VERSION}"
    found = store.batch.client.indices.get_mapping(index=index).body[index]["mappings"]["properties"]
    return sorted(name for name in found if name.startswith("factors"))


def test_fields_do_not_grow_with_the_number_of_publications(store: ElasticStore) -> None:
    for seed, model in enumerate(("m1", "m2", "m3", "m4", "m5"), start=1):
        store.publish_factors(_factors(model, seed=seed))
        _assert_serves(store.open(), _factors(model, seed=seed))
    assert _mapped(store) == ["factors_a_16", "factors_a_run", "factors_b_16", "factors_b_run"]


def test_a_movie_keeps_only_the_factors_of_the_two_latest_models(store: ElasticStore) -> None:
    for seed, (model, dimension) in enumerate((("m1", 5), ("m2", 20), ("m3", 40), ("m4", 5)), start=1):
        store.publish_factors(_factors(model, dimension, seed=seed))
        _assert_serves(store.open(), _factors(model, dimension, seed=seed))
    for name, count in (("factors_a_16", 0), ("factors_b_32", 0), ("factors_a_64", 4), ("factors_b_16", 4)):
        query = {"exists": {"field": name}}
        assert store.batch.client.count(index=store.batch.context.alias, query=query)["count"] == count, name


@pytest.mark.slow
def test_searches_and_documents_are_unchanged_once_overwritten_documents_are_gone(settings: Settings) -> None:
    store = ElasticStore(settings)
    build(store)
    index, question = store.open(), Question("waitress in Paris", vector=unit_rows(4)[1], depth=4)
    before, columns = index.candidates(question), _columns(store)
    store.publish_factors(_factors("m1"))
    after = store.open().candidates(question)
    np.testing.assert_array_equal(after.words, before.words)
    np.testing.assert_array_equal(after.cosine, before.cosine)
    assert _columns(store) == columns
    docs = store.batch.client.indices.stats(index=store.batch.context.alias)["_all"]["primaries"]["docs"]
    assert (docs["count"], docs["deleted"]) == (len(MOVIES) + ATTACHED, 0)


def test_an_interrupted_publication_keeps_the_previous_factors_and_the_next_one_repairs(
    store: ElasticStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factor_writes, "CHUNK", 1)
    store.publish_factors(_factors("m1"))

    class Interrupted(np.ndarray[Any, Any]):
        def __getitem__(self, key: Any) -> Any:
            if isinstance(key, slice) and key.start == 2:
                raise KeyboardInterrupt
            return super().__getitem__(key)

    broken = _factors("m2", seed=2)
    with pytest.raises(KeyboardInterrupt):
        store.publish_factors(replace(broken, vectors=broken.vectors.view(Interrupted)))
    alias = store.batch.context.alias
    store.batch.client.indices.refresh(index=alias)
    assert store.batch.client.count(index=alias, query={"exists": {"field": "factors_b_run"}})["count"] in (1, 2)
    _assert_serves(store.open(), _factors("m1"))
    assert store.open().listing(Filters(), sort=Sort.NEWEST, offset=0, size=9).total == len(MOVIES)
    store.publish_factors(_factors("m3", seed=3))
    _assert_serves(store.open(), _factors("m3", seed=3))


def test_a_publication_restores_refreshes_and_removes_its_alias(store: ElasticStore) -> None:
    alias, indices = store.batch.context.alias, store.batch.client.indices
    # The state that a killed run leaves.
    indices.put_settings(index=alias, settings={"index": {"refresh_interval": "-1"}})
    indices.put_alias(index=f"{alias}-{VERSION}", name=f"{alias}-{VERSION}-stamp")
    store.publish_factors(_factors("m1"))
    (settings,) = indices.get_settings(index=alias).body.values()
    assert "refresh_interval" not in settings["settings"]["index"]
    assert not indices.exists_alias(name=f"{alias}-{VERSION}-stamp")


def test_of_two_concurrent_publications_the_overtaken_one_is_rejected(store: ElasticStore) -> None:
    store.publish_factors(_factors("m1"))
    index, meta = published_index.read_one(store.batch, store.batch.context.alias)

    class Overtaken(FactorUpdate):
        def _write(self, *arguments: Any) -> int:
            count = super()._write(*arguments)
            FactorUpdate(store.batch, index, meta, first_pause=0.01).run(_factors("m3", seed=3))
            return count

    with pytest.raises(BuildRejected, match="4 movies were written and 0 are found; another run may be active"):
        Overtaken(store.batch, index, meta, first_pause=0.01).run(_factors("m2", seed=2))
    _assert_serves(store.open(), _factors("m3", seed=3))


def test_movies_outside_the_index_are_neither_counted_nor_created(store: ElasticStore) -> None:
    movies = np.array([*IDS[:2], 999, 2**40], dtype=np.int64)
    assert store.publish_factors(_factors("m1", movies=movies)) == 2
    assert store.batch.client.count(index=store.batch.context.alias, query=ALL_MOVIES)["count"] == len(MOVIES)


def test_a_movie_deleted_between_reading_and_writing_is_ignored(store: ElasticStore) -> None:
    index, meta = published_index.read_one(store.batch, store.batch.context.alias)

    class Losing(FactorUpdate):
        def _updates(self, *arguments: Any) -> Any:
            for update in super()._updates(*arguments):
                if update["_id"] == "348":
                    store.batch.client.delete(index=index, id="348")
                yield update

    assert Losing(store.batch, index, meta, first_pause=0.01).run(_factors("m1")) == 3
    assert store.batch.client.count(index=index, query=ALL_MOVIES)["count"] == 3


def test_publishing_factors_never_creates_an_index(store: ElasticStore) -> None:
    index, meta = published_index.read_one(store.batch, store.batch.context.alias)
    store.batch.client.indices.delete(index=index)
    with pytest.raises(IndexMissing, match="there is no index"):
        FactorUpdate(store.batch, index, meta, first_pause=0.01).run(_factors("m1"))
    assert store.versions() == []


def test_a_publication_whose_alias_disappears_is_rejected(store: ElasticStore) -> None:
    index, meta = published_index.read_one(store.batch, store.batch.context.alias)

    class ShutOut(FactorUpdate):
        def _updates(self, *arguments: Any) -> Any:
            yield from super()._updates(*arguments)
            store.batch.client.indices.delete_alias(index=index, name=f"{index}-stamp")

    with pytest.raises(BuildRejected, match="4 movies could not be written"):
        ShutOut(store.batch, index, meta, first_pause=0.01).run(_factors("m1"))
    assert store.open().factors_version() == ""


def test_an_index_of_another_schema_revision_gets_no_factors(settings: Settings) -> None:
    store = ElasticStore(settings)
    store.begin(replace(describe(VERSION), schema=schema.REVISION + 1))
    store.finish(VERSION)
    store.publish(VERSION)
    with pytest.raises(IndexMissing, match="schema revision"):
        store.publish_factors(_factors("m1"))


def test_a_reader_follows_a_publication_and_keeps_its_cached_movies(store: ElasticStore) -> None:
    now = [0.0]
    index = ElasticIndex(store.batch, clock=lambda: now[0])
    assert index.factors_version() == ""
    assert index.movies([MOVIES[0].id]) == [MOVIES[0]]
    store.publish_factors(_factors("m1"))
    assert index.factors_version() == ""
    now[0] = 1.0
    assert index.factors_version() == "m1"
    _assert_serves(index, _factors("m1"))
    store.batch.client.delete(index=store.batch.context.alias, id=str(MOVIES[0].id), refresh=True)
    assert index.movies([MOVIES[0].id]) == [MOVIES[0]]


def test_several_shards_rank_the_same_movies_as_one(settings: Settings) -> None:
    update = {"elasticsearch_shards": 3, "elasticsearch_index": f"{settings.elasticsearch_index}-s"}
    sharded = ElasticStore(settings.model_copy(update=update), patience=0.0)
    build(sharded)
    for seed, model in enumerate(("m1", "m2", "m3"), start=1):
        assert sharded.publish_factors(_factors(model, seed=seed)) == len(MOVIES)
        _assert_serves(sharded.open(), _factors(model, seed=seed))


@pytest.mark.parametrize("kind", ["int8_hnsw", "bbq_hnsw"])
def test_a_large_index_ranks_nearly_the_same_movies_with_a_graph(settings: Settings, kind: str) -> None:
    settings = settings.model_copy(update={"elasticsearch_vectors": kind})
    store, count = ElasticStore(settings, patience=0.0), 600
    store.begin(describe(VERSION, count=20_000, dimension=64))
    movies = [replace(MOVIES[3], id=MovieId(number)) for number in range(1, count + 1)]
    store.fill(VERSION, (Entry(movie, row) for movie, row in zip(movies, unit_rows(count, 64), strict=True)))
    store.finish(VERSION)
    store.publish(VERSION)
    factors = _factors("m1", 24, movies=np.arange(1, count + 1))
    assert store.publish_factors(factors) == count
    user = np.random.default_rng(9).normal(size=24).astype(np.float32)
    found = store.open().search_by_factors(user, model="m1", filters=Filters(), without=[1, 2], depth=50)
    products = factors.vectors @ user
    best = set((np.argsort(-products[2:])[:50] + 3).tolist())
    assert len(best & set(found.movies.tolist())) >= 48
    np.testing.assert_allclose(found.scores, products[found.movies - 1], atol=1e-4)


def _columns(store: ElasticStore) -> list[dict[str, Any]]:
    """Return every column and the source of every movie."""
    wanted = ["id", "vector", "year", "runtime", "vote_count", "genre*", "rating", "popularity", "language", "*_name"]
    answer = store.batch.client.search(
        index=store.batch.context.alias,
        docvalue_fields=[{"field": name} for name in wanted],
        sort=["id"],
        size=len(entries()),
    )
    return [{"source": hit["_source"], **hit["fields"]} for hit in answer["hits"]["hits"]]
