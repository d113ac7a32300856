"""Connections to Redis or Valkey: bounded in time, and errors that never contain the password."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.config import variable
from core.errors import InvalidSettings
from core.settings.addresses import REDIS

if TYPE_CHECKING:
    from redis import ConnectionPool

SECONDS = 0.5
"""Time-out of a connection and of an answer: a count is not worth more of a page's time."""
CHECK_SECONDS = 30
"""Seconds of disuse after which a connection is tested before it is used."""
VARIABLE = variable("rate_limit_storage")


def open_pool(url: str) -> ConnectionPool:
    """Return a pool of connections. It opens none yet.

    Raises:
        InvalidSettings: the client is not installed, or the URL is invalid; the message does not repeat it.
    """
    try:
        from redis import ConnectionPool  # noqa: PLC0415 - an extra
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415
    except ModuleNotFoundError:
        raise InvalidSettings(f"{VARIABLE}: Redis requires its client (`pip install 'marquee[redis]'`)") from None
    scheme, separator, rest = url.partition("://")
    try:
        pool = ConnectionPool.from_url(
            f"{REDIS[scheme]}{separator}{rest}",
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
            health_check_interval=CHECK_SECONDS,
            retry=Retry(NoBackoff(), 0),  # by default, a page would wait for three attempts
        )
        pool.make_connection()  # checks the options in the URL, but does not connect
    except (KeyError, TypeError, ValueError):
        schemes = ", ".join(f"{name}://" for name in REDIS)
        raise InvalidSettings(
            f"{VARIABLE}: expected memory://, or one of {schemes} with host, port and options of the Redis client"
        ) from None
    return pool


def location(url: str) -> str:
    """Return host and port of a URL, for messages."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or 6379}"
