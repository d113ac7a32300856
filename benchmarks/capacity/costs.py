"""The costs that the capacity table derives, from the results of its measurements. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.capacity.growth import Growth

MILLION, BILLION = 10**6, 10**9
MOVIES = (MILLION,)
RATINGS = (25 * MILLION, BILLION)
EVENTS = (100 * MILLION, BILLION)
SEARCHES_PER_SECOND = 1_000
BUSY = 0.6
"""Share of their processor that web servers should use; beyond, queues grow."""
CORES = 2
"""Of a web server."""
SCALE, TRAINING, JOBS, SPEED = (
    "`python -m benchmarks scale`",
    "`python -m benchmarks.training_scale`",
    "`python -m benchmarks.jobs --only events`",
    "`python -m benchmarks --only speed`",
)
ENGINES = {"embedded": "embedded engine", "elasticsearch": "Elasticsearch"}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def growths(found: Mapping[str, Any]) -> list[Growth]:
    """Return all costs whose measurements are there."""
    return [*_searches(found), *_trainings(found), *_events(found)]


def servers(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return for each engine the processor time of a search in ms, and the servers for the goal."""
    result = {}
    for engine, figures in found.get("speed", {}).items():
        taken = (figures["short"]["processor_ms"] + figures["long"]["processor_ms"]) / 2
        cores = SEARCHES_PER_SECOND * taken / 1000
        result[engine] = {"processor_ms": taken, "cores": cores, "servers": cores / BUSY / CORES}
    return result


def _searches(found: Mapping[str, Any]) -> Iterator[Growth]:
    for engine, sizes in found.get("scale", {}).items():
        if not (pair := _two(sizes)):
            continue
        small, large = pair
        kinds: list[tuple[str, str, Callable[[Mapping[str, Any]], float]]] = [
            ("a search in the engine, median", "ms", lambda one: one["candidates_ms"]["p50"]),
            ("disk", "MB", lambda one: one["disk_mb"]),
            ("writing an index", "s", lambda one: one["build_s"]),
        ]
        if engine == "embedded":  # Elasticsearch has its memory elsewhere
            kinds.append(("memory of a server", "MB", lambda one: one["pss_mb"]))
        for cost, unit, figure in kinds:
            name = f"{ENGINES[engine]}: {cost}"
            ends = (small, figure(sizes[str(small)])), (large, figure(sizes[str(large)]))
            yield Growth(name, unit, "movies", *ends, MOVIES, SCALE)


def _trainings(found: Mapping[str, Any]) -> Iterator[Growth]:
    sizes = {str(one["ratings"]): one for one in found.get("training", {}).values()}
    if not (pair := _two(sizes)):
        return
    small, large = pair
    for cost, unit, key in (("processor", "s", "cpu_seconds"), ("memory", "MB", "memory_mb")):
        ends = (small, sizes[str(small)][key]), (large, sizes[str(large)][key])
        yield Growth(f"training on one machine: {cost}", unit, "ratings", *ends, RATINGS, TRAINING)


def _events(found: Mapping[str, Any]) -> Iterator[Growth]:
    for database, name in DATABASES.items():
        sizes = found.get("events", {}).get(database, {})
        if not (pair := _two(sizes)):
            continue
        for key, cost in (("full_s", "all hours counted"), ("feedback_s", "implicit feedback")):
            small, large = ((size, sizes[str(size)][key]) for size in pair)
            yield Growth(f"{name}: {cost}", "s", "events", small, large, EVENTS, JOBS)


def _two(sizes: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the two largest sizes, between which growth is measured; None if there are fewer."""
    ordered = sorted(map(int, sizes))
    return (ordered[-2], ordered[-1]) if len(ordered) > 1 else None
