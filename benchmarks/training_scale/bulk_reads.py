"""Reading all ratings of a site: seconds, and peak of memory, in a process of its own."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import workplace
from benchmarks.training_scale import filling, synthetic
from benchmarks.training_scale.synthetic import Size
from benchmarks.users import postgres
from data import database

PER_USER, MOVIES = 150, 60_000
"""Ratings of a user, about as in MovieLens 25M, and the number of movies."""
MEGABYTE = 1024


def measure(ratings: int, *, sqlite: bool = True, postgres_url: str = "") -> dict[str, Any]:
    """Return the figures of each of the databases asked for."""
    size = Size(ratings, MOVIES, max(1, ratings // PER_USER))
    found = {}
    if sqlite:
        with tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'people.sqlite'}"
            workplace.in_process(_fill, url, size)
            found["sqlite"] = workplace.in_process(_read, url)
    if postgres_url:
        with postgres.database(postgres_url) as url:
            workplace.in_process(_fill, url, size)
            found["postgresql"] = workplace.in_process(_read, url)
    return found


def _fill(url: str, size: Size) -> None:
    snapshot = synthetic.evenly(size)
    (filling.sqlite if url.startswith("sqlite") else filling.postgresql)(url, snapshot)


def _read(url: str) -> dict[str, Any]:
    stores = database.open(url)
    stores.diaries.totals()  # opens the connection
    started, cpu = time.perf_counter(), time.process_time()
    snapshot = stores.diaries.snapshot()
    taken, worked = time.perf_counter() - started, time.process_time() - cpu
    database.close(stores)
    return {
        "ratings": len(snapshot.stars),
        "seconds": round(taken, 1),
        "cpu_seconds": round(worked, 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE),
    }
