"""`/metrics`: who may read it, and its answer."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from webapp.server import refusals
from webapp.server.refusals import Reply

PATH = "/metrics"
MOST = 8
"""Scrapes that may wait; a server needs one."""


@dataclass
class Endpoint:
    """Answers `/metrics` on a port of its own, or on the website's with a token."""

    registry: CollectorRegistry
    port: int | None = None
    """The port of its own; None: the website's."""
    token: str = ""
    """Required if set."""
    sample: Callable[[], None] = lambda: None
    """Called before each answer."""
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "marquee-metrics"), init=False)
    _asking: int = field(default=0, init=False)

    def serves(self, scope: Mapping[str, Any]) -> bool:
        """Return whether a request is for this endpoint rather than for the website."""
        if self.port is not None:
            return bool(scope.get("server")) and scope["server"][1] == self.port
        return bool(self.token) and scope["path"] == PATH

    async def answer(self, scope: Mapping[str, Any]) -> Reply:
        """Return the figures, or a refusal."""
        if scope["path"] != PATH:
            return _refusal(HTTPStatus.NOT_FOUND)
        if scope["method"] not in ("GET", "HEAD"):
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED)
        headers = dict(scope["headers"])
        if not self._allows(headers.get(b"authorization", b"")):
            return _refusal(HTTPStatus.UNAUTHORIZED)
        if self._asking >= MOST:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        self._asking += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._thread, self._figures, headers.get(b"accept", b"").decode("latin-1")
            )
        finally:
            self._asking -= 1

    def _allows(self, authorization: bytes) -> bool:
        scheme, _, given = authorization.partition(b" ")
        if not self.token:
            return True
        return scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), self.token.encode())

    def _figures(self, accept: str) -> Reply:
        self.sample()
        encode, kind = choose_encoder(accept)
        return refusals.as_bytes(encode(self.registry), kind=kind)


def _refusal(status: HTTPStatus) -> Reply:
    extra = {
        HTTPStatus.UNAUTHORIZED: [(b"www-authenticate", b"Bearer")],
        HTTPStatus.METHOD_NOT_ALLOWED: [(b"allow", b"GET, HEAD")],
    }
    content = {"title": status.phrase, "status": int(status)}
    # The connection is closed, because the body was not read.
    return refusals.as_json(
        status, content, kind="application/problem+json", extra=[*extra.get(status, []), refusals.CLOSE]
    )
