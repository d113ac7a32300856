"""Two real servers that count together in a real Redis, and go on without it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests import redis_servers
from tests.marquee.processes import Site, free_port
from tests.marquee.test_metrics import value
from tests.marquee.test_serving import Clients, Running, served, until
from tests.redis_servers import PASSWORD, RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.redis]
Hosts = tuple[RedisServer, int, tuple[Running, Running]]


@pytest.fixture
def hosts(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Redis, the port of the first server's metrics, and two servers with one database."""
    port = free_port()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_servers.running(tmp_path))
        settings = {
            "secret_key": "k" * 40,
            "database_url": f"sqlite:///{tmp_path / 'people.sqlite'}",
            "drain_seconds": "0",
            "rate_limit_storage": redis.url,
        }
        first = stack.enter_context(served(tmp_path_factory, **settings, metrics_port=str(port)))
        yield redis, port, (first, stack.enter_context(served(tmp_path_factory, **settings)))


def guess(server: Running) -> int:
    """Return the status of an attempt with a wrong password."""
    body = {"account": "Ada", "password": "wrong horse", "name": "mine", "scopes": ["read"]}
    with closing(http.client.HTTPConnection("127.0.0.1", server.site.port, timeout=60)) as connection:
        connection.request("POST", "/api/tokens", json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status


def test_the_21st_wrong_password_is_refused_whichever_of_two_servers_gets_it(hosts: Hosts) -> None:
    _, _, servers = hosts
    assert [guess(servers[number % 2]) for number in range(20)] == [401] * 20
    assert [guess(server) for server in servers] == [429, 429]


def test_pages_are_answered_while_redis_is_killed_and_each_process_counts_by_itself(hosts: Hosts) -> None:
    redis, port, (first, second) = hosts
    assert value(port, "marquee_part_up", part="limits") == 1
    with Clients(first, "/api/search?q=robot").working(2) as clients:
        clients.wait_for(30)
        redis.kill()
        clients.wait_for(60)
    assert not clients.failures
    assert set(clients.statuses) == {200}
    until(lambda: value(port, "marquee_part_up", part="limits") == 0)
    state = json.loads(first.site.get("/health/ready"))
    assert list(state["degraded"]) == ["limits"]
    assert [guess(first) for _ in range(21)] == [401] * 20 + [429]
    assert guess(second) == 401
    redis.start()
    until(lambda: value(port, "marquee_part_up", part="limits") == 1)
    log = first.log.read_text(encoding="utf-8")
    assert log.count("each process counts by itself") == 1
    assert log.count("responds again") == 1
    assert PASSWORD not in log


def test_a_server_starts_without_redis_and_says_so(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    redis = RedisServer(tmp_path)
    with served(tmp_path_factory, rate_limit_storage=redis.url, drain_seconds="0") as server:
        log = server.log.read_text(encoding="utf-8")
        assert f"Redis at 127.0.0.1:{redis.port} cannot be used" in log
        assert PASSWORD not in log
        assert server.get("/search?q=robot")[0] == 200


def test_a_server_does_not_start_without_the_client_of_redis(tmp_path: Path) -> None:
    site = Site(tmp_path, free_port(), {"MARQUEE_RATE_LIMIT_STORAGE": "redis://:pA55word@127.0.0.1:1"})
    ended = site.without("redis").call("serve")
    assert ended.returncode != 0
    assert "marquee[redis]" in ended.stderr
    assert "pA55word" not in ended.stderr
