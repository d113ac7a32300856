"""Facts about a cluster: a real one, one whose user may ask nothing, and none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.config import Settings
from core.errors import SearchUnavailable
from indexer.elastic.cluster import client, inspection
from tests.indexer.elastic import stub
from tests.indexer.elastic.stub import Answer

DENIED = {"error": {"type": "security_exception", "reason": "unauthorized for user [web]"}, "status": 403}


def connection(url: str) -> client.Connection:
    return client.connect(Settings(elasticsearch_url=(url,)), batch=False)


@pytest.mark.elasticsearch
def test_a_real_cluster_tells_version_health_disk_and_time(elasticsearch_url: str) -> None:
    found = connection(elasticsearch_url)
    state = inspection.inspect(found)
    assert state.version.startswith("9.")
    assert state.health in ("green", "yellow", "red")
    assert state.disk in ("green", "yellow", "red")
    assert state.nodes >= 1
    time = inspection.clock(found)
    assert time is not None
    assert abs(time - datetime.now(UTC)) < timedelta(days=1000), "time zone and unit are right"


def test_what_the_user_may_not_ask_is_unknown() -> None:
    with stub.serve(Answer(403, DENIED)) as port:
        found = connection(f"http://ann:password-1@127.0.0.1:{port}")
        state = inspection.inspect(found)
        assert (state.version, state.health, state.disk) == ("", "", "")
        assert state.address == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("answer", [Answer(200, {}), Answer(403, DENIED)])
def test_the_header_of_a_proxy_tells_the_time_even_to_a_user_who_may_ask_nothing(answer: Answer) -> None:
    with stub.serve(answer) as port:  # which sends a header `Date`, as proxies do
        time = inspection.clock(connection(f"http://127.0.0.1:{port}"))
    assert time is not None
    assert abs(time - datetime.now(UTC)) < timedelta(days=1)


def test_a_stopped_cluster_is_reported() -> None:
    with pytest.raises(SearchUnavailable, match=r"does not respond at http://127\.0\.0\.1:1"):
        inspection.inspect(connection("http://127.0.0.1:1"))
