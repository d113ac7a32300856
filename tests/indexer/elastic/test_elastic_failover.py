"""A real cluster of three nodes, one of which dies during searches."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from core.config import Settings
from core.ports import Question
from indexer.elastic import ElasticStore
from tests.indexer.elastic import clusters
from tests.indexer.elastic.clusters import Cluster
from tests.indexer.elastic.conftest import build, unit_rows

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Three nodes."""
    with clusters.started("--nodes", "3", "--heap", "256m") as cluster:
        yield cluster


def test_search_continues_when_a_node_dies(cluster: Cluster) -> None:
    hosts = ",".join(f"http://127.0.0.1:{cluster.port + node}" for node in range(3))
    more = {"elasticsearch_shards": 2, "elasticsearch_replicas": 1, "elasticsearch_timeout": 10.0}
    store = ElasticStore(Settings.model_validate({"elasticsearch_url": hosts, **more}), interactive=True)
    build(store)
    store.batch.client.cluster.health(wait_for_status="green", timeout="30s")
    index = store.open()
    question = Question(words="waitress colony", vector=unit_rows(4)[0])
    before = index.candidates(question)
    cluster.kill(1)
    for _attempt in range(20):
        after = index.candidates(question)
        assert after.ids.tolist() == before.ids.tolist()
        assert after.words.tolist() == pytest.approx(before.words.tolist())
        time.sleep(0.1)


def test_a_hanging_node_of_three_costs_one_attempt(cluster: Cluster) -> None:
    hosts = ",".join(f"http://127.0.0.1:{cluster.port + node}" for node in range(3))
    more = {"elasticsearch_shards": 2, "elasticsearch_replicas": 1, "elasticsearch_timeout": 15.0}
    store = ElasticStore(Settings.model_validate({"elasticsearch_url": hosts, **more}), interactive=True)
    build(store)
    store.batch.client.cluster.health(wait_for_status="green", timeout="30s")
    index = store.open()
    question = Question(words="waitress colony", vector=unit_rows(4)[0])
    before = index.candidates(question).ids.tolist()
    with cluster.stopped(1):
        for _attempt in range(10):
            assert index.candidates(question).ids.tolist() == before
