"""Sampling of a worker's state: queues, threads, connections and parts, which no request tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from webapp.metrics.instruments import Instruments
from webapp.server.admission import Admission
from webapp.server.health import Health
from webapp.server.shares import Share

EVERY = 2.0
"""Seconds between two samples."""


class Queue(Protocol):
    """A queue of events."""

    @property
    def dropped(self) -> int:
        """The number of lost events."""
        ...


@dataclass
class Sampler:
    """Copies a worker's state into its instruments."""

    instruments: Instruments
    admissions: Mapping[Share, Admission]
    health: Health
    pooled: Callable[[], Mapping[str, int]]
    """Returns the number of database connections by state."""
    queues: Mapping[str, Queue]
    every: float = EVERY
    _seen: dict[str, int] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def start(self) -> None:
        """Sample now, then continuously in the background."""
        self.sample()
        threading.Thread(target=self._run, name="marquee-metrics-sampler", daemon=True).start()

    def sample(self) -> None:
        """Sample once."""
        with self._lock:
            self.instruments.workers.set(1)
            for share, admission in self.admissions.items():
                self.instruments.waiting.labels(share).set(admission.waiting())
                self.instruments.running.labels(share).set(admission.running())
                self.instruments.threads.labels(share).set(admission.slots)
            problems = self.health.problems()
            for part in self.health.checks:
                self.instruments.parts.labels(part).set(part not in problems)
            for state, number in self.pooled().items():
                self.instruments.pool.labels(state).set(number)
            for name, queue in self.queues.items():
                dropped = queue.dropped
                self.instruments.dropped.labels(name).inc(dropped - self._seen.get(name, 0))
                self._seen[name] = dropped

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(self.every):
            self.sample()
