"""The one wrapper around every run of a job: its row, its lease, its progress, its time limit, its outcome.

Whatever goes wrong in a job ends here, as an outcome with a traceback: the clock goes on.
"""

from __future__ import annotations

import logging
import os
import pkgutil
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.config import Settings
from core.errors import Busy, StoreUnavailable
from core.jobs.job_catalogue import Job
from core.jobs.runs import Outcome, Result, Run
from data.database import Stores
from engine.clock import Clock, now
from engine.job_context import ContextFactory, JobFunction
from jobs import leases
from jobs.heartbeat import Heartbeat
from jobs.leases import HeldLease, Intervals, new_token
from jobs.progress import RunProgress, Stop, Watch

EXIT_STUCK = 5
"""How a process ends whose work did not stop; not a code that gunicorn, which may be the parent, means something by."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Site:
    """Where jobs run: what they are done with, and how time passes."""

    settings: Settings
    stores: Stores
    make_context: ContextFactory
    clock: Clock = now
    rhythm: Intervals = field(default_factory=Intervals)


@dataclass(frozen=True)
class Order:
    """What is to be run, and for whom."""

    job: Job
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Those of the wish count, where somebody left one."""
    attempt: int = 1
    token: str = field(default_factory=new_token)
    """Tells this run's holder from all others."""
    parent: int | None = None
    """The process without which the run has no business."""

    @property
    def holder(self) -> str:
        """This process, while it runs this."""
        return leases.holder(self.token)


@dataclass(frozen=True)
class _Ending:
    outcome: Outcome
    figures: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def run(
    order: Order, site: Site, *, watch: Watch | None = None, started: Callable[[RunProgress], None] = lambda _work: None
) -> Run:
    """Run a job once, to whatever end; gives the run as it is written down.

    Args:
        watch: who else is told how far it is.
        started: given the work before it begins, so that a signal may stop it.

    Raises:
        Busy: it is running already, here or on another machine.
        StoreUnavailable: the database cannot be reached, before or after.
    """
    held = HeldLease(site.stores.leases, lease(order.job.name), order.holder, clock=site.clock, rhythm=site.rhythm)
    if not held.acquire():
        raise Busy(f"{order.job.name} is running already, in another process; wait for its end, or cancel it")
    try:
        row = _begin(order, site)
        work = RunProgress(row, site.stores.jobs, clock=site.clock, watch=watch)
        started(work)
        ending = _carried_out(order, row, work, held, site)
        _write_down(row, work, ending, site)
        return site.stores.jobs.get(row.id)
    finally:
        held.give_back()


def lease(job: str) -> str:
    """The name of a job's lease."""
    return f"job:{job}"


def _begin(order: Order, site: Site) -> Run:
    """The row of the run. One that seems to run while this process has the lease belongs to a dead one."""
    jobs, name, at = site.stores.jobs, order.job.name, site.clock()
    for dead in jobs.live():
        if dead.job == name and dead.outcome is Outcome.RUNNING:
            log.warning("run %d of %s was left by %s, which is dead", dead.id, name, dead.holder)
            jobs.abandon(holder=dead.holder, at=at)
    return jobs.start(name, holder=order.holder, at=at, parameters=order.parameters, attempt=order.attempt)


def _carried_out(order: Order, row: Run, work: RunProgress, held: HeldLease, site: Site) -> _Ending:
    def stuck(why: Stop, place: str) -> None:
        words = f"{why.words}; it did not stop within {site.rhythm.stop:g} s, so its process was ended. It was here:\n"
        _write_down(row, work, _Ending(why.outcome, error=f"{words}{place}"), site)
        held.give_back()
        os._exit(EXIT_STUCK)

    limit, rhythm = order.job.limit, site.rhythm
    try:
        with Heartbeat(work, held, rhythm=rhythm, limit=limit, parent=order.parent, stuck=stuck):
            function: JobFunction = pkgutil.resolve_name(order.job.function)
            context = site.make_context(site.settings, site.stores, site.clock)
            result = function(context, work, parameters=row.parameters)
    except KeyboardInterrupt:
        return _Ending(Outcome.CANCELLED, error="stopped from the keyboard")
    except Exception as error:  # noqa: BLE001 - whatever it is becomes an outcome, with its traceback
        return _failed(work, error)
    return _Ending(Outcome.REJECTED if result.rejected else Outcome.DONE, _figures(result))


def _failed(work: RunProgress, error: Exception) -> _Ending:
    """What stopped the work counts, whatever it broke on its way out."""
    if work.stopped is not None:
        return _Ending(work.stopped.outcome, error=work.stopped.words)
    log.error("%s: %s", type(error).__name__, error)
    return _Ending(Outcome.FAILED, error="".join(traceback.format_exception(error)))


def _figures(result: Result) -> Mapping[str, Any]:
    return {**result.figures, "rejected": result.rejected} if result.rejected else result.figures


def _write_down(row: Run, work: RunProgress, ending: _Ending, site: Site) -> None:
    """What is left of the log, and the outcome. A database that is away for a moment does not make it unknown."""
    give_up = time.monotonic() + site.rhythm.lease
    while True:
        try:
            work.write()
            site.stores.jobs.finish(
                row.id, outcome=ending.outcome, at=site.clock(), figures=ending.figures, error=ending.error
            )
        except StoreUnavailable:
            if time.monotonic() > give_up:
                raise
            time.sleep(site.rhythm.write)
        else:
            log.info("%s, run %d: %s", row.job, row.id, ending.outcome)
            return
