"""Gunicorn's worker: uvicorn's HTTP server with deadlines for connections, and draining before it stops."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import sys
from http import HTTPStatus
from types import FrameType
from typing import Any, ClassVar, cast

import h11
from gunicorn.arbiter import Arbiter
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server
from uvicorn_worker import UvicornH11Worker

from webapp.server.front import Front

HEAD_SECONDS = 10.0
"""Seconds from the first byte of a connection to the end of a request's headers."""
SEND_SECONDS = 60.0
"""Seconds that a client may take to receive the part of a response that is buffered."""
FINISH_SECONDS = 9
"""Seconds that running requests may take after the drain: a little less than Gunicorn waits for a worker."""
LAST_SECONDS = 1.0
"""Seconds that a new connection has for its only request once the server stops."""
MAX_HEAD = 32 * 1024
"""Maximum size of request line and headers in bytes."""
MAX_REQUEST_LINE = 8 * 1024
MAX_CONNECTIONS = 2_000
"""Connections of a worker, as far as the system allows open files."""
SPARE_FILES = 200
"""Open files for everything else."""


class Connection(H11Protocol):
    """A connection that is closed unless headers arrive, and responses are received, in time."""

    head_seconds: ClassVar[float] = HEAD_SECONDS
    send_seconds: ClassVar[float] = SEND_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _send_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline of the first request."""
        super().connection_made(transport)
        _limit_silence(transport.get_extra_info("socket"))
        self._await_head()

    def pause_writing(self) -> None:
        """Start the deadline of a client that does not read."""
        super().pause_writing()
        self._send_deadline = self.loop.call_later(self.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that deadline."""
        super().resume_writing()
        self._stop_sending()

    def data_received(self, data: bytes) -> None:
        """Process data; the deadline runs until the headers are complete."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._deadline is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self._stop_sending()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, with the status that says why."""
        unread = bytes(self.conn.trailing_data[0])
        line, status = unread.partition(b"\n")[0], HTTPStatus.BAD_REQUEST
        if len(line) > MAX_REQUEST_LINE:
            status = HTTPStatus.REQUEST_URI_TOO_LONG
        elif len(unread) >= MAX_HEAD:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if status is HTTPStatus.BAD_REQUEST:
            super().send_400_response(msg)
            return
        body = status.phrase.encode()
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        for event in (
            h11.Response(status_code=int(status), headers=headers, reason=body),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def shutdown(self) -> None:
        """Close the connection after its request. One that was just opened may send one."""
        if cast("object", self.cycle) is None:
            self.loop.call_later(LAST_SECONDS, self._close)
        else:
            super().shutdown()

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_sending(self) -> None:
        if self._send_deadline is not None:
            self._send_deadline.cancel()
            self._send_deadline = None

    def _close(self) -> None:
        self._deadline = None
        if not self.transport.is_closing() and self.conn.their_state is h11.IDLE:
            self.transport.close()


class DrainingServer(Server):
    """A server that, told to stop by SIGTERM or by its number of requests, first goes on serving for a while."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        """Drain at SIGTERM, even if it comes twice; at another signal, complete running requests and stop."""
        if sig == signal.SIGTERM:
            self.drain()
            return
        self.force_exit |= self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    def drain(self) -> None:
        """Close connections after their next response, and stop after a while."""
        front: Front = self.config.app  # type: ignore[assignment]
        if not front.health.draining:
            front.health.draining = True
            loop = asyncio.get_running_loop()
            loop.call_soon_threadsafe(loop.call_later, front.drain_seconds, self._stop)

    async def on_tick(self, counter: int) -> bool:
        """Drain after the maximum number of requests."""
        if await super().on_tick(counter) and not self.should_exit:
            self.drain()
        return self.should_exit

    def _stop(self) -> None:
        self.should_exit = True


class Worker(UvicornH11Worker):  # type: ignore[misc]
    """A Gunicorn worker with our connections and server."""

    CONFIG_KWARGS: dict[str, Any] = {  # noqa: RUF012 - the name and its type are uvicorn_worker's
        **UvicornH11Worker.CONFIG_KWARGS,
        "http": Connection,
        "interface": "asgi3",
        "lifespan": "off",
        "ws": "none",
        "proxy_headers": False,  # the application trusts proxies only if they are configured
        "server_header": False,
        "access_log": False,
        "h11_max_incomplete_event_size": MAX_HEAD,
    }

    async def _serve(self) -> None:
        self.config.app = self.wsgi
        self.config.limit_concurrency = _connections()
        self.config.limit_max_requests = self.max_requests if self.max_requests < sys.maxsize else None
        self.config.timeout_graceful_shutdown = FINISH_SECONDS
        server = DrainingServer(config=self.config)
        asyncio.get_running_loop().add_signal_handler(signal.SIGQUIT, server.handle_exit, signal.SIGQUIT, None)
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


def _limit_silence(connection: socket.socket | None) -> None:
    """Let the system end a connection whose client receives nothing at all, even after the response is complete."""
    if connection is not None and hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SEND_SECONDS * 1000))


def _connections() -> int:
    """Raise the limit of open files as far as allowed, and return how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + SPARE_FILES
    if soft < wanted:
        soft = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(10, min(MAX_CONNECTIONS, soft - SPARE_FILES))
