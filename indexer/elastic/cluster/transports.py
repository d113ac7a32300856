"""How often and how long a cluster is asked: within the time of a request for pages, patiently for batch work.

The client's own retries know neither the deadline of a request nor a pause after a status such as 429, so each attempt
is made here.
"""

from __future__ import annotations

import time
from typing import Any

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import ConnectionTimeout, TlsError, Transport, TransportApiResponse, TransportError

from core.limits import deadline

BUSY = frozenset({429, 502, 503, 504})
"""Statuses of a node that is overloaded or starting, and of a proxy without one."""


class PageTransport(Transport):
    """Calls of pages: other nodes are tried at once, but nothing lasts longer than the request has time for."""

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:  # noqa: ANN401
        """Make a call. Raises `DeadlineExceeded` if the request has no time left."""
        given = options.pop("request_timeout", None)
        usual = given if isinstance(given, float | int) else self.node_pool.all()[0].config.request_timeout or 0.0
        retries = _count(options.pop("max_retries", None), self.max_retries)
        while True:
            options["request_timeout"] = deadline.bounded(usual)
            again = retries > 0
            retries -= 1
            try:
                response = super().perform_request(method, target, max_retries=0, **options)
            except TransportError as error:
                if not again or isinstance(error, ConnectionTimeout) or not _passes(error) or deadline.left() == 0:
                    raise
            else:
                if not again or response.meta.status not in BUSY or deadline.left() == 0:
                    return response


class BatchTransport(Transport):
    """Calls of builds and jobs: what fails because a cluster is busy or restarting is repeated after growing pauses.

    A server that has never responded is not waited for: its address is more likely to be wrong.
    """

    _reached = False

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:  # noqa: ANN401
        """Make a call, and repeat it if it fails for a reason that passes."""
        retries = _count(options.pop("max_retries", None), self.max_retries)
        others = len(self.node_pool) - 1
        for attempt in range(retries + 1):
            last = attempt == retries
            try:
                response = super().perform_request(method, target, max_retries=0, **options)
            except TransportError as error:
                if last or not _passes(error) or not (self._reached or attempt < others):
                    raise
            else:
                self._reached = True
                if last or response.meta.status not in BUSY:
                    return response
            if self._reached:
                time.sleep(min(self.retry_backoff_base * 2**attempt, self.retry_backoff_cap))
        raise AssertionError  # the last attempt has returned or raised


def _passes(error: TransportError) -> bool:
    """Whether a failure may pass by itself."""
    return isinstance(error, Unreachable | ConnectionTimeout) and not isinstance(error, TlsError)


def _count(given: object, default: int) -> int:
    return given if isinstance(given, int) else default
