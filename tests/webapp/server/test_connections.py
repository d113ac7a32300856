"""Connections of a real HTTP server, with deadlines of a moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from uvicorn import Config

from tests.webapp.server.channels import PATIENCE, SmallApp, front
from webapp.server.worker import MAX_HEAD, MAX_REQUEST_LINE, Connection, DrainingServer

MOMENT = 0.2
"""Deadline of headers and bodies in seconds."""
SEND_MOMENT = 1.0
"""Deadline of a piece of a response."""
LARGE = 32 * 1024 * 1024
"""Bytes: more than the buffers of two sockets hold."""


class QuickConnection(Connection):
    """A connection with short deadlines."""

    head_seconds = MOMENT
    send_seconds = SEND_MOMENT


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a running server."""

    def application(environ: dict[str, str], start_response: object) -> object:
        if environ["PATH_INFO"] == "/large":
            start_response("200 OK", [("Content-Length", str(LARGE))])  # type: ignore[operator]
            return [bytes(LARGE)]
        return SmallApp()(environ, start_response)

    config = Config(
        front(application, body_seconds=MOMENT),  # type: ignore[arg-type]
        http=QuickConnection,
        lifespan="off",
        ws="none",
        interface="asgi3",
        h11_max_incomplete_event_size=MAX_HEAD,
        log_config=None,
    )
    server = DrainingServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join(PATIENCE)


def connect(port: int) -> socket.socket:
    """Return a connection."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def everything(connection: socket.socket) -> bytes:
    """Return what the server sends until it closes the connection; fails if it does not."""
    return b"".join(iter(lambda: connection.recv(262_144), b""))


def get(port: int, path: str = "/") -> bytes:
    """Return the answer to a request."""
    with closing(connect(port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return everything(connection)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: "])
def test_a_connection_whose_headers_do_not_arrive_is_closed_at_its_deadline(port: int, sent: bytes) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(sent)
        assert everything(connection) == b""
    assert b"200 OK" in get(port)


def test_the_second_request_of_a_connection_has_a_deadline_too(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(65_536)
        connection.sendall(b"GET /second HT")
        assert b"200 OK" not in everything(connection)


def test_a_body_that_does_not_arrive_is_refused_and_the_connection_closed(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(b"POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        received = everything(connection)
    assert received.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in received


def test_a_client_that_does_not_read_is_disconnected(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        threading.Event().wait(2 * SEND_MOMENT)
        assert 0 < len(everything(connection)) < LARGE
    assert len(get(port, "/large")) > LARGE


def test_100_slow_clients_delay_nobody(port: int) -> None:
    slow = [connect(port) for _ in range(100)]
    for number, connection in enumerate(slow):
        connection.sendall(b"GET / HTT" if number % 2 else b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na")
    assert b"200 OK" in get(port)
    assert b"200 OK" in get(port, "/health/live")
    ends = [everything(connection)[:12] for connection in slow]
    assert set(ends) == {b"", b"HTTP/1.1 408"}
    for connection in slow:
        connection.close()


def test_a_request_line_without_an_end_is_refused_as_soon_as_it_is_too_long(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(b"GET /" + b"a" * MAX_HEAD)
        assert everything(connection).startswith(b"HTTP/1.1 414 ")


def test_headers_that_are_too_large_are_refused(port: int) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1_000) for number in range(MAX_HEAD // 1_000 + 1))
    with closing(connect(port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + lines)
        assert everything(connection).startswith(b"HTTP/1.1 431 ")


def test_a_request_that_cannot_be_parsed_is_refused(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        assert everything(connection).startswith(b"HTTP/1.1 400 ")


def test_a_request_line_between_the_limits_of_line_and_head_is_refused_by_name(port: int) -> None:
    assert get(port, "/" + "a" * MAX_REQUEST_LINE).startswith(b"HTTP/1.1 414 ")
