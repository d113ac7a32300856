"""Clients that search and rate without pause, and what they noticed."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import ssl
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

HOST = "127.0.0.1"
READERS, WRITERS = 4, 2
PATIENCE = 5.0
"""Seconds that a client waits for a response."""
PAUSE = 0.02
WHO = ("a weatherman", "two friends", "a lonely robot", "a retired thief", "a family", "a young witch", "a detective")
DOES = ("relives the same day", "on the road", "lost in space", "plans a heist", "against the town", "in love")
WHERE = ("in the 1980s", "in Paris", "in winter", "on an island", "at night", "in the future", "in a small village")
SOURCES = 200
"""Addresses of this machine from which requests through a proxy come, because it limits the requests of each."""
SIGN_IN_PAUSE = 1.0
"""Seconds between attempts to sign in with a wrong password, which the servers count together."""
PASSWORD = "correct horse battery staple 71"  # noqa: S105 - of made-up users on a temporary site
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where clients reach a site: a port, and behind a proxy, the name of the site and what its TLS is trusted with."""

    port: int
    host: str = HOST
    trusted: ssl.SSLContext | None = None

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection, from one of many addresses of this machine if the site is behind a proxy."""
        if self.trusted is None:
            return http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        source = f"127.0.0.{random.randint(2, 1 + SOURCES)}"  # noqa: S311 - no secret
        return http.client.HTTPSConnection(
            HOST, self.port, timeout=PATIENCE, context=self.trusted, source_address=(source, 0)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: when it came, what was asked, its status (0: none came), and the seconds that the client waited."""

    at: float
    kind: str
    status: int
    seconds: float = 0.0


@dataclass
class Noticed:
    """Everything that the clients saw. Thread-safe, because lists are only appended to."""

    answers: list[Answer] = field(default_factory=list)
    acknowledged: dict[tuple[str, int], float] = field(default_factory=dict)
    """The last rating that the site confirmed, by token and movie."""

    def failures(self) -> int:
        """Return the number of responses with a status of 500 and more, except refusals with 503."""
        return sum(
            answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and answer.status != HTTPStatus.SERVICE_UNAVAILABLE
            for answer in self.answers
        )

    def refused(self) -> int:
        """Return the number of responses with status 503."""
        return sum(answer.status == HTTPStatus.SERVICE_UNAVAILABLE for answer in self.answers)

    def refused_after(self) -> float | None:
        """Return the median seconds until a refusal with 503; None if there was none."""
        waits = [answer.seconds for answer in self.answers if answer.status == HTTPStatus.SERVICE_UNAVAILABLE]
        return statistics.median(waits) if waits else None

    def silent(self) -> int:
        """Return the number of requests without a response."""
        return sum(answer.status == 0 for answer in self.answers)

    def longest_gap(self, kind: str, *, since: float, until: float) -> float:
        """Return the longest time without a good response to this kind of request."""
        good = sorted(a.at for a in self.answers if a.kind == kind and a.status in (200, 201, 204) and a.at >= since)
        times = [since, *good, max(until, since)]
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def recovered_after(self, kind: str, healed: float) -> float:
        """Return the seconds from the end of a fault to the first good response; infinite if there was none."""
        good = (a.at for a in self.answers if a.kind == kind and a.status in (200, 201, 204) and a.at >= healed)
        return next(good, float("inf")) - healed


@contextmanager
def running(address: Address, movies: list[int], tokens: list[str]) -> Iterator[Noticed]:
    """Run the clients during the block: readers, one writer for each token, and one who guesses passwords."""
    noticed, over = Noticed(), threading.Event()
    calls: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        (_read, (address, movies, number, noticed, over)) for number in range(READERS)
    ]
    calls += [(_write, (address, movies, token, noticed, over)) for token in tokens]
    calls += [(_guess, (address, noticed, over))]
    threads = [threading.Thread(target=function, args=given) for function, given in calls]
    for thread in threads:
        thread.start()
    try:
        yield noticed
    finally:
        over.set()
        for thread in threads:
            thread.join()


def sign_up(address: Address, number: int) -> str:
    """Create an account and return a token for it."""
    name = f"chaos-{number}"
    call(address, "POST", "/api/accounts", {"name": name, "password": PASSWORD})
    asked = {"account": name, "password": PASSWORD, "name": "chaos", "scopes": ["read", "write"]}
    status, body = call(address, "POST", "/api/tokens", asked)
    if status != HTTPStatus.CREATED:
        raise SystemExit(f"no token for {name}: status {status}: {body}")
    return str(body["secret"])


def lost(address: Address, noticed: Noticed) -> int:
    """Return how many acknowledged ratings the site does not have any more."""
    missing = 0
    for (token, movie), stars in noticed.acknowledged.items():
        status, body = call(address, "GET", f"/api/me/ratings/{movie}", token=token)
        missing += not (status == HTTPStatus.OK and body.get("stars") == stars)
    return missing


def call(address: Address, method: str, path: str, body: object = None, *, token: str = "") -> tuple[int, Any]:
    """Send a request; return status and body, (0, None) without a response."""
    headers = {"Host": address.host, **JSON, **({"Authorization": f"Bearer {token}"} if token else {})}
    connection = address.connect()
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None
    except (OSError, http.client.HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


def _read(address: Address, movies: list[int], number: int, noticed: Noticed, over: threading.Event) -> None:
    chance = random.Random(number)  # noqa: S311 - no secret
    while not over.is_set():
        kind = chance.choice(("search", "search", "movie", "about"))
        path = {
            "search": f"/api/search?q={_text(chance).replace(' ', '+')}",
            "movie": f"/api/movies/{chance.choice(movies)}",
            "about": "/about",
        }[kind]
        asked = time.monotonic()
        status = _status(address, "GET", path)
        noticed.answers.append(_answer(asked, kind, status))
        over.wait(PAUSE)


def _write(address: Address, movies: list[int], token: str, noticed: Noticed, over: threading.Event) -> None:
    chance = random.Random(token)  # noqa: S311
    while not over.is_set():
        movie, stars = chance.choice(movies), chance.randint(1, 10) / 2
        asked = time.monotonic()
        status, _ = call(address, "PUT", f"/api/me/ratings/{movie}", {"stars": stars}, token=token)
        noticed.answers.append(_answer(asked, "rating", status))
        if status in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT):
            noticed.acknowledged[token, movie] = stars
        elif (token, movie) in noticed.acknowledged:
            del noticed.acknowledged[token, movie]  # written or not: nobody was told
        over.wait(PAUSE)


def _guess(address: Address, noticed: Noticed, over: threading.Event) -> None:
    """Try wrong passwords of many accounts: each attempt is counted, in Redis if several servers share the counts."""
    for number in itertools.count():
        wrong = {"account": f"nobody-{number}", "password": PASSWORD, "name": "chaos", "scopes": ["read"]}
        asked = time.monotonic()
        status, _ = call(address, "POST", "/api/tokens", wrong)
        noticed.answers.append(_answer(asked, "sign-in", status))
        if over.wait(SIGN_IN_PAUSE):
            return


def _text(chance: random.Random) -> str:
    """Return one of some hundred descriptions, so that some were asked for before and others were not."""
    return " ".join(map(chance.choice, (WHO, DOES, WHERE)))


def _answer(asked: float, kind: str, status: int) -> Answer:
    now = time.monotonic()
    return Answer(now, kind, status, now - asked)


def _status(address: Address, method: str, path: str) -> int:
    connection = address.connect()
    try:
        connection.request(method, path, headers={"Host": address.host})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
