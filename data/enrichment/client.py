"""Requests to a JSON service: limited in rate, time, size and repetitions, and without the key in any message."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from core.config import variable
from core.errors import InvalidSettings, QuotaExhausted, ServiceUnavailable

if TYPE_CHECKING:
    import requests

ATTEMPTS = 4
"""Tries of one request before it counts as failed."""
BACKOFF_SECONDS = 0.5
"""Pause after the first failure, doubled with every further one, with up to as much again at random."""
MAX_PAUSE_SECONDS = 60.0
"""The longest pause that a service may request; after a longer one, the next run continues."""
TIMEOUTS = (5.0, 20.0)
"""Time-outs for connecting and between two reads, in seconds."""
MAX_SECONDS = 60.0
"""Time-out of a whole response, in seconds: a server may send one byte at a time."""
MAX_BYTES = 8 * 1024 * 1024
"""Maximum size of a response; the largest ones of TMDB, with all parts of a long series' movie, have 1 MB."""
CHUNK = 64 * 1024
USER_AGENT = "Marquee (open-source movie search)"
KEYLESS = frozenset((HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
TEMPORARY = frozenset((
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
))  # fmt: skip

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pacing:
    """The passing of time, which tests replace."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    """Seconds since 1970, compared with dates in `Retry-After`."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response."""

    status: int
    content: Any
    """The JSON document; None if the body is not JSON."""
    retry_after: float | None
    """Seconds to wait, if the service says so."""


class TokenBucket:
    """Limits the rate of requests, with bursts of up to a second's worth. For one thread."""

    def __init__(self, per_second: float, pacing: Pacing) -> None:
        self._rate, self._size, self._pacing = per_second, max(1.0, per_second), pacing
        self._tokens, self._at = self._size, pacing.monotonic()

    def take(self) -> None:
        """Wait until a request is allowed."""
        now = self._pacing.monotonic()
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            self._pacing.sleep((1 - self._tokens) / self._rate)
            self._tokens, self._at = 1.0, self._pacing.monotonic()
        self._tokens -= 1


@dataclass
class Client:
    """One service. Not thread-safe."""

    name: str
    """For messages: `TMDB`."""
    url: str
    setting: str
    """The settings field of the key, named if the service rejects it."""
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request; may contain the key."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    per_second: float = 40.0
    pacing: Pacing = field(default_factory=Pacing, repr=False)
    sent: int = 0
    """Requests sent, repetitions included."""

    def __post_init__(self) -> None:
        """Open the connection pool."""
        import requests  # noqa: PLC0415 - only jobs that use the network load it

        self._bucket = TokenBucket(self.per_second, self.pacing)
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", **self.headers})
        self._session.auth = _unchanged  # otherwise a .netrc file may replace the key

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Response:
        """Return a response that is complete and final: JSON with status 200, or any other status below 500.

        Raises:
            ServiceUnavailable: no usable response after `ATTEMPTS` tries.
            QuotaExhausted: the service asks to wait longer than `MAX_PAUSE_SECONDS`.
        """
        fault = ""
        for attempt in range(ATTEMPTS):
            self._bucket.take()
            self.sent += 1
            found, fault = self._try(path, parameters or {})
            if found is not None and not fault:
                return found
            pause = found.retry_after if found else None
            if pause is not None and pause > MAX_PAUSE_SECONDS:
                raise QuotaExhausted(f"{self.name} accepts no requests for the next {pause:,.0f} seconds")
            log.info("%s: %s, attempt %d of %d", self.name, fault, attempt + 1, ATTEMPTS)
            if attempt + 1 < ATTEMPTS:
                self.pacing.sleep(pause if pause is not None else _backoff(attempt))
        raise ServiceUnavailable(f"{self.name} ({self.url}): {fault}, {ATTEMPTS} times in a row")

    def rejected(self) -> InvalidSettings:
        """Return the error for a key that the service rejects."""
        return InvalidSettings(
            f"{variable(self.setting)}: {self.name} rejects this key; check it in your account there"
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _try(self, path: str, parameters: Mapping[str, str]) -> tuple[Response | None, str]:
        """Return the response, if there is any, and what is wrong with it.

        Errors of the library are not quoted: their texts contain the URL and with it the key.
        """
        import requests  # noqa: PLC0415

        try:
            with self._session.get(
                self.url + path,
                params={**self.parameters, **parameters},
                timeout=TIMEOUTS,
                stream=True,
                allow_redirects=False,  # the key is for this host only
            ) as answer:
                body = self._body(answer)
        except requests.Timeout:
            return None, "no response in time"
        except requests.ConnectionError as error:
            return None, "the connection broke" if _began(error) else "no connection"
        except requests.RequestException as error:
            return None, f"an incomplete or unreadable response ({type(error).__name__})"
        found = Response(answer.status_code, _json(body), self._retry_after(answer.headers.get("Retry-After")))
        return found, _fault(found, body)

    def _body(self, answer: requests.Response) -> bytes | None:
        """Read the body; None if it is too large or too slow."""
        started, parts, size = self.pacing.monotonic(), [], 0
        for part in answer.iter_content(CHUNK):
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES or self.pacing.monotonic() - started > MAX_SECONDS:
                return None
        return b"".join(parts)

    def _retry_after(self, value: str | None) -> float | None:
        if value is None:
            return None
        if value.strip().isdecimal():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self.pacing.wall())
        except ValueError:
            return None


def _fault(found: Response, body: bytes | None) -> str:
    if found.status in TEMPORARY or found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"status {found.status}"
    if HTTPStatus.MULTIPLE_CHOICES <= found.status < HTTPStatus.BAD_REQUEST:
        return f"a redirect (status {found.status}), which is not followed"
    if body is None:
        return f"a response of more than {MAX_BYTES:,} bytes or {MAX_SECONDS:.0f} seconds"
    return "a response that is not JSON" if found.status == HTTPStatus.OK and found.content is None else ""


def _json(body: bytes | None) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None


def _began(error: Exception) -> bool:
    """Whether the connection was open before it failed."""
    return "Connection aborted" in str(error) or "broken" in str(error)


def _backoff(attempt: int) -> float:
    pause = BACKOFF_SECONDS * float(2**attempt)
    return pause + random.uniform(0, pause)  # noqa: S311 - not for cryptography


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
