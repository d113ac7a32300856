"""A retraining in stages: of each the seconds, the processor seconds and the peak of resident memory. Linux only."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.training_scale import filling, synthetic
from benchmarks.training_scale.synthetic import Size
from core.config import Settings
from core.jobs.work import UncancellableWork
from data import database
from engine import wiring
from engine.training import dataset, pipeline, publication
from engine.training.dataset import Dataset
from engine.training.options import Options

NAMES = (
    "search of options",
    "holdout model",
    "weights of the blend",
    "evaluation",
    "fit on everything, publication",
)
"""The stages of a training, in the order of its steps."""
READ, GATHER = "reading ratings", "data set"
MEGABYTE = 1024


@dataclass
class Stages:
    """Measures one stage after another; the latest one lasts until the next begins."""

    found: dict[str, dict[str, float]] = field(default_factory=dict)
    _name: str = ""
    _began: float = 0.0
    _cpu: float = 0.0

    def begin(self, name: str) -> None:
        """End the stage before and begin another one; an empty name ends the last."""
        now, cpu = time.perf_counter(), time.process_time()
        if self._name:
            self.found[self._name] = {
                "seconds": round(now - self._began, 1),
                "cpu_seconds": round(cpu - self._cpu, 1),
                "memory_mb": _peak_mb(),
            }
        _reset_peak()
        self._name, self._began, self._cpu = name, time.perf_counter(), time.process_time()


class _Recorder(UncancellableWork):
    """Turns the steps of a training into stages."""

    def __init__(self, stages: Stages) -> None:
        super().__init__()
        self._stages = stages

    def step(self, name: str, done: int, total: int) -> None:  # noqa: ARG002 - as in `Work`
        """Begin the next stage."""
        if name == pipeline.STEP and done < len(NAMES):
            self._stages.begin(NAMES[done])


def run(size: Size, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a database, then train from it and publish, as the job `retrain` does; call it in a separate process.

    Args:
        settings: of the site, for instance `search_share`.
    """
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder:
        site = Settings(home=Path(folder), offline=True, **settings)
        made = synthetic.make(size)
        filling.sqlite(site.database, made.snapshot)
        world = made.movies, made.vectors
        del made
        return {"ratings": size.ratings, "movies": size.movies, "users": size.users, **_train(site, world)}


def _train(site: Settings, world: tuple[Any, Any]) -> dict[str, Any]:
    stages = Stages()
    cpu, started = time.process_time(), time.perf_counter()
    stages.begin(READ)
    given = _gather(site, world, stages)
    registry = wiring.models(site)
    report = publication.learn(site, given, Options.of(site.training), _Recorder(stages), registry=registry, force=True)
    stages.begin("")
    return {
        "stages": stages.found,
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "memory_mb": max(stage["memory_mb"] for stage in stages.found.values()),
        "metrics": dict(report.manifest["metrics"]),
        "popularity": report.manifest["baselines"]["popularity"]["ndcg@10"],
        "folder_mb": round(sum(file.stat().st_size for file in site.home.glob("models/**/*") if file.is_file()) / 1e6),
    }


def _gather(site: Settings, world: tuple[Any, Any], stages: Stages) -> Dataset:
    stores = wiring.people(site)
    snapshot = stores.diaries.snapshot()
    database.close(stores)
    stages.begin(GATHER)
    movies, vectors = world
    return dataset.gather(movies=movies, vectors=vectors, ratings_folder=None, snapshot=snapshot)


def _peak_mb() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / MEGABYTE)


def _reset_peak() -> None:
    """Make the kernel measure the peak of resident memory anew."""
    if os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
