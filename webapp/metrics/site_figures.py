"""Figures of the site rather than of a process: index, model and jobs, read when they are asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.errors import MarqueeError
from core.jobs.job_catalogue import NAMES
from core.jobs.runs import Outcome
from engine.clock import Clock, now
from engine.registry import version_ids
from engine.services import Services

KEPT = 10.0
"""Seconds that figures are kept, so that scraping often costs the database nothing."""
OUTCOMES = tuple(outcome for outcome in Outcome if outcome.ended)
EMPTY = (
    ("marquee_index_age_seconds", "Time since the published index was built.", ()),
    ("marquee_index_movies", "Movies in the published index.", ()),
    ("marquee_model_age_seconds", "Time since the served model was trained.", ()),
    (
        "marquee_job_last_outcome",
        "1 for the outcome of a job's latest ended run, otherwise 0.",
        ("job_name", "outcome"),
    ),
    ("marquee_job_last_run_age_seconds", "Time since a job's latest run ended.", ("job_name",)),
    ("marquee_job_next_run_seconds", "Time until a job's next run; negative if it is overdue.", ("job_name",)),
    ("marquee_scheduler_up", "Whether a scheduler runs jobs.", ()),
)
"""The figures: name, meaning and labels."""


@dataclass(eq=False)  # a registry hashes its collectors
class SiteFigures(Collector):
    """Index, model and jobs. What cannot be read is left out: `marquee_part_up` says why. Thread-safe."""

    services: Services
    clock: Clock = now
    timer: Callable[[], float] = time.monotonic
    _read_at: float = field(default=float("-inf"), init=False)
    _read: Sequence[GaugeMetricFamily] = field(default=(), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def describe(self) -> Sequence[GaugeMetricFamily]:
        """Return the figures without values, so that registering them reads nothing."""
        return list(_families().values())

    def collect(self) -> Sequence[GaugeMetricFamily]:
        """Return the figures."""
        with self._lock:
            if self.timer() - self._read_at >= KEPT:
                families = _families()
                for name, labels, value in self._figures():
                    families[name].add_metric(labels, value)
                self._read, self._read_at = list(families.values()), self.timer()
            return self._read

    def _figures(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        for read in (self._index, self._model, self._jobs):
            try:
                yield from read()
            except MarqueeError:
                continue

    def _index(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        info = self.services.library.info()
        yield "marquee_index_movies", (), info.count
        built = datetime.fromisoformat(info.built_at)
        yield "marquee_index_age_seconds", (), (self.clock() - built).total_seconds()

    def _model(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        trained = version_ids.moment(self.services.recommending.version())
        if trained is not None:
            yield "marquee_model_age_seconds", (), (self.clock() - trained).total_seconds()

    def _jobs(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        operations, at = self.services.operations, self.clock()
        yield "marquee_scheduler_up", (), float(bool(operations.scheduler()))
        for job, (last, ended) in operations.latest().items():
            if job not in NAMES:  # it was renamed or removed
                continue
            for outcome in OUTCOMES:
                yield "marquee_job_last_outcome", (job, outcome), float(outcome is last)
            yield "marquee_job_last_run_age_seconds", (job,), (at - ended).total_seconds()
        for job, due in operations.upcoming().items():
            yield "marquee_job_next_run_seconds", (job,), (due - at).total_seconds()


def _families() -> dict[str, GaugeMetricFamily]:
    return {name: GaugeMetricFamily(name, about, labels=labels) for name, about, labels in EMPTY}
