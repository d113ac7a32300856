"""Entry points: the scheduler process, and a single run in the foreground."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any

from core.config import Settings
from core.errors import Busy
from core.jobs.runs import Outcome, Run, check_parameters
from data import database
from data.database import Stores
from engine import operations
from engine.job_context import ContextFactory
from engine.telemetry import logs
from jobs import run
from jobs.progress import RunProgress, Stop, Watch
from jobs.run import Order, Site
from jobs.scheduler import Scheduler


def serve(settings: Settings, make_context: ContextFactory, *, beside: int | None = None) -> None:
    """Run the scheduler until SIGTERM or SIGINT, or until the parent process `beside` has exited.

    Raises:
        StoreUnavailable: the database cannot be opened.
    """
    logs.start(settings)
    stores = database.open_for(settings)
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    try:
        scheduler = Scheduler(settings, stores, make_context)
        scheduler.run(stop, alive=lambda: beside is None or os.getppid() == beside)
    finally:
        database.close(stores)


def one(
    settings: Settings, make_context: ContextFactory, name: str, *, parameters: Mapping[str, Any], watch: Watch
) -> Run:
    """Run a job now, in this process, and return the run with its outcome.

    Raises:
        NotFound, InvalidRequest, Busy, StoreUnavailable: the run was not started.
    """
    job = operations.named(name)
    check_parameters(operations.parameters(job), parameters)
    stores = database.open_for(settings)
    try:
        _refuse_other_parameters(stores, name, parameters)
        site = Site(settings, stores, make_context)
        return run.run(Order(job, parameters), site, watch=watch, started=_stops_on_signal)
    finally:
        database.close(stores)


def _refuse_other_parameters(stores: Stores, name: str, given: Mapping[str, Any]) -> None:
    """Refuse to drop given parameters: a run takes over the queued run of its job, including its parameters."""
    queued = next((found for found in stores.jobs.queued() if found.job == name), None)
    if given and queued is not None and dict(queued.parameters) != dict(given):
        queued_parameters = (
            ", ".join(f"{key}={value}" for key, value in queued.parameters.items()) or "without parameters"
        )
        raise Busy(
            f"{name} is already queued with other parameters (run {queued.id}: {queued_parameters}); wait for it, "
            "cancel it, or run it without --set"
        )


def _stops_on_signal(work: RunProgress) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        work.stop(Stop(Outcome.CANCELLED, "its process received SIGTERM"))

    signal.signal(signal.SIGTERM, handle)
