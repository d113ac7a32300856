"""The life of the process that runs jobs, and of the one that runs a single job for somebody who waits."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any

from core.config import Settings
from core.errors import Busy, NotFound
from core.jobs import JobName, Outcome, Run, check_parameters
from data import database
from data.database import Stores
from engine import logs, operations
from jobs import catalogue, run
from jobs.progress import Reporting, Stop, Watch
from jobs.run import Order, Site
from jobs.scheduler import Scheduler


def serve(settings: Settings, *, beside: int | None = None) -> None:
    """Run the schedule until SIGTERM or SIGINT, or until the process `beside`, which began this one, is gone.

    Raises:
        StoreUnavailable: the database cannot be opened.
    """
    logs.start(settings)
    stores = database.open(settings.database)
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    try:
        Scheduler(settings, stores).run(stop, alive=lambda: beside is None or os.getppid() == beside)
    finally:
        database.close(stores)


def one(settings: Settings, name: str, parameters: Mapping[str, Any], watch: Watch) -> Run:
    """Run one job now, in this process, and give how it ended.

    Raises:
        NotFound, InvalidRequest, Busy, StoreUnavailable: it was not begun.
    """
    job = catalogue.find(operations.named(name))
    if job is None:
        raise NotFound(f"no job is called {name!r}")
    table = operations.table(JobName(name))
    check_parameters(table, parameters)
    stores = database.open(settings.database)
    try:
        _refuse_other_parameters(stores, name, parameters)
        return run.run(Order(job, parameters), Site(settings, stores), watch=watch, started=_stops_on_signal)
    finally:
        database.close(stores)


def _refuse_other_parameters(stores: Stores, name: str, given: Mapping[str, Any]) -> None:
    """A run takes up the wish that waits, with the wish's parameters: those that were typed must not go lost."""
    wish = next((found for found in stores.jobs.asked() if found.job == name), None)
    if given and wish is not None and dict(wish.parameters) != dict(given):
        asked = ", ".join(f"{key}={value}" for key, value in wish.parameters.items()) or "without parameters"
        raise Busy(
            f"{name} is asked for already, with other parameters (run {wish.id}: {asked}); wait for its end, "
            "cancel it, or run it without --set"
        )


def _stops_on_signal(work: Reporting) -> None:
    def told(_number: int, _frame: FrameType | None) -> None:
        work.stop(Stop(Outcome.CANCELLED, "its process was told to stop"))

    signal.signal(signal.SIGTERM, told)
