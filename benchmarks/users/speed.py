"""Speed over HTTP: recommendations, similar movies, explanations, and the effect of a rating."""

from __future__ import annotations

import contextlib
import http.client
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from pydantic import SecretStr

from benchmarks import metrics, server
from benchmarks.server import HOST
from core.config import Settings
from core.types import MovieId
from core.users import Diary, Preferences, Rating, Scope, UserId
from data import database
from data.database import Stores
from engine import wiring
from engine.accounts.accounts import Accounts
from engine.clock import now
from engine.recommender.models import interactions
from engine.registry.artifacts import Loaded

MOVIES = 50
"""The number of movies rated by the measured user."""
REQUESTS, WARM_UP = 300, 30
WRITES = 60
FOLD_INS = 500
SEED = 7
TIMEOUT = 30.0


@dataclass
class Client:
    """A client with a token and a persistent connection."""

    port: int
    secret: str = ""

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)

    def call(self, method: str, path: str, content: object = None) -> tuple[int, Any]:
        """Send a request; return status and JSON (None for an empty body)."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        body = None
        if content is not None:
            body, headers["Content-Type"] = orjson.dumps(content), "application/json"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, orjson.loads(text) if text else None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def measure(settings: Settings) -> dict[str, Any]:
    """Return milliseconds over HTTP with one client, for a user with `MOVIES` ratings."""
    loaded = wiring.models(settings).load()
    with people(settings) as (own, stores), server.running(own) as serving:
        user, secret = newcomer(stores, "bench")
        movies = rated_movies(loaded)
        stores.diaries.rate(user, movies, at=now())
        client = Client(serving.port, secret)
        found = {
            "films": MOVIES,
            "recommendations_ms": _repeat(client, "/api/recommendations?size=20"),
            "similar_ms": _each(client, [f"/api/movies/{movie}/similar?by=both" for movie in _some(loaded, REQUESTS)]),
            "explain_ms": _each(client, [f"/api/explain/{movie}" for movie in _some(loaded, REQUESTS)]),
            "write_to_effect_ms": _effect(client, loaded, set(movies)),
            **server.memory_mb(serving.pid),
        }
        client.close()
    return {**found, "fold_in_ms": _fold_in(loaded, movies)}


@contextlib.contextmanager
def people(settings: Settings, *, url: str = "") -> Iterator[tuple[Settings, Stores]]:
    """Yield the settings with a new user database (SQLite, or the empty one at `url`)."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-people-") as folder:
        own = settings.model_copy(
            update={"database_url": SecretStr(url or f"sqlite:///{Path(folder) / 'people.sqlite'}")}
        )
        stores = database.open(own.database)
        try:
            yield own, stores
        finally:
            database.close(stores)


def newcomer(stores: Stores, name: str) -> tuple[UserId, str]:
    """Create a user; return the id and the secret of a token with all scopes."""
    user = stores.accounts.create(name, password_hash="-", preferences=Preferences(), at=now())  # noqa: S106
    _, secret = Accounts(stores).add_token(user, "bench", frozenset({Scope.READ, Scope.WRITE}))
    return user.id, secret


def rated_movies(loaded: Loaded) -> dict[MovieId, float]:
    """Return the ratings of a MovieLens user, limited to `MOVIES` movies, in half stars."""
    random = np.random.default_rng(SEED)
    users = [f"ml:{number}" for number in loaded.demo_users.numbers.tolist()]
    rated = next(
        found
        for user in random.permutation(users)
        if (found := loaded.demo_users.ratings(str(user))) is not None and len(found) >= MOVIES
    )
    chosen = random.choice(sorted(rated), MOVIES, replace=False).tolist()
    return {MovieId(movie): round(rated[MovieId(movie)] * 2) / 2 for movie in chosen}


def _some(loaded: Loaded, number: int) -> list[int]:
    movies = loaded.model.movies[loaded.model.rated] if loaded.model.rated.any() else loaded.model.movies
    found: list[int] = np.random.default_rng(SEED).choice(movies, number).tolist()
    return found


def _repeat(client: Client, path: str) -> dict[str, float]:
    return _each(client, [path] * REQUESTS)


def _each(client: Client, paths: list[str]) -> dict[str, float]:
    for path in paths[:WARM_UP]:
        _get(client, path)
    return metrics.percentiles([_timed(client, path) for path in paths])


def _timed(client: Client, path: str) -> float:
    started = time.perf_counter()
    _get(client, path)
    return (time.perf_counter() - started) * 1000


def _get(client: Client, path: str) -> Mapping[str, Any]:
    status, content = client.call("GET", path)
    if status != http.client.OK:
        raise SystemExit(f"the server answered {status} to {path}: {content}")
    found: Mapping[str, Any] = content
    return found


def _effect(client: Client, loaded: Loaded, rated: set[MovieId]) -> dict[str, float]:
    """Measure the write of a rating and the next read of a list that includes it."""
    fresh = [movie for movie in _some(loaded, WRITES * 3) if movie not in rated][:WRITES]
    counted = _get(client, "/api/recommendations?size=20")["movies"]
    taken = []
    for movie in dict.fromkeys(fresh):
        started = time.perf_counter()
        status, _ = client.call("PUT", f"/api/me/ratings/{movie}", {"stars": 4.5})
        movies = _get(client, "/api/recommendations?size=20")["movies"]
        taken.append((time.perf_counter() - started) * 1000)
        counted += 1
        if status >= http.client.BAD_REQUEST or movies != counted:
            raise SystemExit(f"the next list ignores a rating: status {status}, {movies} movies, expected {counted}")
    return metrics.percentiles(taken)


def _fold_in(loaded: Loaded, movies: Mapping[MovieId, float]) -> dict[str, float]:
    diary = Diary(ratings={movie: Rating(movie, stars, now()) for movie, stars in movies.items()})
    # A new history each time, because the model caches the last one that it folded in.
    histories = [interactions.history(diary) for _ in range(FOLD_INS)]
    taken = []
    for history in histories:
        started = time.perf_counter()
        loaded.model.user_vector(history)
        taken.append((time.perf_counter() - started) * 1000)
    return metrics.percentiles(taken)
