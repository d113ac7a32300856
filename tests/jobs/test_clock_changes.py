"""Schedules across daylight-saving changes and leap days: times are in UTC, so that none is skipped or repeated."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import job_catalogue
from core.jobs.job_catalogue import Job
from jobs import timetable

DAYS = {
    "the clocks go forward": datetime(2027, 3, 13, tzinfo=UTC),
    "the clocks go back": datetime(2027, 11, 6, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 27, tzinfo=UTC),
    "the end of a year": datetime(2027, 12, 30, tzinfo=UTC),
}
SPAN = timedelta(days=8)
WEEKLY_OR_MORE = [job for job in job_catalogue.JOBS if job.schedule.day == "*"]
MONTHLY = [job for job in job_catalogue.JOBS if job.schedule.day != "*"]


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Auckland", "Australia/Lord_Howe"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The time zone of the machine."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def fired(job: Job, start: datetime, span: timedelta = SPAN) -> list[datetime]:
    """Return the times of a job within `span`, without its random delay."""
    trigger = timetable.trigger(job.schedule)
    trigger.jitter = None
    found: list[datetime] = []
    at = trigger.get_next_fire_time(None, start)
    while at is not None and at < start + span and at not in found:
        found.append(at.astimezone(UTC))
        at = trigger.get_next_fire_time(at, at + timedelta(microseconds=1))
    return found


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("job", WEEKLY_OR_MORE, ids=lambda job: job.name)
def test_a_job_runs_as_often_as_in_any_other_week(job: Job, day: datetime) -> None:
    usual = datetime(2027, 6, 5, tzinfo=UTC) + timedelta(days=day.weekday() - 5)
    times, expected = fired(job, day), fired(job, usual)
    assert [at - day for at in times] == [at - usual for at in expected]
    assert len(times) == len(set(times)) > 0


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("job", MONTHLY, ids=lambda job: job.name)
def test_a_monthly_job_runs_once_a_month(job: Job, day: datetime) -> None:
    times = fired(job, day.replace(day=1), timedelta(days=365))
    assert [(at.month - day.month) % 12 for at in times] == list(range(12))
    assert {(at.day, at.hour, at.minute) for at in times} == {(1, 6, 40)}
