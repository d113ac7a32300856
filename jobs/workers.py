"""Runs in separate processes: their memory is freed with them, and one that hangs can be killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass, replace
from multiprocessing.context import SpawnProcess
from typing import Protocol

from core.config import Settings
from core.errors import Busy, StoreUnavailable
from core.jobs.runs import Outcome
from data import database
from engine.job_context import ContextFactory
from engine.telemetry import logs
from jobs import leases, run
from jobs.leases import Intervals
from jobs.progress import RunProgress, Stop
from jobs.run import Order, Site

EXIT_BUSY, EXIT_UNAVAILABLE, EXIT_UNMADE = 6, 7, 8
NICENESS = 5
"""Jobs get only the processor time that serving leaves."""

log = logging.getLogger(__name__)
_spawning = multiprocessing.get_context("spawn")


class Launched(Protocol):
    """An active run."""

    @property
    def holder(self) -> str:
        """The holder name of its process."""
        ...

    def ended(self) -> int | None:
        """Return the exit code of its process, 0 for success; None while it is running."""
        ...

    def stop(self) -> None:
        """Request it to stop."""
        ...

    def kill(self) -> None:
        """Kill its process."""
        ...


class Launcher(Protocol):
    """Starts runs."""

    def __call__(self, order: Order, site: Site) -> Launched:
        """Start a run."""
        ...


class Process:
    """A run in its own process."""

    def __init__(self, order: Order, site: Site) -> None:
        self._process: SpawnProcess = _spawning.Process(
            target=_work,
            args=(replace(order, parent=os.getpid()), site.settings, site.make_context, site.rhythm),
            name=order.job.name,
        )
        self._process.start()
        self.holder = leases.holder(order.token, pid=self._process.pid)

    def ended(self) -> int | None:
        """Return the exit code of its process, or None."""
        return self._process.exitcode

    def stop(self) -> None:
        """Request it to stop."""
        self._process.terminate()

    def kill(self) -> None:
        """Kill its process and wait for it."""
        self._process.kill()
        self._process.join()


def apart(order: Order, site: Site) -> Launched:
    """Start a run in a process that ends when this one does."""
    return Process(order, site)


@dataclass(frozen=True)
class _Ended:
    """A run that has already ended."""

    code: int
    holder: str

    def ended(self) -> int | None:
        return self.code

    def stop(self) -> None:
        return

    def kill(self) -> None:
        return


def not_started(order: Order) -> Launched:
    """Return a stand-in for a run whose process could not be started."""
    return _Ended(EXIT_UNMADE, order.holder)


def here(order: Order, site: Site) -> Launched:
    """Run in this process until the end, for tests that simulate a week in seconds."""
    try:
        run.run(order, site)
    except Busy as busy:
        log.warning("%s", busy)
        return _Ended(EXIT_BUSY, order.holder)
    return _Ended(0, order.holder)


def _work(order: Order, settings: Settings, make_context: ContextFactory, rhythm: Intervals) -> None:
    """Execute a run: the main function of its process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the scheduler, which stops this process
    logs.start(settings)
    os.nice(NICENESS)
    try:
        stores = database.open_for(settings)
        run.run(order, Site(settings, stores, make_context, rhythm=rhythm), started=_stops_on_signal)
    except Busy as busy:
        log.warning("%s", busy)
        sys.exit(EXIT_BUSY)
    except StoreUnavailable as error:
        log.error("%s was not run, or its outcome not recorded: %s", order.job.name, error)
        sys.exit(EXIT_UNAVAILABLE)


def _stops_on_signal(work: RunProgress) -> None:
    words = "the scheduler is shutting down; the next one runs this again"
    signal.signal(signal.SIGTERM, lambda *_: work.stop(Stop(Outcome.ABANDONED, words)))
