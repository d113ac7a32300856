"""APScheduler with its table of times in the database, stepped by a clock that is handed in.

Its own loop reads the system's clock and forgets what it began; here the scheduler steps it, once a second, and only in
the process that holds the lease. Kept of APScheduler are its triggers, its jobs and its job store, whose table
(`apscheduler_jobs`) is APScheduler's own: no migration knows it.
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
"""What has just run does not run a second time where the clock is set back by this much."""
LONGEST_PAUSE = timedelta(hours=1)
PAUSE_JITTER = 0.25
"""Share of the pause by which it is longer or shorter: what failed together does not come back together."""

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - no secret

Fire = Callable[[str, Mapping[str, Any]], bool]
"""Called with a job's name and how to run it: nothing for a run by the clock, attempt and parameters for a retry.
False leaves it due."""


def trigger(schedule: Schedule) -> CronTrigger:
    """A schedule as APScheduler has it. Its text decides whether a stored time is kept: all fields are always given."""
    return CronTrigger(
        minute=schedule.minute,
        hour=schedule.hour,
        day_of_week=schedule.day_of_week,
        jitter=int(schedule.jitter.total_seconds()),
        timezone=UTC,
    )


def pause(attempt: int, *, first: float) -> timedelta:
    """The pause before an attempt, the second or a later one: `first` seconds, doubled each time, at most an hour."""
    doubled = first * 2.0 ** min(max(0, attempt - 2), 32)
    return min(timedelta(seconds=min(doubled, 1e6)), LONGEST_PAUSE) * _dice.uniform(1 - PAUSE_JITTER, 1 + PAUSE_JITTER)


def due(name: str, **_how: object) -> str:
    """What APScheduler's rows point to, since they must point to something: the name of the job that is due."""
    return name


class Timetable:
    """When each job runs next; survives every restart."""

    def __init__(self, url: str) -> None:
        self._lent = database.SchedulerEngine(url)
        self._scheduler = _Stepped(
            jobstores={"default": SQLAlchemyJobStore(engine=self._lent.engine)},
            job_defaults={"coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Open the job store."""
        with self._lent.in_words():
            self._scheduler.start()

    def follow(self, jobs: tuple[Job, ...], *, now: datetime) -> None:
        """Bring the rows to what the catalogue says; times of unchanged rows stay, unless a wrong clock wrote them."""
        names = {job.name for job in jobs}
        with self._lent.in_words():
            known = {line.id: line for line in self._scheduler.get_jobs()}
            for job in jobs:
                self._place(job, known.get(job.name), now)
            for line in known.values():
                if str(line.args[0]) not in names:
                    self._scheduler.remove_job(line.id)
                elif line.id.startswith(AGAIN) and line.next_run_time > now + LONGEST_PAUSE * (1 + PAUSE_JITTER):
                    self._scheduler.modify_job(line.id, next_run_time=now)

    def stop(self) -> None:
        """Close the job store; nothing is forgotten."""
        if self._scheduler.running:
            self._scheduler.shutdown()

    def step(self, now: datetime, fire: Fire) -> None:
        """Call `fire` for everything that is due, once for each job however often it was missed, and set its next time.

        The row moves on afterwards: whoever dies between the two leaves the job due.
        """
        with self._lent.in_words():
            lines = self._scheduler.due(now)
        for line in lines:
            late = now - line.next_run_time
            if late.total_seconds() > line.misfire_grace_time:
                log.warning("%s was due %s ago, when nobody was there: left out until its next time", line.id, late)
            elif not fire(str(line.args[0]), line.kwargs):
                continue
            with self._lent.in_words():
                self._scheduler.move_on(line, now)

    def again(self, name: str, *, at: datetime, attempt: int, parameters: Mapping[str, Any]) -> None:
        """Run a job once more at a time."""
        with self._lent.in_words():
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
        """Whether a job is to be tried again."""
        with self._lent.in_words():
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
    """The time of an unchanged row, else the trigger's next one; that counts as well where the row's lies behind it."""
    wanted = trigger(job.schedule)
    upcoming: datetime | None = wanted.get_next_fire_time(None, now)
    if line is None or repr(line.trigger) != repr(wanted):
        return upcoming
    kept: datetime = line.next_run_time
    latest = wanted.get_next_fire_time(None, now + SLACK)
    return upcoming if latest is not None and kept > latest + job.schedule.jitter else kept


class _Stepped(BaseScheduler):  # type: ignore[misc]  # apscheduler is not typed
    """APScheduler without a loop of its own."""

    def wakeup(self) -> None:
        """Steps come from outside."""

    def shutdown(self, wait: bool = True) -> None:
        """Close the job store."""
        super().shutdown(wait)

    def due(self, now: datetime) -> list[Line]:
        """The rows whose time has come."""
        with self._jobstores_lock:
            return list(self._lookup_jobstore("default").get_due_jobs(now))

    def move_on(self, line: Line, now: datetime) -> None:
        """Set a row's next time after now; a row without one goes, and one that somebody else removed is done."""
        upcoming = line.trigger.get_next_fire_time(line.next_run_time, now)
        if upcoming is not None and upcoming <= now:
            upcoming = line.trigger.get_next_fire_time(None, now + timedelta.resolution)
        try:
            if upcoming is None:
                self.remove_job(line.id)
            else:
                self.modify_job(line.id, next_run_time=upcoming)
        except JobLookupError:
            log.info("%s is no longer among the times: somebody else saw to it", line.id)
