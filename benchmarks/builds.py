"""Time of an index build: cold, with every movie encoded, and warm, with all vectors reused."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from benchmarks import workplace
from benchmarks.workplace import EMBEDDED
from core.config import Settings
from core.jobs.work import UncancellableWork
from engine import wiring
from engine.catalogue import index_build


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Build cold and warm with the embedded engine, warm in Elasticsearch; the home of `engines` must be empty."""
    found: dict[str, Any] = {EMBEDDED: {"cold": _told("cold build", engines[EMBEDDED])}}
    for name, settings in engines.items():
        found.setdefault(name, {})["warm"] = _told(f"warm build, {name}", settings)
    return found


def prepare(engines: Mapping[str, Settings]) -> None:
    """Build the indexes for the other measurements, without measuring."""
    for name, settings in engines.items():
        _told(f"building the {name} index", settings)


def build(settings: Settings) -> dict[str, Any]:
    """Build once; return the figures that the build reports."""
    store, registry = wiring.store(settings), wiring.models(settings)
    report = index_build.run(settings, UncancellableWork(), index_store=store, registry=registry)
    return {
        "films": report.build.count,
        "encoded": report.encoded,
        "films_per_s": round(report.build.count / report.seconds, 1),
        "writing_s": round(report.build.seconds, 2),
    }


def _told(what: str, settings: Settings) -> dict[str, Any]:
    return workplace.timed(what, _timed, settings)


def _timed(settings: Settings) -> dict[str, Any]:
    """Measure the whole process, including imports and loading the encoder: the time that a person waits."""
    started = time.perf_counter()
    figures = workplace.in_process(build, settings)
    return {"seconds": round(time.perf_counter() - started, 2), **figures}
