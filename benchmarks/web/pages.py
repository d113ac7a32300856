"""How long pages take to be served to signed-in users, over HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

import httpx

from benchmarks import metrics
from benchmarks.server import HOST
from benchmarks.web.population import PASSWORD, Visitor

ROUNDS = 3
"""Requests for each page by each visitor, besides one that is not measured."""
TIMEOUT = 30.0
CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
QUERIES = ("a shark", "something funny from the 80s", "tom hanks", "the godfather", "space but not a comedy")


def measure(port: int, visitors: Sequence[Visitor]) -> dict[str, dict[str, float]]:
    """Return the milliseconds of each page. Call it in a process of its own."""
    clients = [_signed_in(port, visitor) for visitor in visitors]
    found = {}
    for page in paths(visitors[0], 0):
        taken: list[float] = []
        for turn in range(ROUNDS + 1):
            for number, (client, visitor) in enumerate(zip(clients, visitors, strict=True)):
                milliseconds = _get(client, paths(visitor, number + turn)[page])
                taken.extend([milliseconds] if turn else [])
        found[page] = metrics.percentiles(taken)
    for client in clients:
        client.close()
    return found


def paths(visitor: Visitor, number: int) -> Mapping[str, str]:
    """Return the path of every page that this visitor opens, by its name; `number` varies what is shown."""
    movie = visitor.movies[number % len(visitor.movies)]
    year = datetime.now(UTC).year
    return {
        "home": "/",
        "search": f"/search?q={quote(QUERIES[number % len(QUERIES)])}",
        "browse": "/browse",
        "genre": f"/genres/{('Drama', 'Comedy', 'Horror')[number % 3]}?page={1 + number % 5}",
        "person": f"/people/{quote(('Tom Hanks', 'Meryl Streep', 'Steven Spielberg')[number % 3])}",
        "year": f"/years/{1990 + number % 20}",
        "movie": f"/movies/{movie}",
        "trending": "/trending",
        "for you": "/for-you",
        "swipe": "/swipe",
        "taste profile": "/profile",
        "ratings": "/ratings",
        "watchlist": "/watchlist",
        "diary": "/diary",
        "year in film": f"/diary/{year - number % 2}",
        "lists": "/lists",
        "list": f"/lists/{visitor.lists[number % len(visitor.lists)]}-list-{number % len(visitor.lists)}",
        "friends' activity": "/activity",
        "profile": f"/users/{quote(visitor.friends[number % len(visitor.friends)])}",
        "connections": "/connections",
        "reasons": f"/for-you/{movie}",
        "further rows": "/further-rows?" + "&".join(f"without={one}" for one in visitor.movies[:60]),
        "account": "/account",
        "import": "/import",
    }


def _signed_in(port: int, visitor: Visitor) -> httpx.Client:
    client = httpx.Client(base_url=f"http://{HOST}:{port}", timeout=TIMEOUT, follow_redirects=True)
    token = CSRF.search(client.get("/sign-in").text)
    if token is None:
        raise SystemExit("the sign-in page has no form")
    answer = client.post("/sign-in", data={"csrf_token": token[1], "name": visitor.name, "password": PASSWORD})
    if "/sign-in" in str(answer.url):
        raise SystemExit(f"{visitor.name} could not sign in: {answer.status_code}")
    return client


def _get(client: httpx.Client, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"the server answered {answer.status_code} to {path}")
    return taken
