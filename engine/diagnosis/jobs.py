"""Checks of the scheduler and of the latest run of each job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.config import Settings
from core.errors import WrongRevision
from core.jobs.job_catalogue import JOBS, Job
from core.jobs.runs import Outcome
from data import database
from engine.clock import Clock
from engine.diagnosis.findings import Finding, ok, warning
from engine.operations import Operations

SCHEDULER = "scheduler"
LATE = timedelta(minutes=10)
"""A scheduler starts jobs within seconds; after a failure, the next one takes over within a minute."""
UNSUCCESSFUL = (Outcome.FAILED, Outcome.ABANDONED)


@dataclass(frozen=True, slots=True)
class JobState:
    """A job with its latest ended run and its next time."""

    job: Job
    last: tuple[Outcome, datetime] | None = None
    """Outcome and end."""
    next: datetime | None = None
    active: bool = False
    """Whether it is queued or running."""


def jobs(settings: Settings, clock: Clock) -> list[Finding]:
    """Check the scheduler and all jobs."""
    try:
        stores = database.open(settings.database, migrate=False)
    except WrongRevision:
        return [
            warning(SCHEDULER, "not checked: the database is at another revision", "run `marquee database migrate`")
        ]
    try:
        operations, times = Operations(stores, clock), stores.jobs.upcoming()
        latest = operations.latest()
        active = {run.job for run in stores.jobs.live()}
        states = [JobState(job, latest.get(job.name), times.get(job.name), job.name in active) for job in JOBS]
        return [judge_scheduler(operations.scheduler()), *(judge_job(state, at=clock()) for state in states)]
    finally:
        database.close(stores)


def judge_scheduler(holder: str) -> Finding:
    """Return the finding about the holder of the scheduler's lease (`host:pid`); empty if nobody holds it."""
    if not holder:
        return warning(SCHEDULER, "no scheduler is running", "start `marquee jobs run` as a service")
    return ok(SCHEDULER, f"process {holder} holds the lease")


def judge_job(state: JobState, *, at: datetime) -> Finding:
    """Return the finding about a job."""
    name, last = f"job {state.job.name}", state.last
    outcome = f"{last[0]} at {last[1]:%Y-%m-%d %H:%M} UTC" if last else "never ran"
    if state.next is not None and state.next < at - LATE and not state.active:
        found = f"overdue since {state.next:%Y-%m-%d %H:%M} UTC; last: {outcome}"
        advice = f"check the scheduler's log, or run it now with `marquee jobs run {state.job.name}`"
        return warning(name, found, advice)
    if last is not None and last[0] in UNSUCCESSFUL:
        return warning(name, f"last: {outcome}", f"see why with `marquee jobs history {state.job.name} --json`")
    return ok(name, f"last: {outcome}{'; active now' if state.active else ''}")
