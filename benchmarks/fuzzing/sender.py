"""Sends requests over plain sockets and records what comes back."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.fuzzing.generator import Sent

PATIENCE = 30.0
"""Seconds after which a request counts as unanswered."""
IMPATIENCE = 1.0
"""The same for a request that states a wrong length: the server waits for the rest of it."""
STREAM = "text/event-stream"
"""Streams are not read to their end: they last for minutes."""
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Received:
    """A request with the status of its response, 0 without one, and the time it took."""

    sent: Sent
    status: int
    seconds: float
    retry: bool = False
    """Whether the response asks to retry later: the server is busy, not broken."""


def send_all(requests: Iterable[Sent], address: tuple[str, int], *, clients: int) -> Iterator[Received]:
    """Send the requests from several clients at once; yield the responses in the same order."""
    with ThreadPoolExecutor(clients) as pool:
        yield from pool.map(lambda request: send(request, address), requests)


def send(request: Sent, address: tuple[str, int]) -> Received:
    """Send one request on a connection of its own."""
    began = time.perf_counter()
    status, retry = NO_ANSWER, False
    try:
        patience = PATIENCE if request.framed() else IMPATIENCE
        with socket.create_connection(address, timeout=patience) as connection:
            _write(connection, request)
            response = http.client.HTTPResponse(connection, method=request.method)
            response.begin()
            status, retry = response.status, response.getheader("Retry-After") is not None
            if response.getheader("Content-Type", "").partition(";")[0] != STREAM:
                response.read()
    except (OSError, http.client.HTTPException, ValueError):
        pass
    return Received(request, status, time.perf_counter() - began, retry)


def _write(connection: socket.socket, request: Sent) -> None:
    """Send a request; a server may refuse it before it has read everything."""
    try:
        connection.sendall(request.head() + request.body)
    except (BrokenPipeError, ConnectionResetError):
        return
