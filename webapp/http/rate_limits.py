"""Rate limits per address and per account. Beyond them, `TooMany` says when to retry.

Counts are stored in Redis if `MARQUEE_RATE_LIMIT_STORAGE` names a server; otherwise, and while it is unreachable, in
the memory of each process.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from flask import request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from core.errors import SharedStoreUnavailable, TooMany
from core.language.normalization import account_key
from data.shared_store.store import PREFIX, SharedStore
from webapp.localization.translation import gettext as _

Answer = TypeVar("Answer")

IPV6_HOME = 64
"""Prefix length of the IPv6 network that one household usually gets."""
IPV6_SITE = 48
"""Prefix length of the IPv6 network that one customer can get."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Attempts allowed per address and per account, in the notation of `limits`.

    Those of a larger IPv6 network and of the whole site are limited too, if given: many addresses cost nothing.
    """

    address: str
    account: str
    network: str = ""
    site: str = ""


RULES = {
    # 50 attempts per account and hour from all addresses (NIST SP 800-63B allows 100 in all). Locking somebody out
    # takes several addresses, and does not end open sessions.
    # The limit of the site is what the threads for passwords can do, and hundreds of people never meet it.
    "sign-in": Rule(
        address="20 per 15 minutes", account="50 per hour", network="100 per 15 minutes", site="3000 per 15 minutes"
    ),
    "sign-up": Rule(
        address="20 per hour; 60 per day", account="20 per hour", network="60 per hour", site="2000 per hour"
    ),
    # A code of 6 digits has 3 valid values at a time: 240 attempts a day per account make a hit unlikely in 3 years.
    "second-factor": Rule(
        address="40 per 15 minutes", account="10 per hour", network="200 per 15 minutes", site="3000 per 15 minutes"
    ),
    # Each sends an email to the account's owner.
    "reset": Rule(address="10 per hour", account="3 per hour", network="50 per hour", site="1000 per hour"),
    # Changing the password and deleting the account: both ask a signed-in user for the password.
    "password": Rule(address="40 per 15 minutes", account="10 per 15 minutes"),
    # Each question encodes dozens of sentences, and may call a language model.
    "ask": Rule(address="20 per minute; 200 per hour", account="20 per minute; 200 per hour"),
    "token": Rule(address="60 per hour", account="20 per hour"),
    # Each appears to somebody else: a follower or a request, and a report in the queue of the administrators.
    "follow": Rule(address="200 per hour", account="60 per hour; 300 per day"),
    "report": Rule(address="40 per hour", account="10 per hour; 30 per day"),
}


class Limits:
    """Counts attempts in a moving window. Thread-safe."""

    def __init__(self, shared: SharedStore | None = None, *, rules: dict[str, Rule] = RULES) -> None:
        self._rules, self._shared = rules, shared
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._common = None if shared is None else MovingWindowRateLimiter(_storage(shared))

    def count(self, what: str, *, account: str) -> None:
        """Count an attempt of `what` (a key of `RULES`) on an account, by name, from the address of this request.

        Raises:
            TooMany: the limit of the address or the account is exceeded; this attempt does not count.
        """
        rule, address = self._rules[what], request.remote_addr or ""
        self._count(rule.address, what, "address", household(address))
        if rule.network and ":" in (network := household(address, prefix=IPV6_SITE)):
            self._count(rule.network, what, "network", network)
        self._count(rule.account, what, "account", _hidden(account))
        if rule.site:
            self._count(rule.site, what, "site")

    def _count(self, allowed: str, *key: str) -> None:
        for item in parse_many(allowed):
            if not self._hit(item, key):
                message = _("Too many attempts. Wait a while, then try again.")
                raise TooMany(message, retry_after=self._wait(item, key))

    def _hit(self, item: RateLimitItem, key: tuple[str, ...]) -> bool:
        return self._ask(lambda limiter: limiter.hit(item, *key))

    def _wait(self, item: RateLimitItem, key: tuple[str, ...]) -> int:
        """Return the seconds until the oldest counted attempt expires."""
        ends = self._ask(lambda limiter: limiter.get_window_stats(item, *key).reset_time)
        return max(1, math.ceil(ends - time.time()))

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
        """Query the counts of all servers; while they are unreachable, those of this process."""
        if self._shared is not None and self._common is not None:
            with suppress(SharedStoreUnavailable), self._shared.guarded():
                return question(self._common)
        return question(self._own)


def _storage(shared: SharedStore) -> RedisStorage:
    """Return the storage of `limits` over the connections of the shared store."""
    return RedisStorage("redis://", connection_pool=shared.pool, key_prefix=f"{PREFIX}:attempts")


@lru_cache(4_096)
def household(address: str, *, prefix: int = IPV6_HOME) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 network of an IPv6 address, without a port."""
    try:
        known = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, prefix), strict=False))


def _without_port(address: str) -> str:
    """Return an address of `X-Forwarded-For` without its port, which some proxies add."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _hidden(account: str) -> str:
    """Return the hash of the name as the database compares it, ignoring case; the storage may be shared."""
    return hashlib.sha256((account_key(account) or account).encode("utf-8", "surrogatepass")).hexdigest()
