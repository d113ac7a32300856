"""The timetable: when each job runs next, in the database, stepped with an injected clock.

The scheduler steps it once a second, only in the process that holds the lease. Used from APScheduler are its cron
triggers alone: its own loop reads the system clock, and its job store keeps Python pickles, which would let whoever can
write to the database run code.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from core.jobs.job_catalogue import Job, Schedule
from core.jobs.runs import AGAIN, JobTime
from data.database import Stores

SLACK = timedelta(minutes=1)
"""A job that has just run does not run again if the clock is set back by this much."""
LONGEST_PAUSE = timedelta(hours=1)
RETRY_GRACE = timedelta(days=1)
PAUSE_JITTER = 0.25
"""Share by which a pause is randomly longer or shorter, so that jobs that failed together do not retry together."""

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - not used for secrets

Fire = Callable[[str, Mapping[str, Any]], bool]
"""Called with a job's name and how to run it: nothing for a regular run, attempt and parameters for a retry.
Returns False to leave it due."""


def trigger(schedule: Schedule) -> CronTrigger:
    """Return the trigger of a schedule, with all fields: a stored time is kept if its text is unchanged."""
    # A field that is not given is no part of the text.
    monthly = {} if schedule.day == "*" else {"day": schedule.day}
    return CronTrigger(
        **monthly,
        minute=schedule.minute,
        hour=schedule.hour,
        day_of_week=schedule.day_of_week,
        jitter=int(schedule.jitter.total_seconds()),
        timezone=UTC,
    )


def pause(attempt: int, *, first: float) -> timedelta:
    """Return the pause before an attempt from the second on: `first` seconds, doubled each time, at most an hour."""
    doubled = first * 2.0 ** min(max(0, attempt - 2), 32)
    return min(timedelta(seconds=min(doubled, 1e6)), LONGEST_PAUSE) * _dice.uniform(1 - PAUSE_JITTER, 1 + PAUSE_JITTER)


class Timetable:
    """The next times of the jobs; survives restarts."""

    def __init__(self, stores: Stores, jobs: tuple[Job, ...]) -> None:
        self._store, self._jobs = stores.job_times, {job.name: job for job in jobs}

    def follow(self, *, now: datetime) -> None:
        """Synchronize the rows with the catalogue. Times of unchanged rows are kept, unless set by a wrong clock."""
        known = {time.id: time for time in self._store.all()}
        current = [time for time in known.values() if time.job in self._jobs]
        latest = now + LONGEST_PAUSE * (1 + PAUSE_JITTER)
        early = [replace(time, at=now) for time in current if time.retry and time.at > latest]
        placed = [_placed(job, known.get(job.name), now) for job in self._jobs.values()]
        gone = [time.id for time in known.values() if time.job not in self._jobs]
        self._store.change(put=[*placed, *early], remove=gone)

    def step(self, now: datetime, fire: Fire) -> None:
        """Call `fire` once for every job that is due, however often it was missed, and set its next time.

        The row is updated afterwards: if the process dies in between, the job stays due.
        """
        for time in self._store.all(until=now):
            late = now - time.at
            if late > time.grace:
                log.warning(
                    "%s was due %s ago, while no scheduler was running: skipped until its next time", time.id, late
                )
            elif not fire(time.job, _how(time)):
                continue
            if not self._store.move(time, self._upcoming(time, now)):
                log.info("the time of %s was already changed by another process", time.id)

    def again(self, name: str, *, at: datetime, attempt: int, parameters: Mapping[str, Any]) -> None:
        """Schedule another run of a job."""
        self._store.change(put=[JobTime(f"{AGAIN}{name}", name, at, "", RETRY_GRACE, attempt, parameters)])

    def waits(self, name: str) -> bool:
        """Whether a retry of a job is scheduled."""
        return self._store.get(f"{AGAIN}{name}") is not None

    def _upcoming(self, time: JobTime, now: datetime) -> datetime | None:
        """Return the next time after `now`; None for a retry."""
        job = self._jobs.get(time.job)
        if time.retry or job is None:
            return None
        wanted = trigger(job.schedule)
        upcoming: datetime | None = wanted.get_next_fire_time(time.at, now)
        if upcoming is not None and upcoming <= now:
            upcoming = wanted.get_next_fire_time(None, now + timedelta.resolution)
        return upcoming


def _how(time: JobTime) -> Mapping[str, Any]:
    return {"attempt": time.attempt, "parameters": dict(time.parameters)} if time.retry else {}


def _placed(job: Job, known: JobTime | None, now: datetime) -> JobTime:
    wanted = trigger(job.schedule)
    return JobTime(job.name, job.name, _next(job, wanted, known, now), repr(wanted), job.grace)


def _next(job: Job, wanted: CronTrigger, known: JobTime | None, now: datetime) -> datetime:
    """Return the time of an unchanged row, else the trigger's next one, also if the row's time lies after that."""
    upcoming: datetime = wanted.get_next_fire_time(None, now)
    # Times that a migration copied from APScheduler's table have no schedule.
    if known is None or known.schedule not in ("", repr(wanted)):
        return upcoming
    latest = wanted.get_next_fire_time(None, now + SLACK)
    return upcoming if latest is not None and known.at > latest + job.schedule.jitter else known.at
