"""Runs in processes of their own: what they load goes with them, and one that hangs can be ended."""

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
from engine import logs
from engine.job_context import ContextFactory
from jobs import leases, run
from jobs.leases import Intervals
from jobs.progress import RunProgress, Stop
from jobs.run import Order, Site

EXIT_BUSY, EXIT_UNAVAILABLE, EXIT_UNMADE = 6, 7, 8
NICENESS = 5
"""Serving goes first: jobs get what processor time it leaves."""

log = logging.getLogger(__name__)
_spawning = multiprocessing.get_context("spawn")


class Launched(Protocol):
    """A run under way."""

    @property
    def holder(self) -> str:
        """Who runs it."""
        ...

    def ended(self) -> int | None:
        """How its process ended, 0 for well; None while it is under way."""
        ...

    def stop(self) -> None:
        """Tell it to stop."""
        ...

    def kill(self) -> None:
        """End it, at once."""
        ...


class Launcher(Protocol):
    """How runs are begun."""

    def __call__(self, order: Order, site: Site) -> Launched:
        """Begin one."""
        ...


class Process:
    """A run in a process of its own."""

    def __init__(self, order: Order, site: Site) -> None:
        self._process: SpawnProcess = _spawning.Process(
            target=_work,
            args=(replace(order, parent=os.getpid()), site.settings, site.make_context, site.rhythm),
            name=order.job.name,
        )
        self._process.start()
        self.holder = leases.holder(order.token, pid=self._process.pid)

    def ended(self) -> int | None:
        """How its process ended."""
        return self._process.exitcode

    def stop(self) -> None:
        """Tell it to stop."""
        self._process.terminate()

    def kill(self) -> None:
        """End it, at once."""
        self._process.kill()
        self._process.join()


def apart(order: Order, site: Site) -> Launched:
    """Run in a process that ends when this one does."""
    return Process(order, site)


@dataclass(frozen=True)
class _Ended:
    """A run that was over before anybody looked."""

    code: int
    holder: str

    def ended(self) -> int | None:
        return self.code

    def stop(self) -> None:
        return

    def kill(self) -> None:
        return


def not_begun(order: Order) -> Launched:
    """What stands for a run for which no process could be made."""
    return _Ended(EXIT_UNMADE, order.holder)


def here(order: Order, site: Site) -> Launched:
    """Run in this process, to its end: for tests that let a week pass in seconds."""
    try:
        run.run(order, site)
    except Busy as busy:
        log.warning("%s", busy)
        return _Ended(EXIT_BUSY, order.holder)
    return _Ended(0, order.holder)


def _work(order: Order, settings: Settings, make_context: ContextFactory, rhythm: Intervals) -> None:
    """The whole life of the process of a run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the scheduler, which tells this process
    logs.start(settings)
    os.nice(NICENESS)
    try:
        stores = database.open(settings.database)
        run.run(order, Site(settings, stores, make_context, rhythm=rhythm), started=_stops_on_signal)
    except Busy as busy:
        log.warning("%s", busy)
        sys.exit(EXIT_BUSY)
    except StoreUnavailable as error:
        log.error("%s was not run, or its end not written down: %s", order.job.name, error)
        sys.exit(EXIT_UNAVAILABLE)


def _stops_on_signal(work: RunProgress) -> None:
    words = "the scheduler ends; the next one runs this again"
    signal.signal(signal.SIGTERM, lambda *_: work.stop(Stop(Outcome.ABANDONED, words)))
