"""Time of a training run, from the ratings to a published model with its factors in the search engine."""

from __future__ import annotations

import resource
import time
from typing import Any

from core.config import Settings
from core.jobs.work import UncancellableWork
from engine import wiring
from engine.training import factor_publication, service


def measure(settings: Settings) -> dict[str, Any]:
    """Train, publish and write the factors; call it in a separate process, so that imports and memory count."""
    started = time.perf_counter()
    stores, store, registry = wiring.people(settings), wiring.store(settings), wiring.models(settings)
    report = service.run(settings, UncancellableWork(), stores=stores, index_store=store, registry=registry)
    return {
        "ratings": report.ratings,
        "films": report.movies,
        "seconds": round(time.perf_counter() - started, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def stamp(settings: Settings) -> dict[str, Any]:
    """Write the factors of the model that `measure` published into the index of another engine."""
    started = time.perf_counter()
    movies = factor_publication.publish_factors(wiring.store(settings), wiring.models(settings))
    return {"films": movies, "seconds": round(time.perf_counter() - started, 1)}
