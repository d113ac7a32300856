"""The shared store: on a real Redis, without one, and with URLs that cannot be used."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import config
from core.errors import InvalidSettings, SharedStoreUnavailable
from data.shared_store.store import SharedStore
from tests import redis_servers
from tests.redis_servers import PASSWORD, RedisServer

NOWHERE = "redis://:pA55word@127.0.0.1:1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_servers.running(tmp_path_factory.mktemp("redis")) as started:
        yield started


@pytest.fixture
def stores(server: RedisServer) -> Iterator[tuple[SharedStore, SharedStore]]:
    """The stores of two web servers."""
    two = (SharedStore(server.url), SharedStore(server.url.replace("redis://", "valkey://")))
    yield two
    for store in two:
        store.close()


@pytest.mark.redis
def test_two_servers_use_one_quota_that_is_regained_evenly(stores: tuple[SharedStore, SharedStore]) -> None:
    def take(store: SharedStore, amount: int = 1) -> tuple[bool, int, int]:
        allowed, full_in, retry_in = store.take("search 192.0.2.1", amount=amount, each=100.0, seconds=300.0)
        return allowed, round(full_in), round(retry_in)

    one, other = stores
    assert take(one) == (True, 100, 0)
    assert take(other) == (True, 200, 0)
    assert take(one, 2) == (False, 200, 100)
    assert take(other) == (True, 300, 0)
    assert take(one) == (False, 300, 100)


@pytest.mark.redis
def test_a_quota_that_is_full_again_is_forgotten(stores: tuple[SharedStore, SharedStore]) -> None:
    one, other = stores
    assert one.take("short", amount=1, each=0.05, seconds=0.05)[0]
    assert not other.take("short", amount=1, each=0.05, seconds=0.05)[0]
    time.sleep(0.1)
    assert not one._client.exists("marquee:quota:short")
    assert other.take("short", amount=1, each=0.05, seconds=0.05)[0]


@pytest.mark.redis
def test_counting_from_many_threads_of_two_servers_loses_nothing(stores: tuple[SharedStore, SharedStore]) -> None:
    allowed: list[bool] = []

    def ask(store: SharedStore) -> None:
        allowed.extend(store.take("many", amount=1, each=100.0, seconds=10_000.0)[0] for _ in range(40))

    threads = [threading.Thread(target=ask, args=[store]) for store in stores * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 100


@pytest.mark.redis
def test_slots_are_shared_given_back_and_end_by_themselves(stores: tuple[SharedStore, SharedStore]) -> None:
    one, other = stores
    slots = [store.enter("streams", most=2, seconds=60) for store in (one, other, one)]
    assert [slot is not None for slot in slots] == [True, True, False]
    assert slots[0] is not None
    one.leave("streams", slots[0])
    assert other.enter("streams", most=2, seconds=60)
    assert one.enter("left", most=1, seconds=1)
    assert not other.enter("left", most=1, seconds=1)
    assert 0 < one._client.pttl("marquee:slots:left") <= 3_000


@pytest.mark.redis
def test_values_are_shared_and_expire(stores: tuple[SharedStore, SharedStore]) -> None:
    one, other = stores
    assert one.get("word") is None
    one.put("word", b"answer", seconds=60)
    assert other.get("word") == b"answer"
    assert 0 < one._client.ttl("marquee:value:word") <= 60


@pytest.mark.redis
def test_an_outage_is_logged_once_with_its_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with redis_servers.running(tmp_path) as server, caplog.at_level(logging.WARNING):
        caplog.clear()
        store = SharedStore(server.url)
        store.check()
        assert not caplog.records
        server.kill()
        for _ in range(3):
            with pytest.raises(SharedStoreUnavailable, match=f"Redis at 127.0.0.1:{server.port} cannot be used"):
                store.check()
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        server.start()
        store.check()
        store.check()
        assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
        assert PASSWORD not in caplog.text
        store.close()


@pytest.mark.redis
def test_a_wrong_password_is_an_outage_that_is_not_quoted(server: RedisServer) -> None:
    store = SharedStore(server.url.replace(PASSWORD, "guessed-wrongly"))
    with pytest.raises(SharedStoreUnavailable) as failure:
        store.check()
    assert "guessed-wrongly" not in str(failure.value)
    assert "password" in str(failure.value).casefold()


def test_a_server_that_accepts_connections_and_says_nothing_delays_a_single_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = SharedStore(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(SharedStoreUnavailable, match="cannot be used: Timeout"):
            store.check()
        with pytest.raises(SharedStoreUnavailable, match="did not respond in time; it is tried again"):
            store.check()
        store.close()


def test_nothing_is_connected_before_the_first_call() -> None:
    store = SharedStore(NOWHERE)
    with pytest.raises(SharedStoreUnavailable, match=r"Redis at 127\.0\.0\.1:1 cannot be used"):
        store.check()


@pytest.mark.parametrize("url", ["redis://127.0.0.1?nonsense=pA55word", "redis://127.0.0.1?socket_timeout=pA55word"])
def test_unknown_options_are_refused_without_quoting_them(url: str) -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_RATE_LIMIT_STORAGE: expected memory://") as failure:
        SharedStore(url)
    assert "pA55word" not in str(failure.value)


@pytest.mark.parametrize("url", ["memcached://127.0.0.1", "redis://", "127.0.0.1:6379", "redis://127.0.0.1:port"])
def test_settings_refuse_what_is_no_redis_server(url: str) -> None:
    with pytest.raises(InvalidSettings, match=r"MARQUEE_RATE_LIMIT_STORAGE: .*expected memory://, redis://host"):
        config.load({"MARQUEE_RATE_LIMIT_STORAGE": url})


@pytest.mark.parametrize(
    ("scheme", "secure"), [("redis", False), ("rediss", True), ("valkey", False), ("valkeys", True)]
)
def test_settings_accept_redis_and_valkey_with_and_without_tls(scheme: str, secure: bool) -> None:
    settings = config.load({"MARQUEE_RATE_LIMIT_STORAGE": f"{scheme}://:pA55word@host:6380/1"})
    store = SharedStore(settings.rate_limit_storage.get_secret_value())
    assert store.location == "host:6380"
    assert type(store.pool.make_connection()).__name__ == ("SSLConnection" if secure else "Connection")


def test_a_missing_client_is_reported_with_what_installs_it() -> None:
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "from data.shared_store.store import SharedStore\n"
        "try: SharedStore('redis://127.0.0.1')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "InvalidSettings MARQUEE_RATE_LIMIT_STORAGE: Redis requires its client" in ended.stdout
    assert "pip install 'marquee[redis]'" in ended.stdout
