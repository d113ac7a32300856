"""Merging the segments of an index in a real Elasticsearch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.config import Settings
from core.ports import Entry
from core.types import MovieId
from indexer.elastic import ElasticStore
from indexer.elastic.cluster import client, merges
from indexer.elastic.cluster.client import Connection
from tests.indexer.elastic.conftest import MOVIES, VERSIONS, describe, unit_rows

pytestmark = pytest.mark.elasticsearch

SHARDS, WRITTEN = 2, 20


@pytest.fixture
def connection(settings: Settings) -> Connection:
    """A connection for batch work."""
    return client.connect(settings, batch=True)


@pytest.fixture
def index(connection: Connection, settings: Settings) -> Iterator[str]:
    """An index of two shards, with a segment for each refresh."""
    name = f"{settings.elasticsearch_index}-segments"
    indices = connection.client.indices
    indices.create(index=name, settings={"number_of_shards": SHARDS, "number_of_replicas": 0, "refresh_interval": "-1"})
    for number in range(WRITTEN):
        connection.client.index(index=name, id=str(number), document={"number": number}, refresh=True)
    yield name
    indices.delete(index=name, ignore_unavailable=True)


def segments(connection: Connection, index: str) -> list[int]:
    """Return the number of segments of each shard."""
    shards = connection.client.indices.stats(index=index, level="shards").body["indices"][index]["shards"]
    return sorted(copy["segments"]["count"] for shard in shards.values() for copy in shard)


@pytest.mark.parametrize("wanted", [1, 2])
def test_each_shard_is_merged_to_some_segments(connection: Connection, index: str, wanted: int) -> None:
    assert min(segments(connection, index)) > wanted
    merges.tidy(connection, index, segments=wanted, patience=0.0)
    assert segments(connection, index) == [wanted] * SHARDS
    assert connection.client.count(index=index)["count"] == WRITTEN


def test_none_are_merged_if_elasticsearch_decides(connection: Connection, index: str) -> None:
    before = segments(connection, index)
    merges.tidy(connection, index, segments=0, patience=0.0)
    assert segments(connection, index) == before


def test_an_index_that_cannot_be_merged_is_only_logged(
    connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        merges.tidy(connection, "marquee-missing", segments=1, patience=0.0)
    assert "the segments of marquee-missing were not merged" in caplog.text


@pytest.mark.parametrize(("setting", "expected"), [(1, 1), (0, 3)])
def test_a_build_with_a_graph_merges_as_the_setting_says(settings: Settings, setting: int, expected: int) -> None:
    own = settings.model_copy(update={"elasticsearch_vectors": "hnsw", "elasticsearch_segments": setting})
    store, version, rows = ElasticStore(own, first_pause=0.01), VERSIONS[0], unit_rows(30, 64)
    store.begin(describe(version, count=20_000, dimension=64))
    entries = [Entry(replace(MOVIES[3], id=MovieId(number)), row) for number, row in enumerate(rows, start=1)]
    index = f"{own.elasticsearch_index}-{version}"
    for start in range(0, 30, 10):
        store.fill(version, entries[start : start + 10])
        store.batch.client.indices.refresh(index=index)
    store.finish(version)
    # Those of attachments are too small to stay by themselves.
    assert segments(store.batch, index)[0] in ({1} if setting else {expected, expected + 1})
    store.delete(version)
