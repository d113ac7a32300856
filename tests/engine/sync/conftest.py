"""A database, a clock, and a server that answers webhooks well or badly."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.engine.accounts.conftest import clock, file, stores  # noqa: F401 - fixtures


@dataclass
class Received:
    """A request that the server received."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server whose paths behave like programs of users: `/ok`, `/500`, `/hang`, `/reset`, `/redirect`, …"""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}/{path}"


ANSWERS = {
    "nonsense": b"\x00\xff nothing of HTTP\r\n\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n\r\n",
    "endless": b"HTTP/1.1 200 OK\r\n\r\n",
}


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        path = self.rfile.readline().decode().split(" ")[1]
        lines = iter(lambda: self.rfile.readline().decode().strip(), "")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = self.rfile.read(int(headers["content-length"]))
        receiver.received.append(Received(path, headers, body))
        self._answer(path.strip("/"), receiver.stopped)

    def _answer(self, behaviour: str, stopped: threading.Event) -> None:
        if behaviour == "hang":
            stopped.wait(20)
        elif behaviour == "drip":
            while not stopped.wait(0.05):
                self.wfile.write(b"H")
        elif behaviour == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            status = behaviour if behaviour.isdigit() else "204"
            self.wfile.write(ANSWERS.get(behaviour) or f"HTTP/1.1 {status} A\r\nContent-Length: 0\r\n\r\n".encode())
            while behaviour == "endless" and not stopped.is_set():
                self.wfile.write(b"x" * 65_536)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore connections that the client closed."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The running server."""
    found = Receiver()
    with _Server(found) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        found.stopped.set()
        server.shutdown()
        thread.join()
