"""How long a training takes, from the ratings to a published model whose factors the search engine holds."""

from __future__ import annotations

import resource
import time
from typing import Any

from benchmarks.workplace import Silent
from core.config import Settings
from engine import wiring
from engine.training import factor_publication, service


def measure(settings: Settings) -> dict[str, Any]:
    """Train, publish and stamp; call it in a process of its own, so that imports and memory count."""
    started = time.perf_counter()
    stores, store, registry = wiring.people(settings), wiring.store(settings), wiring.models(settings)
    report = service.run(settings, Silent(), stores=stores, index_store=store, registry=registry)
    return {
        "ratings": report.ratings,
        "films": report.movies,
        "seconds": round(time.perf_counter() - started, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def stamp(settings: Settings) -> dict[str, Any]:
    """Put the model that `measure` published into another engine's index."""
    started = time.perf_counter()
    movies = factor_publication.publish_factors(wiring.store(settings), wiring.models(settings))
    return {"films": movies, "seconds": round(time.perf_counter() - started, 1)}
