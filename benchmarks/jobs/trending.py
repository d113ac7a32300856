"""Time of trending lists over a million events: of all events, and of those of the last quarter of an hour.

Also measures the nightly jobs that read the same events. All events are of kinds that count, which is harder than in
practice, where most events are impressions, which are not read.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.users import postgres
from core.config import Settings
from core.jobs.work import UncancellableWork
from core.trends import Window
from core.types import Movie, MovieId
from core.users import Event, EventKind, UserId
from data import database
from data.database import Stores, connections, schema
from engine import trending, wiring
from engine.job_context import JobContext
from engine.online import evaluation, implicit_feedback

EVENTS, DAYS, USERS, MOVIES = 1_000_000, 60, 20_000, 5_000
ZIPF = 1.0
"""The exponent: the share of the movie at rank n is proportional to 1 / n."""
KINDS: Mapping[EventKind, float] = {EventKind.CLICK: 0.8, EventKind.SWIPE_RIGHT: 0.12, EventKind.SWIPE_LEFT: 0.08}
SEARCHED = 0.2
"""The share of events that came from a search."""
QUARTER = EVENTS // DAYS // 96
"""The number of events in a quarter of an hour."""
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
FULL_RUNS, INCREMENTAL_RUNS = 3, 9
SITE = Settings(home=Path("/nonexistent"), offline=True)
NIGHTLY: Mapping[str, Callable[[JobContext], object]] = {
    "implicit_feedback_s": lambda context: implicit_feedback.run(context, UncancellableWork(), parameters={}),
    "evaluate_s": lambda context: evaluation.run(context, UncancellableWork(), parameters={"days": DAYS}),
}
"""The nightly jobs, each run once over all events; by default, `evaluate-online` reads a week."""
PORTION = 20_000
SEED = 11


def measure(postgres_url: str = "") -> dict[str, Any]:
    """Return seconds of full and incremental refreshes by database."""
    found: dict[str, Any] = {"events": EVENTS, "days": DAYS, "viewers": USERS, "films": MOVIES}
    with tempfile.TemporaryDirectory(prefix="marquee-bench-jobs-") as folder:
        found["sqlite"] = _measure(f"sqlite:///{Path(folder) / 'people.sqlite'}")
    if postgres_url:
        with postgres.database(postgres_url) as url:
            found["postgresql"] = _measure(url)
    return found


def _measure(url: str) -> dict[str, Any]:
    with _filled(url) as (stores, random):
        full = [_refresh(stores, NOW, full=True) for _ in range(FULL_RUNS)]
        incremental = []
        for run in range(1, INCREMENTAL_RUNS + 1):
            now = NOW + timedelta(minutes=15 * run)
            seconds = now.timestamp() - random.uniform(0, 900, QUARTER)
            stores.events.add(_events(seconds, random))
            incremental.append(_refresh(stores, now, full=False))
        context = wiring.job_context(SITE, stores, lambda: NOW)
        nightly = {name: _figures([_nightly(job, context)]) for name, job in NIGHTLY.items()}
        listed = stores.trends.read(Window.DAY)
        assert listed is not None
        assert listed.trends
        events = stores.events.count()
    return {"full_s": _figures(full), "incremental_s": _figures(incremental), **nightly, "events": events}


def _refresh(stores: Stores, at: datetime, *, full: bool) -> tuple[float, float]:
    """Return wall-clock seconds and seconds of this process, which differ on a busy machine."""
    context = wiring.job_context(SITE, stores, lambda: at)
    started, begun = time.perf_counter(), time.process_time()
    trending.refresh(context, UncancellableWork(), parameters={"full": full}, movies=_known)
    return time.perf_counter() - started, time.process_time() - begun


def _nightly(job: Callable[[JobContext], object], context: JobContext) -> tuple[float, float]:
    started, begun = time.perf_counter(), time.process_time()
    job(context)
    return time.perf_counter() - started, time.process_time() - begun


def _figures(taken: Sequence[tuple[float, float]]) -> dict[str, float]:
    wall, own = zip(*taken, strict=True)
    return {
        "median": round(statistics.median(wall), 3),
        "worst": round(max(wall), 3),
        "own": round(statistics.median(own), 3),
        "runs": len(taken),
    }


@contextmanager
def _filled(url: str) -> Iterator[tuple[Stores, np.random.Generator]]:
    """Yield the stores of a database with all events."""
    stores, random = database.open(url), np.random.default_rng(SEED)
    try:
        _sign_up(url)
        seconds = np.sort(random.uniform(NOW.timestamp() - DAYS * 86_400, NOW.timestamp(), EVENTS))
        for start in range(0, EVENTS, PORTION):
            stores.events.add(_events(seconds[start : start + PORTION], random))
        yield stores, random
    finally:
        database.close(stores)


def _sign_up(url: str) -> None:
    """Create all users at once; one at a time would take minutes."""
    rows = [
        {
            "name": f"user {number}",
            "folded_name": f"user {number}",
            "password_hash": "-",
            "administrator": False,
            "preferences": {},
            "revision": 0,
            "created_at": NOW,
        }
        for number in range(USERS)
    ]
    engine = connections.engine(connections.parse(url), single=True)
    with engine.begin() as connection:
        connection.execute(sa.insert(schema.users), rows)
    engine.dispose()


def _events(seconds: np.ndarray[Any, np.dtype[np.float64]], random: np.random.Generator) -> list[Event]:
    shares = 1 / np.arange(1, MOVIES + 1) ** ZIPF
    number = len(seconds)
    movies = random.choice(MOVIES, number, p=shares / shares.sum()) + 1
    kinds = random.choice(len(KINDS), number, p=list(KINDS.values()))
    users = random.integers(1, USERS + 1, number)
    searched = random.random(number) < SEARCHED
    named = tuple(KINDS)
    return [
        Event(
            named[kind],
            datetime.fromtimestamp(at, UTC),
            UserId(user),
            MovieId(movie),
            query="a man alone" if asked else "",
        )
        for kind, at, user, movie, asked in zip(
            kinds.tolist(), seconds.tolist(), users.tolist(), movies.tolist(), searched.tolist(), strict=True
        )
    ]


_MOVIES = {MovieId(number): Movie(MovieId(number), f"Film {number}") for number in range(1, MOVIES + 1)}


def _known(movies: Sequence[MovieId]) -> list[Movie]:
    return [_MOVIES[movie] for movie in movies]
