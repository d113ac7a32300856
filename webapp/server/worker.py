"""Gunicorn's worker: uvicorn's HTTP server with deadlines for connections, and draining before it stops."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from http import HTTPStatus
from types import FrameType
from typing import Any

import h11
from gunicorn.arbiter import Arbiter
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server
from uvicorn_worker import UvicornH11Worker

from webapp.server.front import Front

HEAD_SECONDS = 10.0
"""Seconds from the first byte of a connection to the end of a request's headers."""
MAX_HEAD = 32 * 1024
"""Maximum size of request line and headers in bytes."""
MAX_REQUEST_LINE = 8 * 1024
MAX_CONNECTIONS = 2_000
"""Connections of a worker, as far as the system allows open files."""
SPARE_FILES = 200
"""Open files for everything else."""


class Connection(H11Protocol):
    """A connection that is closed unless the headers of each request arrive in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline of the first request."""
        super().connection_made(transport)
        self._await_head()

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

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self._deadline = None
        if not self.transport.is_closing() and self.conn.their_state is h11.IDLE:
            self.transport.close()


class DrainingServer(Server):
    """A server that, told to stop by SIGTERM, first reports that it is not ready and goes on serving for a while."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain at SIGTERM; stop at once at any other signal, or at a second SIGTERM."""
        front: Front = self.config.app  # type: ignore[assignment]
        if sig != signal.SIGTERM or front.health.draining:
            super().handle_exit(sig, frame)
            return
        front.health.draining = True
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(loop.call_later, front.drain_seconds, super().handle_exit, sig, frame)


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
        server = DrainingServer(config=self.config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


def _connections() -> int:
    """Raise the limit of open files as far as allowed, and return how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + SPARE_FILES
    if soft < wanted:
        soft = min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(10, min(MAX_CONNECTIONS, soft - SPARE_FILES))
