"""Counters, slots and short-lived values that several servers share. Every call is one round trip."""

from __future__ import annotations

import logging
import math
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.config import Settings
from core.errors import SharedStoreUnavailable
from core.limits.circuit_breaker import CircuitBreaker, CircuitOpen
from core.settings.addresses import IN_MEMORY
from data.shared_store import connection

if TYPE_CHECKING:
    from redis.commands.core import Script

PREFIX = "marquee"
"""Beginning of every key: the server may have other users."""
MOST_CALLS = 64
"""Calls of a process in progress at the same time: the maximum of its threads."""

log = logging.getLogger(__name__)

# The time is that of the server, so that the clocks of the web servers need not agree. A value is the time, in seconds,
# at which the whole amount is available again. Numbers are returned as text, because Redis would round them.
_TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local each, seconds, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local after = full_at + amount * each
local over = after - now - seconds
if over > each / 1000 then
    return {0, tostring(full_at - now), tostring(over)}
end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000) + 1)
return {1, tostring(after - now), '0'}
"""
# A slot that is never given back, because its server was killed, ends by itself.
_ENTER = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
    return 0
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
redis.call('EXPIREAT', KEYS[1], math.max(now + tonumber(ARGV[3]), tonumber(redis.call('ZREVRANGE', KEYS[1], 0, 0,
    'WITHSCORES')[2])) + 1)
return 1
"""


class SharedStore:
    """A Redis or Valkey server. Thread-safe, but not to be shared across a fork; it connects when it is first used.

    Each method raises `SharedStoreUnavailable` if the server does not respond; callers then go on by themselves. The
    beginning and the end of an outage are logged once.
    """

    def __init__(self, url: str) -> None:
        """Prepare connections. Raises `InvalidSettings`: the client is missing, or the URL is invalid."""
        self.pool = connection.open_pool(url)
        import redis  # noqa: PLC0415 - an extra, which `open_pool` has found

        self.location = connection.location(url)
        self._client = redis.Redis(connection_pool=self.pool)
        self._failures = redis.RedisError
        self._breaker = CircuitBreaker(MOST_CALLS)
        self._down, self._lock = False, threading.Lock()
        self._take: Script = self._client.register_script(_TAKE)
        self._enter: Script = self._client.register_script(_ENTER)

    def check(self) -> None:
        """Check that the server responds."""
        with self.guarded():
            self._client.ping()

    def take(self, key: str, *, amount: int, each: float, seconds: float) -> tuple[bool, float, float]:
        """Use `amount` cells of a quota, by the generic cell rate algorithm, unless fewer are left.

        Args:
            key: whose quota.
            amount: cells.
            each: seconds until one cell is available again.
            seconds: until all are.

        Returns:
            Whether they were left; the seconds until all are available again; the seconds until this amount is.
        """
        with self.guarded():
            allowed, full_in, retry_in = self._take(keys=[_named("quota", key)], args=[each, seconds, amount])
        return bool(allowed), float(full_in), float(retry_in)

    def enter(self, key: str, *, most: int, seconds: float) -> str | None:
        """Take one of `most` slots, for `seconds` at most. Return its name for `leave`; None if all are taken."""
        slot = secrets.token_hex(8)
        with self.guarded():
            entered = self._enter(keys=[_named("slots", key)], args=[most, slot, math.ceil(seconds)])
        return slot if entered else None

    def leave(self, key: str, slot: str) -> None:
        """Give a slot back."""
        with self.guarded():
            self._client.zrem(_named("slots", key), slot)

    def get(self, key: str) -> bytes | None:
        """Return a value; None if it is not stored, or no longer."""
        with self.guarded():
            found: Any = self._client.get(_named("value", key))
        return found if isinstance(found, bytes) else None

    def put(self, key: str, value: bytes, *, seconds: int) -> None:
        """Store a value for `seconds`."""
        with self.guarded():
            self._client.set(_named("value", key), value, ex=seconds)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Call the server in the block, unless it was too slow a moment ago. Raises `SharedStoreUnavailable`."""
        try:
            with self._breaker.call():
                yield
        except CircuitOpen as reason:
            raise SharedStoreUnavailable(f"Redis at {self.location} {reason}") from None
        except self._failures as error:
            failure = SharedStoreUnavailable(f"Redis at {self.location} cannot be used: {error}")
            if self._turned(down=True):
                log.error("%s; until it responds, each process counts by itself", failure)
            raise failure from None
        if self._turned(down=False):
            log.warning("Redis at %s responds again", self.location)

    def close(self) -> None:
        """Close all connections."""
        self.pool.disconnect()

    def _turned(self, *, down: bool) -> bool:
        """Return whether the state has changed."""
        with self._lock:
            before, self._down = self._down, down
        return before is not down


def of(settings: Settings) -> SharedStore | None:
    """Return the store of these settings; None if each process counts by itself. Raises `InvalidSettings`."""
    url = settings.rate_limit_storage.get_secret_value()
    return None if url == IN_MEMORY else SharedStore(url)


def _named(kind: str, key: str) -> str:
    return f"{PREFIX}:{kind}:{key}"
