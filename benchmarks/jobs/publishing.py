"""Publish under load, one model per second, while fifty clients use the real server, and check every response.

Two random models with different lists are published in turn. Clients alternate between recommendations and similar
movies. Each response names a version; its scores and predicted stars must be those of that model, and the version must
not have been replaced more than five seconds ago.
"""

from __future__ import annotations

import http.client
import itertools
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks import server, workplace
from benchmarks.jobs import made_up
from core import config
from core.config import Settings
from core.jobs.work import UncancellableWork
from core.recommendations.records import Floats, Ids
from core.types import Filters, MovieId, Sort
from core.users import Diary, Rating
from engine import wiring
from engine.catalogue import index_build
from engine.recommender.model import Recommender
from engine.recommender.models import interactions
from engine.recommender.similarity.similar_movies import taste_of
from engine.training import factor_publication

CLIENTS = 50
SECONDS = 30.0
EVERY = 1.0
"""Seconds between two publications."""
NOTICED = 5.0
"""Seconds within which a server must serve a new model."""
RATED = 8
SIZE = 10
TOLERANCE = 1e-4
HALF = 0.06
"""The tolerance of predicted stars, which are shown with one or two digits."""
TIMEOUT = 60.0
EXAMPLES = 5


@dataclass
class Timeline:
    """The published versions, with times."""

    bases: dict[str, int] = field(default_factory=dict)
    """The position of each version's model among the two."""
    replaced_at: dict[str, float] = field(default_factory=dict)
    """When each version was replaced."""
    published_at: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """The request of a client, with the expected response of each of the two models."""

    ratings: dict[int, float]
    models: tuple[Recommender, ...]

    @property
    def body(self) -> bytes:
        """The request."""
        return orjson.dumps({"ratings": {str(movie): stars for movie, stars in self.ratings.items()}, "size": SIZE})

    @cached_property
    def expected(self) -> tuple[tuple[Floats, Floats], ...]:
        """Score and stars of every movie by each model."""
        at = datetime.now(UTC)
        diary = Diary(ratings={MovieId(i): Rating(MovieId(i), stars, at) for i, stars in self.ratings.items()})
        history = interactions.history(diary)
        return tuple((one.blend(history).total, one.stars(history, one.movies)) for one in self.models)

    @property
    def movie(self) -> MovieId:
        """The movie for which similar ones are requested."""
        return MovieId(min(self.ratings))


BUSY = b"The site is busy"


@dataclass
class Visit:
    """The responses of one client."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refused: int = 0
    """Requests that the server refused because it was busy; they are repeated after `Retry-After`."""
    first_seen: dict[str, float] = field(default_factory=dict)
    oldest: float = 0.0
    """For each response, seconds since its version had been replaced when the request was sent."""
    ms: list[float] = field(default_factory=list)


def measure(*, seconds: float = SECONDS) -> dict[str, Any]:
    """Index the sample catalogue in a separate home and publish there; return figures as plain values."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        workplace.copy_caches(config.load().home, Path(home))
        settings = Settings(home=Path(home), offline=True)
        store, registry = wiring.store(settings), wiring.models(settings)
        index_build.run(settings, UncancellableWork(), index_store=store, registry=registry)
        return run(settings, seconds=seconds)


def run(settings: Settings, *, seconds: float, clients: int = CLIENTS, enough: float = np.inf) -> dict[str, Any]:
    """Run the load on an existing index until `enough` models were published or `seconds` have passed."""
    movies = _movies(settings)
    models = tuple(made_up.model("", movies, seed=seed, dimension=16) for seed in (1, 2))
    questions = [Question(_ratings(movies, number), models) for number in range(clients)]
    timeline, over = Timeline(), threading.Event()
    for question in questions:
        assert question.expected
    _publish(settings, timeline, movies, 0)
    with server.running(settings) as serving, ThreadPoolExecutor(clients + 1) as pool:
        publishing = pool.submit(_publish_often, settings, timeline, movies, over)
        visits = [pool.submit(_visit, serving.port, question, timeline, over) for question in questions]
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(timeline.bases) < enough and not publishing.done():
            over.wait(EVERY / 10)
        over.set()
        publishing.result()
        found = [visit.result() for visit in visits]
    return _figures(found, timeline)


def _figures(visits: Sequence[Visit], timeline: Timeline) -> dict[str, Any]:
    answers = sum((visit.answers for visit in visits), Counter[str]())
    faults = [fault for visit in visits for fault in visit.faults]
    seen = {version: min(visit.first_seen.get(version, np.inf) for visit in visits) for version in answers}
    first = next(iter(timeline.bases))  # published before the server started
    waits = sorted(at - timeline.published_at[version] for version, at in seen.items() if version != first)
    milliseconds = sorted(taken for visit in visits for taken in visit.ms)
    return {
        "clients": len(visits),
        "publications": len(timeline.bases),
        "versions_seen": len(answers),
        "answers": sum(answers.values()),
        "refused": sum(visit.refused for visit in visits),
        "errors": sum(fault.startswith("error") for fault in faults),
        "mixed": sum(fault.startswith("mixed") for fault in faults),
        "late": sum(fault.startswith("late") for fault in faults),
        "faults": faults[:EXAMPLES],
        "oldest_s": round(max(visit.oldest for visit in visits), 2),
        "noticed_s": {"median": _at(waits, 0.5), "worst": _at(waits, 1.0)},
        "ms": {"p50": _at(milliseconds, 0.5), "p99": _at(milliseconds, 0.99)},
    }


def _at(ascending: Sequence[float], share: float) -> float | None:
    """Return the value that the given share does not exceed."""
    return round(ascending[min(int(share * len(ascending)), len(ascending) - 1)], 2) if ascending else None


def _publish_often(settings: Settings, timeline: Timeline, movies: Ids, over: threading.Event) -> None:
    number = 0
    due = time.monotonic()
    while not over.wait(max(0.0, due - time.monotonic())):
        number, due = number + 1, due + EVERY
        _publish(settings, timeline, movies, number % 2)


def _publish(settings: Settings, timeline: Timeline, movies: Ids, base: int) -> None:
    registry = wiring.models(settings)
    version, before = registry.new_version(), registry.current()
    model = made_up.model(version, movies, seed=base + 1, dimension=16)
    timeline.bases[version] = base
    timeline.published_at[version] = time.monotonic()
    registry.publish(model, {})
    if before is not None:
        timeline.replaced_at[before] = time.monotonic()
    factor_publication.publish_factors(wiring.store(settings), registry)


def _visit(port: int, question: Question, timeline: Timeline, over: threading.Event) -> Visit:
    visit = Visit()
    connection = http.client.HTTPConnection(server.HOST, port, timeout=TIMEOUT)
    for number in itertools.count():
        if over.is_set():
            break
        began, alike = time.monotonic(), bool(number % 2)
        try:
            if alike:
                connection.request("GET", f"/api/movies/{question.movie}/similar?by=both&size={SIZE}")
            else:
                connection.request("POST", "/api/recommendations", question.body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            visit.faults.append(f"error: {error!r}")
            connection.close()
            continue
        retry_after = answer.headers.get("Retry-After", "")
        if status == http.client.SERVICE_UNAVAILABLE and BUSY in content and retry_after.isdecimal():
            visit.refused += 1  # fifty clients may be more than the machine can serve
            over.wait(float(retry_after))
            continue
        visit.ms.append((time.monotonic() - began) * 1000)
        if status != http.client.OK:
            visit.faults.append(f"error: {status} {content[:200]!r}")
        else:
            _judge(visit, question, timeline, orjson.loads(content), began, alike=alike)
    connection.close()
    return visit


def _judge(
    visit: Visit, question: Question, timeline: Timeline, answer: dict[str, Any], began: float, *, alike: bool
) -> None:
    version = answer["model"]
    visit.answers[version] += 1
    visit.first_seen.setdefault(version, time.monotonic())
    base = timeline.bases.get(version)
    named = {movie.get("model", version) for movie in answer["results"]}
    if base is None or named != {version}:
        visit.faults.append(f"mixed: {version} {sorted(named)}")
        return
    fit = _likeness_fits if alike else _fits
    fits = [fit(question, place, answer["results"]) for place in range(len(question.models))]
    if fits != [place == base for place in range(len(question.models))]:
        visit.faults.append(f"mixed: {version} is the model {base}, the response fits {fits}")
    age = began - timeline.replaced_at.get(version, began)
    visit.oldest = max(visit.oldest, age)
    if age > NOTICED:
        visit.faults.append(f"late: {version} was replaced {age:.1f} s before")


def _fits(question: Question, place: int, movies: Sequence[dict[str, Any]]) -> bool:
    """Whether scores and stars are those of the model."""
    scores, stars = question.expected[place]
    rows = np.searchsorted(question.models[place].movies, [movie["id"] for movie in movies])
    shown = np.array([movie["why"]["predicted"] for movie in movies], np.float64)
    right = np.abs(scores[rows] - [movie["score"] for movie in movies]) <= TOLERANCE
    return bool(right.all() and (np.abs(stars[rows] - shown) <= HALF).all())


def _likeness_fits(question: Question, place: int, movies: Sequence[dict[str, Any]]) -> bool:
    """Whether the figures of taste are those of the model."""
    ids = np.array([movie["id"] for movie in movies], np.int64)
    taste = taste_of(question.models[place], question.movie, ids)
    shown = np.array([movie["why"]["taste"] for movie in movies])
    return taste is not None and bool((np.abs(taste - shown) <= TOLERANCE).all())


def _movies(settings: Settings) -> Ids:
    listed = wiring.store(settings).open().listing(Filters(), sort=Sort.POPULARITY, offset=0, size=10_000).movies
    return np.array(sorted(int(movie.id) for movie in listed), np.int64)


def _ratings(movies: Ids, number: int) -> dict[int, float]:
    chance = np.random.default_rng(number)
    chosen = chance.choice(movies, RATED, replace=False)
    return {int(movie): float(chance.integers(7, 11)) / 2 for movie in chosen}
