"""Versions in a real Elasticsearch: drafted, published, followed, pruned."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.config import Settings
from core.errors import BuildRejected, IndexMissing, InvalidRequest, NotFound
from core.ports import Changes, Entry, Question
from core.types import Filters, MovieId, Sort
from indexer import schema
from indexer.elastic import ElasticStore, mapping
from indexer.elastic.published_index import ElasticIndex
from tests.indexer.elastic.conftest import MOVIES, VERSIONS, build, describe, entries, unit_rows

pytestmark = pytest.mark.elasticsearch

FIRST, SECOND, THIRD = VERSIONS
PARIS = Question(words="waitress in Paris")


def test_a_draft_is_not_a_version_and_not_readable(store: ElasticStore) -> None:
    store.begin(describe(FIRST))
    store.fill(FIRST, entries())
    assert store.versions() == []
    assert store.published() is None
    with pytest.raises(ValueError, match="not finished"):
        store.publish(FIRST)


def test_a_version_has_the_metadata_it_was_created_with(store: ElasticStore) -> None:
    build(store)
    assert store.versions() == [FIRST]
    assert store.published() == FIRST
    found = store.open().info()
    assert replace(found, storage="") == describe(FIRST)
    assert found.storage == "vectors flat (searched exactly), 1 shard"


def test_movies_and_vectors_are_read_back_unchanged(movies: ElasticStore) -> None:
    index = movies.open()
    ids = [MOVIES[2].id, MovieId(999), MOVIES[0].id]
    assert index.movies(ids) == [MOVIES[2], MOVIES[0]]
    rows = unit_rows(4)
    assert np.array_equal(index.vectors([MOVIES[2].id, MOVIES[0].id]), rows[[2, 0]])
    with pytest.raises(NotFound, match="no movie has the id 999"):
        index.vectors(ids)


def test_the_movies_of_a_search_are_read_once(store: ElasticStore) -> None:
    build(store)
    index = store.open()
    index.candidates(PARIS)
    index.movies([MOVIES[0].id])
    store.batch.client.indices.close(index=f"{store.batch.context.alias}-{FIRST}")
    assert index.movies([MOVIES[0].id]) == [MOVIES[0]]


def test_cosines_are_exact(movies: ElasticStore) -> None:
    rows = unit_rows(4)
    found = movies.open().candidates(Question(words="waitress", vector=rows[1], depth=2))
    expected = {movie.id: float(row @ rows[1]) for movie, row in zip(MOVIES, rows, strict=True)}
    assert {194, 7, 679} <= set(found.ids.tolist())
    assert np.allclose(found.cosine, [expected[MovieId(movie)] for movie in found.ids.tolist()], atol=1e-6)


def test_a_second_build_replaces_the_first_atomically(store: ElasticStore) -> None:
    build(store)
    index, failures, stop = store.open(), list[BaseException](), threading.Event()
    reader = threading.Thread(target=_read_until, args=(stop, index.info, failures))
    reader.start()
    build(store, SECOND)
    stop.set()
    reader.join()
    assert failures == []
    assert store.versions() == [FIRST, SECOND]
    assert store.published() == SECOND


def test_a_reader_follows_publications(store: ElasticStore) -> None:
    build(store)
    now = [0.0]
    index = ElasticIndex(store.batch, clock=lambda: now[0])
    assert index.info().version == FIRST
    build(store, SECOND)
    assert index.info().version == FIRST
    now[0] = 1.0
    assert index.info().version == SECOND


def test_a_reader_of_a_pruned_version_switches_at_once(store: ElasticStore) -> None:
    build(store)
    index = ElasticIndex(store.batch, clock=lambda: 0.0)
    assert index.info().version == FIRST
    build(store, SECOND)
    store.delete(FIRST)
    assert len(index.candidates(PARIS)) == 2
    assert index.info().version == SECOND


def test_a_rollback_publishes_the_previous_version_again(store: ElasticStore) -> None:
    build(store)
    build(store, SECOND)
    store.publish(FIRST)
    assert store.open().info().version == FIRST


def test_the_published_version_cannot_be_deleted(store: ElasticStore) -> None:
    build(store)
    with pytest.raises(ValueError, match="is published"):
        store.delete(FIRST)
    assert store.versions() == [FIRST]


def test_a_version_can_be_created_once(store: ElasticStore) -> None:
    build(store)
    with pytest.raises(BuildRejected, match=f"version {FIRST} already exists"):
        store.begin(describe(FIRST))


def test_drafts_of_a_killed_build_are_deleted(store: ElasticStore, settings: Settings) -> None:
    build(store)
    killed = ElasticStore(settings)
    killed.begin(describe(SECOND))
    killed.fill(SECOND, entries()[:1])
    killed.delete(SECOND)
    index = killed._index(SECOND)  # a draft whose process has ended
    body = mapping.create(describe(SECOND), alias=settings.elasticsearch_index, shards=1, builder={})
    store.batch.client.indices.create(index=index, **body)
    store.begin(describe(THIRD))
    assert store.remove_abandoned() == [SECOND]
    assert store.remove_abandoned() == []
    assert store.published() == FIRST


def test_what_a_build_left_that_was_killed_while_copying_is_undone(store: ElasticStore) -> None:
    build(store)
    source = f"{store.batch.context.alias}-{FIRST}"
    copy = f"{store.batch.context.alias}-{SECOND}"
    indices = store.batch.client.indices
    indices.add_block(index=source, block="write")
    indices.clone(index=source, target=copy)
    assert store.versions() == [FIRST]  # the copy still has the metadata of its source
    assert store.remove_abandoned() == []
    assert not indices.exists(index=copy)
    assert store.begin(describe(THIRD), changes=Changes(FIRST, frozenset(), ()))
    store.delete(THIRD)
    assert indices.get_settings(index=source, name="index.blocks.write").body.get(source, {}).get("settings") in (
        {},
        None,
    )


def test_a_version_is_not_copied_into_another_way_to_store_vectors(store: ElasticStore, settings: Settings) -> None:
    build(store)
    changes = Changes(FIRST, frozenset(movie.id for movie in MOVIES), ())
    for update in ({"elasticsearch_vectors": "hnsw"}, {"elasticsearch_shards": 2}):
        other = ElasticStore(settings.model_copy(update=update))
        assert not other.begin(describe(SECOND), changes=changes)
        other.delete(SECOND)
    assert not store.begin(describe(SECOND), changes=Changes("unknown", frozenset(), ()))


def test_versions_of_another_alias_are_ignored(store: ElasticStore, settings: Settings) -> None:
    other = ElasticStore(settings.model_copy(update={"elasticsearch_index": f"{settings.elasticsearch_index}-b"}))
    build(other)
    assert store.versions() == []
    assert store.remove_abandoned() == []


def test_movies_never_create_an_index(store: ElasticStore) -> None:
    store.begin(describe(FIRST))
    store.delete(FIRST)
    with pytest.raises(ValueError, match="not a draft of this store"):
        store.fill(FIRST, entries())
    store.begin(describe(FIRST))
    store.batch.client.indices.delete(index=f"{store.batch.context.alias}-{FIRST}")
    with pytest.raises(BuildRejected, match="4 movies could not be written"):
        store.fill(FIRST, entries())
    assert store.versions() == []
    assert not store.batch.client.indices.exists(index=f"{store.batch.context.alias}-{FIRST}")


def test_movies_that_cannot_be_written_are_reported_with_the_reason(store: ElasticStore) -> None:
    store.begin(describe(FIRST))
    good, bad = entries()[:2]
    with pytest.raises(BuildRejected, match=r"1 movies could not be written:\n  movie 679: .*unit-length"):
        store.fill(FIRST, [good, Entry(bad.movie, bad.vector * 3)])


def test_a_duplicate_movie_is_rejected(store: ElasticStore) -> None:
    store.begin(describe(FIRST))
    with pytest.raises(
        BuildRejected, match=r"movie 348 \(Alien\) cannot be written: its id occurs twice in the catalogue"
    ):
        store.fill(FIRST, [entries()[0], entries()[0]])


def test_a_vector_of_another_length_is_rejected(store: ElasticStore) -> None:
    store.begin(describe(FIRST))
    with pytest.raises(BuildRejected, match=r"its vector has the shape \(3,\), expected \(8,\)"):
        store.fill(FIRST, [Entry(MOVIES[0], np.ones(3, dtype=np.float32))])


def test_an_index_of_another_schema_revision_is_not_read(store: ElasticStore) -> None:
    store.begin(replace(describe(FIRST), schema=schema.REVISION + 1))
    store.finish(FIRST)
    with pytest.raises(IndexMissing, match=f"revision {schema.REVISION + 1}, expected {schema.REVISION}"):
        store.open(FIRST)


def test_an_index_not_built_by_marquee_is_not_read(store: ElasticStore) -> None:
    alias = store.batch.context.alias
    store.batch.client.indices.create(index=f"{alias}-own", aliases={alias: {}}, mappings={"_meta": {"a": 1}})
    with pytest.raises(IndexMissing, match=r"was not built by Marquee; build it with `marquee index`"):
        store.open().info()


def test_nothing_is_listed_beyond_the_window(movies: ElasticStore) -> None:
    index = movies.open()
    assert index.listing(Filters(), sort=Sort.NEWEST, offset=9_990, size=10).total == 4
    with pytest.raises(InvalidRequest, match="results end at rank 10000"):
        index.listing(Filters(), sort=Sort.NEWEST, offset=9_991, size=10)


def test_several_shards_give_the_same_scores_as_one(movies: ElasticStore, settings: Settings) -> None:
    update = {"elasticsearch_shards": 3, "elasticsearch_index": f"{settings.elasticsearch_index}-s"}
    sharded = ElasticStore(settings.model_copy(update=update))
    build(sharded)
    question = Question(words="waitress colony ship", vector=unit_rows(4)[0], depth=2)
    one, three = movies.open().candidates(question), sharded.open().candidates(question)
    assert three.ids.tolist() == one.ids.tolist()
    assert np.allclose(three.words, one.words)
    assert np.allclose(three.cosine, one.cosine, atol=1e-6)
    assert three.words_best == pytest.approx(one.words_best)


@pytest.mark.parametrize("kind", ["auto", "hnsw", "int8_hnsw", "bbq_hnsw"])
@pytest.mark.parametrize("shards", [1, 3])
def test_a_large_index_finds_nearly_the_same_with_a_graph(settings: Settings, kind: str, shards: int) -> None:
    update = {"elasticsearch_vectors": kind, "elasticsearch_shards": shards, "elasticsearch_hnsw_links": 12}
    store, rows = ElasticStore(settings.model_copy(update=update), first_pause=0.01), unit_rows(600, 64)
    store.begin(describe(FIRST, count=20_000, dimension=64))
    movies = [replace(MOVIES[3], id=MovieId(number)) for number in range(1, 601)]
    store.fill(FIRST, (Entry(movie, row) for movie, row in zip(movies, rows, strict=True)))
    store.finish(FIRST)
    index = store.open(FIRST)
    found = index.candidates(Question(vector=rows[0], depth=50))
    cosines = rows @ rows[0]
    nearest = set((np.argsort(-cosines)[:50] + 1).tolist())
    # Random vectors have no structure that one bit per number could keep; real ones lose far less.
    assert len(nearest & set(found.ids.tolist())) >= (40 if kind == "bbq_hnsw" else 48)
    # The scores are those of the whole vectors, whatever the graph was built from.
    assert np.allclose(found.cosine, cosines[found.ids - 1], atol=1e-5)
    mapped = store.batch.client.indices.get_mapping(index=index.index).body  # type: ignore[attr-defined]
    options = next(iter(mapped.values()))["mappings"]["properties"]["vector"]["index_options"]
    assert options["type"] == {"auto": "int8_hnsw"}.get(kind, kind)
    assert (options["m"], options["ef_construction"]) == (12, 200)
    assert f"{options['type']} (m=12" in index.info().storage
    assert f"{shards} shard" in index.info().storage


def test_a_small_index_can_have_a_graph_and_a_large_one_none(settings: Settings) -> None:
    for kind, count in (("hnsw", 4), ("flat", 20_000)):
        store = ElasticStore(settings.model_copy(update={"elasticsearch_vectors": kind}))
        store.begin(describe(FIRST, count=count))
        store.fill(FIRST, entries())
        store.finish(FIRST)
        found = store.open(FIRST).candidates(Question(vector=unit_rows(4)[0], depth=4))
        assert len(found) == 4
        assert f"vectors {kind}" in store.open(FIRST).info().storage
        store.delete(FIRST)


def test_filters_apply_before_candidates_are_truncated(movies: ElasticStore) -> None:
    index = movies.open()
    rows = unit_rows(4)
    for filters, expected in (
        (Filters(language="fr"), [194]),
        (Filters(genres=("science fiction",)), [348, 679]),
        (Filters(year_to=2100), [194, 348, 679]),
        (Filters(person="sigourney weaver", year_from=1980), [679]),
    ):
        found = index.candidates(Question(words="waitress", vector=rows[3], filters=filters, depth=3))
        assert found.ids.tolist() == expected
        assert found.words_best > 0


def test_a_movie_named_by_the_query_joins_with_both_scores(movies: ElasticStore) -> None:
    index = movies.open()
    found = index.candidates(Question(words="ridley scott", vector=unit_rows(4)[1], name="ridley scott", depth=1))
    place = found.ids.tolist().index(348)
    assert found.match[place] == 4
    assert found.words[place] > 0
    assert not np.isnan(found.cosine[place])


def test_a_typo_in_names_and_words_is_tolerated(movies: ElasticStore) -> None:
    index = movies.open()
    assert [found.text for found in index.suggest("amel", limit=3)] == ["Amélie"]
    assert [found.text for found in index.suggest("sigounrey", limit=3)] == ["Sigourney Weaver"]
    assert index.suggest("xyzzy", limit=3) == []
    found = index.correct(["waitress", "alein", "the", "zzz"])
    assert {word: correction.word for word, correction in found.items()} == {"alein": "alien"}


def test_query_syntax_in_a_text_has_no_effect(movies: ElasticStore) -> None:
    index = movies.open()
    for text in ("AND (", "*", "title:alien", "'; DROP TABLE films", "<b>", "\x00\x1b", "\u202eنص", "😀", "a" * 5_000):
        index.candidates(Question(words=text, vector=unit_rows(1)[0], name=text[:50]))
        index.suggest(text, limit=3)
        index.correct([text])


def _read_until(stop: threading.Event, read: Callable[[], object], failures: list[BaseException]) -> None:
    while not stop.is_set():
        try:
            read()
        except (IndexMissing, KeyError, ValueError) as error:
            failures.append(error)
