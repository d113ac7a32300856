"""Limits of what one address and one account may ask for, so that nobody can use a site up alone.

They are generous: a person never meets them. Each process counts in memory, unless the servers share a store; attempts
to sign in are counted by `rate_limits`. Responses tell the state of the limit in the headers of
draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from flask import Flask, Response, current_app, g, request

from core.config import Settings
from core.errors import SharedStoreUnavailable, TooMany
from data.shared_store.store import SharedStore
from webapp.http import sessions
from webapp.http.rate_limits import household
from webapp.localization.translation import gettext as _

MINUTE, HOUR = 60, 3600
MOST_KEYS = 100_000
"""Addresses and accounts that are remembered, some 10 MB."""
RETRY_RUNNING = 10
"""Seconds after which a client may try again while an operation of its own is running."""
POLICY, STATE = "RateLimit-Policy", "RateLimit"
EXTENSION = "marquee.traffic"


@dataclass(frozen=True, slots=True)
class Quota:
    """What an address, and an account if it counts, may ask for: `amount` at once, regained evenly within `seconds`."""

    amount: int
    seconds: int = MINUTE
    account: bool = False
    alone: bool = False
    """Whether only one request at a time may run."""


QUOTAS = {
    "search": Quota(300),
    "suggest": Quota(1_200),
    "recommend": Quota(300),
    "diary": Quota(600, account=True),
    "list": Quota(300),
    "clone": Quota(20, account=True),  # each writes up to 5,000 rows
    "card": Quota(60),  # drawing one takes 60 ms
    "year": Quota(120, account=True),  # each reads the movies of a year
    "review": Quota(60, account=True),
    "social": Quota(300),
    "events": Quota(3_000, account=True),  # events rather than requests; a page sends some 30
    "import": Quota(30, HOUR, account=True, alone=True),
    "export": Quota(30, HOUR, account=True),
}
LISTS = ("watchlist", "favourites", "watched", "dismissed")
ENDPOINTS = {
    "search": (
        *("pages.search", "pages.genre", "pages.person", "pages.year", "pages.browse"),
        *("api.search", "api.search_by_text", "api.understand", "api.popular"),
    ),
    "suggest": ("pages.suggest", "api.suggest", "diary.choose"),
    "card": ("posters.card",),
    "year": ("diary.year", "watches.year"),
    "list": ("lists.show", "lists.show_number", "lists.feed", "any_list.get", "lists.invitation"),
    "clone": ("lists.clone", "my_lists.clone"),
    "recommend": (
        *("pages.movie", "recommendations.for_you", "recommendations.swipe", "recommendations.profile"),
        *("api.similar", "taste_api.recommendations", "taste_api.guest", "taste_api.explain"),
        *("taste_api.by_name", "taste_api.explain_by_name", "taste_api.predict"),
        *("lists.together_page", "my_lists.suggestions"),
    ),
    "diary": (
        *("diary.rate", "diary.mark", "diary.take_swipe", "diary.unswipe"),
        *("me.rate", "me.unrate", "me.delete", "rate.rate"),
        *("diary.log", "diary.change_watch", "diary.delete_watch", "diary.undo_watch", "diary.set_goal"),
        *("lists.create", "lists.change", "lists.delete", "lists.put", "lists.edit_entry", "lists.invite"),
        *("lists.join", "lists.leave", "my_lists.create", "my_lists.change", "my_lists.delete", "my_lists.put"),
        *("my_lists.remove", "my_lists.order", "my_lists.invite", "my_lists.join"),
        *("imports.correct", "imports.apply", "me_import.correct", "me_import.apply"),
        *("watches.log", "watches.change", "watches.delete", "watches.set_goal"),
        *(f"me.{name}_{what}" for name in LISTS for what in ("put", "delete")),
        *("social.follow", "social.block", "social.decide", "social.like", "social.share", "social.report"),
        *("social_api.like", "social_api.unlike", "my_social.share", "my_social.follow", "my_social.unfollow"),
        *("my_social.accept", "my_social.remove", "my_social.block", "my_social.unblock", "my_social.report"),
    ),
    "review": ("diary.review", "me.write", "social.publish", "my_social.publish", "my_social.withdraw"),
    "social": (
        *("social.profile", "social.activity", "social.connections", "social.review", "social_api.profile"),
        *("social_api.of_movie", "social_api.friends", "social_api.review"),
        *("my_social.activity", "my_social.connections"),
    ),
    "import": ("imports.upload", "me_import.import_diary"),
    "export": (
        *("accounts.export", "tokens.export"),
        *("accounts.export_letterboxd", "tokens.export_for_letterboxd"),
    ),
}
"""The endpoints whose requests are counted, by quota. The endpoint of events counts itself how many came."""
QUOTA_OF = {endpoint: name for name, endpoints in ENDPOINTS.items() for endpoint in endpoints}


QUOTA_OF_OPERATION = {**QUOTA_OF, "events.notice": "events"}


@dataclass(frozen=True, slots=True)
class State:
    """The state of a quota after a request."""

    allowed: bool
    remaining: int
    full_in: float
    """Seconds until the whole amount is available again."""
    retry_in: float = 0.0
    """Seconds until the request would be allowed."""


class Counts(Protocol):
    """Amounts used, by key."""

    def take(self, key: tuple[str, str], quota: Quota, amount: int = 1) -> State:
        """Use `amount` of the quota of `key`, unless less is available."""
        ...


@dataclass
class Buckets:
    """Amounts used, by key: the generic cell rate algorithm (ITU-T I.371), with one number a key. Thread-safe."""

    clock: Callable[[], float] = time.monotonic
    most: int = MOST_KEYS
    _full_at: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: tuple[str, str], quota: Quota, amount: int = 1) -> State:
        """Use `amount` of the quota of `key`, unless less is available."""
        each = quota.seconds / quota.amount
        with self._lock:
            now = self.clock()
            used_until = max(self._full_at.get(key, now), now)
            after = used_until + amount * each
            over = after - now - quota.seconds
            if over > each / 1_000:  # rounding is no reason to refuse
                remaining = int((quota.seconds - (used_until - now)) / each)
                return State(False, max(0, remaining), used_until - now, over)
            self._full_at[key] = after
            if len(self._full_at) > self.most:
                self._forget(now)
        return State(True, max(0, round((quota.seconds - (after - now)) / each)), after - now)

    def _forget(self, now: float) -> None:
        """Forget keys whose quota is full again; if too many are left, the oldest half."""
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        surplus = len(self._full_at) - self.most // 2
        for key in list(islice(self._full_at, max(0, surplus))):
            del self._full_at[key]


@dataclass
class SharedBuckets:
    """The same for all servers, by the same algorithm; while their store is unreachable, for this process."""

    shared: SharedStore
    own: Buckets = field(default_factory=Buckets)

    def take(self, key: tuple[str, str], quota: Quota, amount: int = 1) -> State:
        """Use `amount` of the quota of `key`, unless less is available."""
        each = quota.seconds / quota.amount
        try:
            allowed, full_in, retry_in = self.shared.take(
                " ".join(key), amount=amount, each=each, seconds=quota.seconds
            )
        except SharedStoreUnavailable:
            return self.own.take(key, quota, amount)
        left = (quota.seconds - full_in) / each
        return State(allowed, max(0, round(left) if allowed else int(left)), full_in, retry_in)


@dataclass
class Traffic:
    """The limits of a site. Thread-safe."""

    quotas: Mapping[str, Quota] = field(default_factory=lambda: QUOTAS)
    buckets: Counts = field(default_factory=Buckets)
    _running: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str, amount: int = 1) -> None:
        """Count this request against the quota `name` of its address and its account.

        Raises:
            TooMany: the quota is used up, or an operation that must run alone is running.
        """
        quota = self.quotas[name]
        callers = self._callers(quota)
        for who in callers:
            state = self.buckets.take((name, who), quota, amount)
            if "traffic" not in g or state.remaining <= g.traffic[2].remaining:
                g.traffic = (name, quota, state)
            if not state.allowed:
                message = _("Too many attempts. Wait a while, then try again.")
                raise TooMany(message, retry_after=max(1, math.ceil(state.retry_in)))
        if quota.alone:
            self._begin((name, callers[-1]))

    def end(self) -> None:
        """End what this request did alone."""
        key = g.pop("alone", None)
        if key is not None:
            with self._lock:
                self._running.discard(key)

    def _callers(self, quota: Quota) -> list[str]:
        address, user = household(request.remote_addr or ""), sessions.current() if quota.account else None
        return [address] if user is None else [address, f"user {user.id}"]

    def _begin(self, key: tuple[str, str]) -> None:
        with self._lock:
            if key in self._running:
                message = _("Another import of yours is still running. Wait until it has ended.")
                raise TooMany(message, retry_after=RETRY_RUNNING)
            self._running.add(key)
        g.alone = key


def of(settings: Settings, shared: SharedStore | None) -> Traffic | None:
    """Return the limits of a site; None if the settings turn them off."""
    if not settings.rate_limits:
        return None
    return Traffic() if shared is None else Traffic(buckets=SharedBuckets(shared))


def install(app: Flask, traffic: Traffic | None) -> None:
    """Count the requests of `app`; with None, nothing is counted."""
    app.extensions[EXTENSION] = traffic
    if traffic is None:
        return

    @app.before_request
    def count() -> None:
        name = QUOTA_OF.get(request.endpoint or "")
        if name is not None:
            traffic.count(name)

    app.after_request(add_headers)
    app.teardown_request(lambda _error: traffic.end())


def count_events(number: int) -> None:
    """Count the events of this request. Raises `TooMany`."""
    traffic: Traffic | None = current_app.extensions[EXTENSION]
    if traffic is not None and number:
        traffic.count("events", number)


def add_headers(response: Response) -> Response:
    """Tell the quota and its state."""
    if "traffic" in g:
        name, quota, state = g.traffic
        response.headers[POLICY] = f'"{name}";q={quota.amount};w={quota.seconds}'
        response.headers[STATE] = f'"{name}";r={state.remaining};t={math.ceil(state.full_in)}'
    return response
