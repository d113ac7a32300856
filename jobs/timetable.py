"""APScheduler with its job store in the database, stepped with an injected clock.

APScheduler's own loop reads the system clock and does not track what it started. Here, the scheduler steps it once a
second, only in the process that holds the lease. Used from APScheduler are its triggers, jobs and job store, whose
table (`apscheduler_jobs`) belongs to APScheduler: no migration touches it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.job import Job as Line
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from core.jobs.job_catalogue import Job, Schedule
from core.jobs.runs import AGAIN
from data import database

SLACK = timedelta(minutes=1)
"""A job that has just run does not run again if the clock is set back by this much."""
LONGEST_PAUSE = timedelta(hours=1)
PAUSE_JITTER = 0.25
"""Share by which a pause is randomly longer or shorter, so that jobs that failed together do not retry together."""

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - not used for secrets

Fire = Callable[[str, Mapping[str, Any]], bool]
"""Called with a job's name and how to run it: nothing for a regular run, attempt and parameters for a retry.
Returns False to leave it due."""


def trigger(schedule: Schedule) -> CronTrigger:
    """Return APScheduler's trigger for a schedule, with all fields: a stored time is kept if its text is unchanged."""
    return CronTrigger(
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


def due(name: str, **_how: object) -> str:
    """Return the name of the due job. APScheduler's rows must reference a function: this one."""
    return name


class Timetable:
    """The next times of the jobs; survives restarts."""

    def __init__(self, url: str) -> None:
        self._database = database.SchedulerEngine(url)
        self._scheduler = _Stepped(
            jobstores={"default": SQLAlchemyJobStore(engine=self._database.engine)},
            job_defaults={"coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Open the job store."""
        with self._database.translated():
            self._scheduler.start()

    def follow(self, jobs: tuple[Job, ...], *, now: datetime) -> None:
        """Synchronize the rows with the catalogue. Times of unchanged rows are kept, unless set by a wrong clock."""
        names = {job.name for job in jobs}
        with self._database.translated():
            known = {line.id: line for line in self._scheduler.get_jobs()}
            for job in jobs:
                self._place(job, known.get(job.name), now)
            for line in known.values():
                if str(line.args[0]) not in names:
                    self._scheduler.remove_job(line.id)
                elif line.id.startswith(AGAIN) and line.next_run_time > now + LONGEST_PAUSE * (1 + PAUSE_JITTER):
                    self._scheduler.modify_job(line.id, next_run_time=now)

    def stop(self) -> None:
        """Close the job store; its rows stay."""
        if self._scheduler.running:
            self._scheduler.shutdown()

    def step(self, now: datetime, fire: Fire) -> None:
        """Call `fire` once for every job that is due, however often it was missed, and set its next time.

        The row is updated afterwards: if the process dies in between, the job stays due.
        """
        with self._database.translated():
            lines = self._scheduler.due(now)
        for line in lines:
            late = now - line.next_run_time
            if late.total_seconds() > line.misfire_grace_time:
                log.warning(
                    "%s was due %s ago, while no scheduler was running: skipped until its next time", line.id, late
                )
            elif not fire(str(line.args[0]), line.kwargs):
                continue
            with self._database.translated():
                self._scheduler.move_on(line, now)

    def again(self, name: str, *, at: datetime, attempt: int, parameters: Mapping[str, Any]) -> None:
        """Schedule another run of a job."""
        with self._database.translated():
            self._scheduler.add_job(
                due,
                DateTrigger(at),
                args=[name],
                kwargs={"attempt": attempt, "parameters": dict(parameters)},
                id=f"{AGAIN}{name}",
                next_run_time=at,
                misfire_grace_time=int(timedelta(days=1).total_seconds()),
                replace_existing=True,
            )

    def waits(self, name: str) -> bool:
        """Whether a retry of a job is scheduled."""
        with self._database.translated():
            return self._scheduler.get_job(f"{AGAIN}{name}") is not None

    def _place(self, job: Job, line: Line | None, now: datetime) -> None:
        self._scheduler.add_job(
            due,
            trigger(job.schedule),
            args=[job.name],
            id=job.name,
            next_run_time=_next(job, line, now),
            misfire_grace_time=int(job.grace.total_seconds()),
            replace_existing=True,
        )


def _next(job: Job, line: Line | None, now: datetime) -> datetime | None:
    """Return the time of an unchanged row, else the trigger's next one, also if the row's time lies after that."""
    wanted = trigger(job.schedule)
    upcoming: datetime | None = wanted.get_next_fire_time(None, now)
    if line is None or repr(line.trigger) != repr(wanted):
        return upcoming
    kept: datetime = line.next_run_time
    latest = wanted.get_next_fire_time(None, now + SLACK)
    return upcoming if latest is not None and kept > latest + job.schedule.jitter else kept


class _Stepped(BaseScheduler):  # type: ignore[misc]  # apscheduler is not typed
    """APScheduler without its own loop."""

    def wakeup(self) -> None:
        """Do nothing: steps are triggered from outside."""

    def shutdown(self, wait: bool = True) -> None:
        """Close the job store."""
        super().shutdown(wait)

    def due(self, now: datetime) -> list[Line]:
        """Return the rows that are due."""
        with self._jobstores_lock:
            return list(self._lookup_jobstore("default").get_due_jobs(now))

    def move_on(self, line: Line, now: datetime) -> None:
        """Set a row's next time after `now`; delete rows without one. A row removed by somebody else is ignored."""
        upcoming = line.trigger.get_next_fire_time(line.next_run_time, now)
        if upcoming is not None and upcoming <= now:
            upcoming = line.trigger.get_next_fire_time(None, now + timedelta.resolution)
        try:
            if upcoming is None:
                self.remove_job(line.id)
            else:
                self.modify_job(line.id, next_run_time=upcoming)
        except JobLookupError:
            log.info("%s was already removed from the timetable by another process", line.id)
