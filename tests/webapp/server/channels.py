"""ASGI channels without a network, and a small WSGI application behind the server's front."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from webapp.server.bridge import Environ
from webapp.server.front import Front
from webapp.server.health import Health

Result = TypeVar("Result")

PATIENCE = 30.0
"""Seconds after which a test gives up."""


def run(test: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a test on an event loop, and return its result."""
    # In a thread of its own: a browser of other tests may keep a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(asyncio.wait_for(test(), PATIENCE))).result()


@dataclass
class Channel:
    """The client's side of a request: what it sends, and what it gets."""

    chunks: tuple[bytes, ...] = (b"",)
    stalls: bool = False
    """The last chunk is not the end of the body, and nothing follows."""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    parts: int = 0
    ended: bool = False
    left: asyncio.Event = field(default_factory=asyncio.Event)
    got_chunk: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0

    async def receive(self) -> dict[str, Any]:
        """Return the next chunk of the body; once there are no more, wait until the client leaves."""
        if self._sent < len(self.chunks):
            self._sent += 1
            more = self._sent < len(self.chunks) or self.stalls
            return {"type": "http.request", "body": self.chunks[self._sent - 1], "more_body": more}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take a part of the response."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.body += message["body"]
        self.parts += 1
        self.ended = not message["more_body"]
        self.got_chunk.set()

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class SmallApp:
    """A WSGI application that echoes, blocks, and streams."""

    calls: list[Environ] = field(default_factory=list)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go_on: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        self.calls.append(environ)
        path = environ["PATH_INFO"]
        if path == "/block":
            self.entered.release()
            assert self.go_on.wait(PATIENCE)
        if path == "/stream":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return self._stream()
        body = environ["wsgi.input"].read() or b"hello"
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    def _stream(self) -> Iterator[bytes]:
        try:
            yield b"first"
            assert self.go_on.wait(PATIENCE)
            yield b"second"
        finally:
            self.closed.set()


def scope(target: str = "/", method: str = "GET", **headers: str) -> dict[str, Any]:
    """Return the scope of a request as uvicorn would."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "http_version": "1.1",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("192.0.2.9", 8000),
        "client": ("192.0.2.1", 40_000),
    }


def front(application: Any, **fields: Any) -> Front:
    """Return a front with two threads and bodies of at most 1,000 bytes."""
    health = fields.pop("health", None) or Health({}, dict)
    return Front(application, health, **{"threads": 2, "max_body": lambda _path: 1_000, **fields})


async def ask(server: Front, target: str = "/", method: str = "GET", **headers: str) -> Channel:
    """Send a request without a body and return what came back."""
    channel = Channel()
    async with asyncio.timeout(PATIENCE):
        await server(scope(target, method, **headers), channel.receive, channel.send)
    return channel
