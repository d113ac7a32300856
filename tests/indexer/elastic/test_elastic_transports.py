"""How often and how long a cluster is asked: patiently by batch work, within the time of a request by pages."""

from __future__ import annotations

import socket
import time

import pytest

from core.config import Settings
from core.errors import DeadlineExceeded, SearchUnavailable
from core.limits import deadline
from core.ports import Question
from core.types import MovieId
from indexer.elastic import ElasticStore
from indexer.elastic.cluster import client
from indexer.elastic.cluster.client import BATCH_RETRIES, QUICK_FAILURES
from tests.indexer.elastic.stub import Answer, serve

BUSY = Answer(429, {"error": {"type": "es_rejected_execution_exception", "reason": "full"}})
STARTING = Answer(503, {"error": {"type": "cluster_block_exception", "reason": "no master"}})
SLOW = Answer(delay=60)
NOTHING = Answer()


def settings(*ports: int, **more: object) -> Settings:
    """Return settings for servers at these ports."""
    hosts = [f"http://127.0.0.1:{port}" for port in ports]
    return Settings.model_validate({"elasticsearch_url": hosts, "elasticsearch_index": "films", **more})


def batch(port: int, **more: object) -> ElasticStore:
    """Return a store whose batch work pauses for milliseconds."""
    return ElasticStore(settings(port, **more), first_pause=0.001)


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize("trouble", [BUSY, STARTING])
def test_batch_work_waits_for_a_busy_cluster(trouble: Answer) -> None:
    asked: list[str] = []
    with serve(*[trouble] * 4, NOTHING, asked=asked) as port:
        assert batch(port).versions() == []
    assert len(asked) == 5


def test_batch_work_repeats_what_timed_out_and_gives_up_in_the_end() -> None:
    asked: list[str] = []
    with serve(NOTHING, SLOW, SLOW, NOTHING, asked=asked) as port:
        store = batch(port, elasticsearch_batch_timeout=0.1)
        assert store.versions() == []
        assert store.versions() == []
    assert len(asked) == 4
    asked.clear()
    with serve(BUSY, asked=asked) as port, pytest.raises(SearchUnavailable, match="overloaded"):
        batch(port).versions()
    assert len(asked) == 1 + BATCH_RETRIES


def test_batch_work_does_not_wait_for_a_server_that_never_responded() -> None:
    store = ElasticStore(settings(closed_port()), first_pause=60.0)  # a pause would exceed every time-out of tests
    with pytest.raises(SearchUnavailable, match="does not respond"):
        store.versions()


def test_what_is_read_by_builds_and_jobs_is_batch_work() -> None:
    asked: list[str] = []
    with serve(BUSY, BUSY, NOTHING, asked=asked) as port, pytest.raises(SearchUnavailable, match="there is no index"):
        batch(port, elasticsearch_timeout=0.001).open().info()
    assert len(asked) == 3


def test_pages_ask_once_and_soon_leave_a_failing_cluster_alone() -> None:
    asked: list[str] = []
    with serve(STARTING, asked=asked) as port:
        index = ElasticStore(settings(port), interactive=True).open()
        for _ in range(QUICK_FAILURES):
            with pytest.raises(SearchUnavailable, match="503"):
                index.info()
        with pytest.raises(SearchUnavailable, match="tried again every few seconds"):
            index.info()
    assert len(asked) == QUICK_FAILURES


def test_faulty_requests_do_not_count_as_failures_of_the_cluster() -> None:
    with serve(Answer(400, {"error": {"type": "parsing_exception", "reason": "odd"}})) as port:
        index = ElasticStore(settings(port), interactive=True).open()
        for _ in range(2 * QUICK_FAILURES):
            with pytest.raises(SearchUnavailable, match="parsing_exception"):
                index.info()


def test_no_call_of_a_page_lasts_longer_than_the_request() -> None:
    with serve(SLOW) as port:
        index = ElasticStore(settings(port, elasticsearch_timeout=50), interactive=True).open()
        with (
            deadline.until(time.monotonic() + 0.1),
            pytest.raises(SearchUnavailable, match=r"time that was left .* MARQUEE_REQUEST_TIMEOUT"),
        ):
            index.info()


def test_nothing_is_asked_once_the_time_is_used_up() -> None:
    asked: list[str] = []
    with serve(NOTHING, asked=asked) as port:
        index = ElasticStore(settings(port), interactive=True).open()
        for call in (index.info, lambda: index.candidates(Question(words="war")), lambda: index.movies([MovieId(1)])):
            with deadline.until(time.monotonic()), pytest.raises(DeadlineExceeded):
                call()
    assert asked == []


def test_a_second_node_is_asked_only_while_there_is_time() -> None:
    first: list[str] = []
    second: list[str] = []
    with serve(SLOW, asked=first) as one, serve(SLOW, asked=second) as other:
        connection = client.connect(settings(one, other, elasticsearch_timeout=50), batch=False)
        with deadline.until(time.monotonic() + 0.2), pytest.raises(SearchUnavailable, match="time that was left"):
            ElasticStore(settings(one, other, elasticsearch_timeout=50), interactive=True).open().info()
        assert connection.nodes is not None
    assert len(first) + len(second) == 1


def test_a_node_that_refuses_is_replaced_at_once() -> None:
    with serve(NOTHING) as port:
        index = ElasticStore(settings(closed_port(), port), interactive=True).open()
        for _ in range(4):
            with pytest.raises(SearchUnavailable, match="there is no index"):
                index.info()
