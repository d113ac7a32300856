"""`marquee serve` as a real process over the sample index: slow and impatient clients, signals, and killed workers."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import sample
from tests.marquee.processes import Site, children, free_port

PATIENCE = 120.0
"""Seconds after which a test gives up."""
CLIENTS = 4
"""Clients that a worker serves at the same time, so that none has to wait."""
TARGET = 16 * 1024 * 1024

pytestmark = pytest.mark.slow


@dataclass
class Running:
    """A running server."""

    site: Site
    process: int
    log: Path

    def get(self, path: str, *, timeout: float = PATIENCE) -> tuple[int, dict[str, str]]:
        """Return status and headers of a page."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=timeout)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.site.port), timeout=PATIENCE)

    def workers(self) -> set[int]:
        """Return the processes of the workers."""
        return {int(child) for child in children(self.process)}

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the master process."""
        os.kill(self.process, number)


@dataclass
class Clients:
    """Clients that open one page after the other, each on a connection of its own or on one that is kept."""

    server: Running
    path: str = "/api/genres"
    statuses: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def working(self, number: int = CLIENTS) -> Iterator[Clients]:
        """Open pages meanwhile."""
        threads = [threading.Thread(target=self._work, args=[bool(one % 2)]) for one in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(PATIENCE)

    def wait_for(self, answers: int) -> None:
        """Wait for more answers."""
        wanted = len(self.statuses) + answers
        until(lambda: len(self.statuses) >= wanted)

    def _work(self, keeps: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._stop.is_set():
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.server.site.port, timeout=PATIENCE)
            try:
                connection.request("GET", self.path)
                answer = connection.getresponse()
                answer.read()
                self.statuses.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
                connection = None
            else:
                if not keeps or answer.will_close:
                    connection.close()
                    connection = None


def _send(connection: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        connection.sendall(data)


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it never was"
        time.sleep(0.05)


@contextmanager
def served(tmp_path_factory: pytest.TempPathFactory, **settings: str) -> Iterator[Running]:
    """Run a server over the sample index."""
    home = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home
    site = Site(home, free_port(), {f"MARQUEE_{name.upper()}": value for name, value in settings.items()})
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as file, site.running("serve", log=file) as process:
        server = Running(site, process.pid, log)
        until(lambda: server.get("/api/genres")[0] == 200)
        yield server
        if process.poll() is None:
            process.terminate()
            assert process.wait(PATIENCE) == 0, log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with two workers."""
    with served(tmp_path_factory, workers="2", drain_seconds="1") as server:
        until(lambda: len(server.workers()) == 2)
        yield server


def test_100_slow_clients_delay_nobody_and_are_disconnected(two: Running) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(two.connect())) for _ in range(100)]
        for number, connection in enumerate(slow):
            body = b"POST /api/search HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " if number % 2 else body)
        with Clients(two, "/api/search?q=robot").working() as clients:
            clients.wait_for(40)
        assert two.get("/health/live")[0] == 200
        ends = {connection.recv(12) for connection in slow}
    assert clients.failures == []
    assert set(clients.statuses) == {200}
    assert ends == {b"", b"HTTP/1.1 408"}


def test_an_endless_request_line_is_refused_and_logged_in_part(two: Running) -> None:
    with closing(two.connect()) as connection:
        line = threading.Thread(target=_send, args=[connection, b"GET /" + b"a" * TARGET])
        line.start()  # ends early: the server closes the connection with most of the line unread
        line.join(PATIENCE)
        assert not line.is_alive()
    assert two.get("/" + "b" * 9_000)[0] == 414
    logged = two.log.read_text()
    assert "a" * 501 not in logged
    assert "b" * 499 in logged
    assert "b" * 500 not in logged


def test_a_killed_worker_costs_the_requests_that_it_had_and_no_others(two: Running) -> None:
    workers = two.workers()
    with Clients(two).working() as clients:
        clients.wait_for(50)
        os.kill(min(workers), signal.SIGKILL)
        clients.wait_for(200)
        until(lambda: len(two.workers() - workers) == 1)
        clients.wait_for(50)
    assert len(clients.failures) <= CLIENTS
    assert set(clients.statuses) == {200}


def test_sighup_replaces_the_workers_without_a_failed_request(two: Running) -> None:
    workers = two.workers()
    with Clients(two).working() as clients:
        clients.wait_for(50)
        two.signal(signal.SIGHUP)
        until(lambda: not workers & two.workers())
        clients.wait_for(50)
        assert two.get("/health/ready")[0] == 200
    assert clients.failures == []
    assert set(clients.statuses) == {200}
    assert len(two.workers()) == 2


def test_sigterm_reports_unreadiness_first_and_resets_no_connection(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory, threads="12", drain_seconds="3") as server:
        with Clients(server).working(12) as clients:
            clients.wait_for(50)
            server.signal(signal.SIGTERM)
            until(lambda: server.get("/health/ready")[0] == 503)
            assert server.get("/health/live")[0] == 200
            clients.wait_for(50)
        assert clients.failures == []
        assert set(clients.statuses) == {200}
        _, headers = server.get("/api/genres")
        assert headers["connection"] == "close"


def test_workers_are_replaced_after_their_number_of_requests(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory, workers="2", max_requests="150", drain_seconds="1") as server:
        until(lambda: len(server.workers()) == 2)
        first = server.workers()
        with Clients(server).working() as clients:
            until(lambda: not first <= server.workers())
        assert clients.failures == []


def test_every_line_of_a_server_is_json_if_the_operator_wants_that(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory, log_format="json") as server:
        _, headers = server.get("/api/genres")
        os.kill(min(server.workers()), signal.SIGKILL)  # which Gunicorn reports
        until(lambda: '"gunicorn.error"' in server.log.read_text())
    written = server.log.read_text().splitlines()
    lines = [json.loads(line) for line in written if line.startswith("{")]
    assert {"gunicorn.error", "marquee.access", "engine.registry.hot_reload"} <= {line["logger"] for line in lines}
    assert [line for line in written if re.match(r"\d{4}-\d\d-\d\d", line)] == []
    asked = next(line for line in lines if line.get("request") == headers["x-request-id"])
    assert (asked["event"], asked["path"]) == ("request", "/api/genres")


def test_overload_is_shed_and_ends_by_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory, threads="1", drain_seconds="0") as server:
        with Clients(server, "/api/search?q=a+robot+alone&size=100&drop=x").working(150) as clients:
            until(lambda: 503 in clients.statuses and 200 in clients.statuses)
            assert server.get("/health/live")[0] == 200
        until(lambda: server.get("/api/search?q=robot")[0] == 200)
        assert set(clients.statuses) == {200, 503}
        assert clients.failures == []
