"""The wrapper of every run: its row, lease, progress, time limit and outcome.

Any error in a job ends here, as an outcome with a traceback, so that the scheduler continues.
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
from core.settings import redaction
from data.database import Stores
from engine.clock import Clock, now
from engine.job_context import ContextFactory, JobFunction
from jobs import leases
from jobs.heartbeat import Heartbeat
from jobs.leases import HeldLease, Intervals, new_token
from jobs.progress import RunProgress, Stop, Watch

EXIT_STUCK = 5
"""Exit code of a process whose work did not stop; not one that gunicorn, a possible parent, interprets."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Site:
    """What runs need: settings, stores, job context, clock and intervals."""

    settings: Settings
    stores: Stores
    make_context: ContextFactory
    clock: Clock = now
    rhythm: Intervals = field(default_factory=Intervals)


@dataclass(frozen=True)
class Order:
    """A request to run a job."""

    job: Job
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Overridden by those of a queued run, if there is one."""
    attempt: int = 1
    token: str = field(default_factory=new_token)
    """Makes the holder name of this run unique."""
    parent: int | None = None
    """Id of the process whose death stops the run."""

    @property
    def holder(self) -> str:
        """The holder name of this process for this run."""
        return leases.holder(self.token)


@dataclass(frozen=True)
class _Ending:
    outcome: Outcome
    figures: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def run(
    order: Order, site: Site, *, watch: Watch | None = None, started: Callable[[RunProgress], None] = lambda _work: None
) -> Run:
    """Run a job once, whatever its outcome; return the run as recorded.

    Args:
        watch: an additional observer of the progress.
        started: called with the work before it starts, to let a signal stop it.

    Raises:
        Busy: it is already running, here or on another machine.
        StoreUnavailable: the database is unreachable, before or after the run.
    """
    held = HeldLease(site.stores.leases, lease(order.job.name), order.holder, clock=site.clock, rhythm=site.rhythm)
    if not held.acquire():
        raise Busy(f"{order.job.name} is already running in another process; wait for it or cancel it")
    try:
        row = _begin(order, site)
        work = RunProgress(row, site.stores.jobs, clock=site.clock, watch=watch)
        started(work)
        ending = _execute(order, row, work, held, site)
        _record_outcome(row, work, ending, site)
        return site.stores.jobs.get(row.id)
    finally:
        held.give_back()


def lease(job: str) -> str:
    """Return the name of a job's lease."""
    return f"job:{job}"


def _begin(order: Order, site: Site) -> Run:
    """Insert the row of the run. If another run seems to be active although this process has the lease, it is dead."""
    jobs, name, at = site.stores.jobs, order.job.name, site.clock()
    for dead in jobs.live():
        if dead.job == name and dead.outcome is Outcome.RUNNING:
            log.warning("run %d of %s was abandoned by %s, which is dead", dead.id, name, dead.holder)
            jobs.abandon(holder=dead.holder, at=at)
    return jobs.start(name, holder=order.holder, at=at, parameters=order.parameters, attempt=order.attempt)


def _execute(order: Order, row: Run, work: RunProgress, held: HeldLease, site: Site) -> _Ending:
    def stuck(why: Stop, place: str) -> None:
        words = f"{why.words}; it did not stop within {site.rhythm.stop:g} s, so its process was killed. It was here:\n"
        _record_outcome(row, work, _Ending(why.outcome, error=f"{words}{place}"), site)
        held.give_back()
        os._exit(EXIT_STUCK)

    limit, rhythm = order.job.limit, site.rhythm
    try:
        with Heartbeat(work, held, rhythm=rhythm, limit=limit, parent=order.parent, stuck=stuck):
            function: JobFunction = pkgutil.resolve_name(order.job.function)
            context = site.make_context(site.settings, site.stores, site.clock)
            result = function(context, work, parameters=row.parameters)
    except KeyboardInterrupt:
        return _Ending(Outcome.CANCELLED, error="interrupted by Ctrl-C")
    except Exception as error:  # noqa: BLE001 - any error becomes an outcome with its traceback
        return _failed(work, error)
    return _Ending(Outcome.REJECTED if result.rejected else Outcome.DONE, _figures(result))


def _failed(work: RunProgress, error: Exception) -> _Ending:
    """Return the outcome; a requested stop takes precedence over the error it caused."""
    if work.stopped is not None:
        return _Ending(work.stopped.outcome, error=work.stopped.words)
    log.error("%s: %s", type(error).__name__, error)
    return _Ending(Outcome.FAILED, error=redaction.scrub("".join(traceback.format_exception(error))))


def _figures(result: Result) -> Mapping[str, Any]:
    return {**result.figures, "rejected": result.rejected} if result.rejected else result.figures


def _record_outcome(row: Run, work: RunProgress, ending: _Ending, site: Site) -> None:
    """Record the rest of the log and the outcome, retrying for a while if the database is unreachable."""
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
