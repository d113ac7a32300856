"""The ASGI application in front of the Flask application.

Everything that waits for a client or for a free thread happens on the event loop: slow clients cost a socket, not a
thread. Health is answered here too, whatever the threads are doing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any, Protocol

from core import log_lines
from core.config import Language
from webapp.server import bodies, bridge, health, refusals, shares
from webapp.server.admission import LONGEST_WAIT, MOST_WAITING, RETRY_SECONDS, Admission, Overloaded
from webapp.server.health import Health
from webapp.server.refusals import Reply
from webapp.server.shares import Share

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_TARGET = 8 * 1024
"""Maximum length of path and query string in bytes; longer texts are sent with `POST /api/search`."""
MAX_LOGGED = 500
"""Characters of a path that are logged."""
MAX_STREAMS = 16
"""Streams that compute a chunk at the same time."""
PIECE = 256 * 1024
"""Bytes of a response that are buffered at once."""
MAX_UPLOADS = 16
"""Large bodies that are read at the same time; they may occupy the disk."""
READING = ("GET", "HEAD")

log = logging.getLogger("marquee.access")


class Endpoint(Protocol):
    """Answers requests that are not for the website: those for metrics."""

    def serves(self, scope: Mapping[str, Any]) -> bool:
        """Return whether it answers a request."""
        ...

    async def answer(self, scope: Mapping[str, Any]) -> Reply:
        """Return the answer."""
        ...


@dataclass
class Front:
    """Bounds, admits and answers requests to a WSGI application."""

    application: bridge.Wsgi
    health: Health
    threads: int
    max_body: Callable[[str], int]
    """Returns the maximum size of a body in bytes, by path."""
    drain_seconds: float = 0.0
    """Seconds of normal service between SIGTERM and the end, for load balancers to notice."""
    body_seconds: float = bodies.SECONDS
    """Seconds for the body of a request; long ones get more."""
    longest_wait: float = LONGEST_WAIT
    """Seconds that a request may wait for a thread."""
    most_waiting: int = MOST_WAITING
    """Requests that may wait for the threads of a share."""
    language: Language = "en"
    """The language of its own pages, unless the browser prefers another one."""
    metrics: Endpoint | None = None
    refused: Callable[[int], None] = lambda _status: None
    """Counts a refusal with its status."""
    started: Callable[[], None] = lambda: None
    """Called when the process serves."""
    admissions: dict[Share, Admission] = field(init=False)
    _threads: dict[Share, ThreadPoolExecutor] = field(init=False)
    _streams: ThreadPoolExecutor = field(init=False)
    _uploads: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        sizes = {Share.PAGES: self.threads, **shares.SIZES}
        self.admissions = {
            share: Admission(size, self.longest_wait, self.most_waiting) for share, size in sizes.items()
        }
        self._threads = {share: ThreadPoolExecutor(size, f"marquee-{share}") for share, size in sizes.items()}
        self._streams = ThreadPoolExecutor(MAX_STREAMS, "marquee-streams")

    def start(self) -> None:
        """Begin background work, in the process that serves."""
        self.health.start()
        self.started()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        exchange = _Exchange(scope, receive, send, draining=self.health.draining, default=self.language)
        if self.metrics is not None and self.metrics.serves(scope):
            await exchange.reply(await self.metrics.answer(scope))
            return
        probe = self._probe(scope)
        if probe is not None:
            await exchange.reply(probe)
            return
        try:
            await self._answer(exchange)
        except (bodies.Gone, asyncio.CancelledError):
            raise
        except Overloaded:
            # The connection is closed, because the body may be unread; this also makes room for others.
            await self._refuse(exchange, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=RETRY_SECONDS)

    async def _refuse(self, exchange: _Exchange, status: HTTPStatus, *, retry_after: int | None = None) -> None:
        self.refused(status)
        await exchange.refuse(status, retry_after=retry_after, close=True)

    def _probe(self, scope: Scope) -> Reply | None:
        if scope["method"] not in READING:  # its body would have to be read
            return None
        if scope["path"] == "/health/live":
            return health.live()
        if scope["path"] == "/health/ready":
            return self.health.ready(strict=scope["query_string"].startswith(b"strict"))
        return None

    async def _answer(self, exchange: _Exchange) -> None:
        scope = exchange.scope
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET:
            await self._refuse(exchange, HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        try:
            path = bridge.raw_path(scope)
            body = await self._read(exchange, self.max_body(path))
        except bridge.Malformed:
            await self._refuse(exchange, HTTPStatus.BAD_REQUEST)
        except bodies.TooLarge:
            await self._refuse(exchange, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except bodies.TooSlow:
            await self._refuse(exchange, HTTPStatus.REQUEST_TIMEOUT)
        except bodies.Gone:
            return
        else:
            with body:
                await self._serve(exchange, path, body)

    async def _read(self, exchange: _Exchange, most: int) -> IO[bytes]:
        large = most > bodies.IN_MEMORY and exchange.has_body()
        if large and self._uploads >= MAX_UPLOADS:
            raise Overloaded
        self._uploads += large
        try:
            return await bodies.read(
                exchange.receive, most=most, declared=exchange.declared(), seconds=self.body_seconds
            )
        finally:
            self._uploads -= large

    async def _serve(self, exchange: _Exchange, path: str, body: IO[bytes]) -> None:
        arrived = time.monotonic()
        share = shares.share_of(exchange.scope["method"], path)
        admission = self.admissions[share]
        if not await exchange.unless_gone(admission.enter()):
            return
        started = time.monotonic()
        try:
            environ = bridge.environ(exchange.scope, body, exchange.size(body), arrived=arrived)
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self._threads[share], bridge.call, self.application, environ)
        finally:
            admission.leave(time.monotonic() - started)
        await exchange.start(response.status, response.headers)
        await exchange.body(response.body, more=response.stream is not None)
        if response.stream is not None:
            await self._stream(exchange, response)

    async def _stream(self, exchange: _Exchange, response: bridge.Response) -> None:
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(exchange.receive())  # the body was read: only a disconnection is left
        try:
            while not gone.done():
                chunk = await loop.run_in_executor(self._streams, response.next_chunk)
                await exchange.body(chunk or b"", more=chunk is not None)
                if chunk is None:
                    return
        finally:
            gone.cancel()
            await loop.run_in_executor(self._streams, response.end)


@dataclass
class _Exchange:
    """A request and the channel for its response."""

    scope: Scope
    receive: Receive
    _send: Send
    draining: bool
    default: Language

    def declared(self) -> int | None:
        """Return the announced size of the body. The HTTP parser accepts only digits."""
        value = self._header(b"content-length")
        return int(value) if value.isdigit() else None

    def has_body(self) -> bool:
        """Return whether a body was announced."""
        return bool(self._header(b"content-length").strip(b"0") or self._header(b"transfer-encoding"))

    @staticmethod
    def size(body: IO[bytes]) -> int:
        """Return the size of a body, and leave it at its beginning."""
        size = body.seek(0, 2)
        body.seek(0)
        return size

    async def unless_gone(self, admitted: Awaitable[None]) -> bool:
        """Wait for admission and return True, or return False once the client has left."""
        turn, gone = asyncio.ensure_future(admitted), asyncio.ensure_future(self.receive())
        try:
            await asyncio.wait((turn, gone), return_when=asyncio.FIRST_COMPLETED)
            if turn.done():
                turn.result()
                return True
            return False
        finally:
            gone.cancel()
            turn.cancel()

    async def refuse(self, status: HTTPStatus, *, retry_after: int | None = None, close: bool = False) -> None:
        """Refuse the request, and log it like the application does."""
        path = self.scope["path"]
        program = path.startswith("/api/") or self._header(b"accept").startswith(b"application/json")
        entry: Mapping[str, object] = {
            "event": "refused",
            "method": self.scope["method"],
            "path": path[:MAX_LOGGED],
            "status": int(status),
        }
        log_lines.log_fields(log, logging.INFO, entry)
        language = refusals.accepted(self._header(b"accept-language"), default=self.default)
        if status is HTTPStatus.REQUEST_URI_TOO_LONG and path == "/search" and not program:
            with suppress(ValueError):  # more fields than a form of ours has
                await self.reply(refusals.long_search(self.scope["query_string"], language=language))
                return
        await self.reply(
            refusals.refusal(status, program=program, retry_after=retry_after, close=close, language=language)
        )

    async def reply(self, reply: Reply) -> None:
        """Send a complete response."""
        await self.start(reply.status, list(reply.headers))
        await self.body(reply.body, more=False)

    async def start(self, status: int, headers: bridge.Headers) -> None:
        """Send status and headers; while the server drains, the connection ends with this response."""
        if self.draining and refusals.CLOSE not in headers:
            headers = [*headers, refusals.CLOSE]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def body(self, chunk: bytes, *, more: bool) -> None:
        """Send a part of the body, in pieces, because clients have a deadline for each."""
        view = memoryview(chunk)
        for start in range(0, len(chunk) - PIECE, PIECE):
            await self._send({"type": "http.response.body", "body": view[start : start + PIECE], "more_body": True})
        rest = view[max(0, len(chunk) - 1) // PIECE * PIECE :]
        await self._send({"type": "http.response.body", "body": rest, "more_body": more})

    def _header(self, name: bytes) -> bytes:
        return next((value for key, value in self.scope["headers"] if key == name), b"")
