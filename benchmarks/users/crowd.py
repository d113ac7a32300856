"""Fifty users rate and read concurrently for a minute; then the database is checked for lost ratings."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks import metrics, server, workplace
from benchmarks.users import postgres, speed
from benchmarks.users.speed import Client
from core.config import Settings
from core.users import UserId
from data.database import Stores
from engine import wiring

USERS = 50
SECONDS = 60.0
READS_PER_WRITE = 1
POSTGRES = "POSTGRES_URL"
"""The variable of a PostgreSQL server for tests and benchmarks, on which databases can be created."""


@dataclass
class Visit:
    """The requests of one user, with the responses of the server."""

    acknowledged: dict[int, float | None] = field(default_factory=dict)
    """The last acknowledged stars by movie; None if the rating was deleted."""
    writes_ms: list[float] = field(default_factory=list)
    reads_ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def measure(settings: Settings, *, seconds: float = SECONDS) -> dict[str, Any]:
    """Run the load on SQLite and, if available, on PostgreSQL."""
    found = {"sqlite": workplace.timed("50 users, SQLite", _load, settings, "", seconds)}
    if address := os.environ.get(POSTGRES):
        with postgres.database(address) as url:
            found["postgresql"] = workplace.timed("50 users, PostgreSQL", _load, settings, url, seconds)
    return found


def _load(settings: Settings, url: str, seconds: float) -> dict[str, Any]:
    movies = wiring.models(settings).load().model.movies
    with speed.people(settings, url=url) as (own, stores), server.running(own) as serving:
        crowd = [speed.newcomer(stores, f"viewer{number}") for number in range(USERS)]
        visits = workplace.in_process(_crowd, serving.port, crowd, movies.tolist(), seconds)
        lost = [fault for (user, _), visit in zip(crowd, visits, strict=True) for fault in _lost(stores, user, visit)]
    writes = [taken for visit in visits for taken in visit.writes_ms]
    reads = [taken for visit in visits for taken in visit.reads_ms]
    return {
        "viewers": USERS,
        "seconds": seconds,
        "writes": len(writes),
        "reads": len(reads),
        "per_s": round((len(writes) + len(reads)) / seconds, 1),
        "write_ms": metrics.percentiles(writes),
        "read_ms": metrics.percentiles(reads),
        "errors": sum(len(visit.faults) for visit in visits),
        "first_errors": [fault for visit in visits for fault in visit.faults][:3],
        "ratings_acknowledged": sum(len(visit.acknowledged) for visit in visits),
        "lost": len(lost),
    }


def _crowd(port: int, crowd: Sequence[tuple[UserId, str]], movies: Sequence[int], seconds: float) -> list[Visit]:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(crowd)) as pool:
        calls = [pool.submit(_visit, port, secret, movies, until, number) for number, (_, secret) in enumerate(crowd)]
        return [call.result() for call in calls]


def _visit(port: int, secret: str, movies: Sequence[int], until: float, seed: int) -> Visit:
    """Rate, change and delete, and read the list after each."""
    random, visit, client = np.random.default_rng(seed), Visit(), Client(port, secret)
    own = random.choice(movies, 40, replace=False).tolist()
    while time.monotonic() < until:
        movie = int(random.choice(own))
        stars = None if movie in visit.acknowledged and random.random() < 0.1 else float(random.integers(1, 11)) / 2
        path = f"/api/me/ratings/{movie}"
        started = time.perf_counter()
        wrote = _try(client, visit, "DELETE" if stars is None else "PUT", path, stars=stars)
        visit.writes_ms.append((time.perf_counter() - started) * 1000)
        if wrote:
            visit.acknowledged[movie] = stars
        for _ in range(READS_PER_WRITE):
            started = time.perf_counter()
            _try(client, visit, "GET", "/api/recommendations?size=20")
            visit.reads_ms.append((time.perf_counter() - started) * 1000)
    client.close()
    return visit


def _try(client: Client, visit: Visit, method: str, path: str, *, stars: float | None = None) -> bool:
    """Whether the server accepted the request."""
    try:
        status, _ = client.call(method, path, None if stars is None else {"stars": stars})
    except (OSError, http.client.HTTPException) as error:
        visit.faults.append(f"{method} {path}: {error!r}")
        client.close()
        return False
    if status >= http.client.BAD_REQUEST:
        visit.faults.append(f"{method} {path}: {status}")
    return status < http.client.BAD_REQUEST


def _lost(stores: Stores, user: UserId, visit: Visit) -> list[str]:
    """Return acknowledged ratings that are missing or different in the database."""
    kept = {int(movie): rating.stars for movie, rating in stores.diaries.read(user).ratings.items()}
    wanted = {movie: stars for movie, stars in visit.acknowledged.items() if stars is not None}
    return [f"film {movie}" for movie in wanted.keys() | kept.keys() if wanted.get(movie) != kept.get(movie)]
