"""Triggers of schedules: consistent with their descriptions, the texts that are stored, and pauses before retries."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from core.jobs.job_catalogue import DAY, HOUR, JOBS, MINUTE, Job
from jobs import timetable

SATURDAY = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
SPANS = {
    "every 5 minutes": 5 * MINUTE,
    "every 15 minutes": 15 * MINUTE,
    "nightly": DAY,
    "daily": DAY,
    "weekly": 7 * DAY,
    "monthly": 31 * DAY,
}
STORED = {
    "backup": "<CronTrigger (day_of_week='*', hour='0', minute='40', jitter=600, timezone='UTC')>",
    "restore-drill": "<CronTrigger (day='1', day_of_week='*', hour='6', minute='40', jitter=600, timezone='UTC')>",
    "trending": "<CronTrigger (day_of_week='*', hour='*', minute='*/15', jitter=30, timezone='UTC')>",
    "retrain": "<CronTrigger (day_of_week='sun', hour='4', minute='10', jitter=600, timezone='UTC')>",
    "implicit-feedback": "<CronTrigger (day_of_week='*', hour='2', minute='10', jitter=600, timezone='UTC')>",
    "item-to-item": "<CronTrigger (day_of_week='*', hour='6', minute='10', jitter=600, timezone='UTC')>",
    "update-items": "<CronTrigger (day_of_week='*', hour='5', minute='40', jitter=600, timezone='UTC')>",
    "evaluate-online": "<CronTrigger (day_of_week='*', hour='2', minute='40', jitter=600, timezone='UTC')>",
    "evaluate-understanding": "<CronTrigger (day_of_week='*', hour='2', minute='50', jitter=600, timezone='UTC')>",
    "refresh-catalogue": "<CronTrigger (day_of_week='*', hour='3', minute='10', jitter=600, timezone='UTC')>",
    "download-movielens": "<CronTrigger (day_of_week='sat', hour='4', minute='10', jitter=3600, timezone='UTC')>",
    "tune-ranking": "<CronTrigger (day_of_week='sun', hour='5', minute='10', jitter=600, timezone='UTC')>",
    "enrich": "<CronTrigger (day_of_week='*', hour='1', minute='10', jitter=600, timezone='UTC')>",
    "webhooks": "<CronTrigger (day_of_week='*', hour='*', minute='*/5', jitter=10, timezone='UTC')>",
    "archive-events": "<CronTrigger (day_of_week='*', hour='3', minute='20', jitter=600, timezone='UTC')>",
    "cleanup": "<CronTrigger (day_of_week='*', hour='3', minute='40', jitter=600, timezone='UTC')>",
}
"""Triggers in the databases of existing sites: a time is kept only if the text of its trigger is unchanged."""
every = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)


@every
def test_the_description_matches_the_trigger(job: Job) -> None:
    trigger = timetable.trigger(job.schedule)
    first = trigger.get_next_fire_time(None, SATURDAY)
    second = trigger.get_next_fire_time(first, first)
    span = SPANS[re.split(r",", job.schedule.words)[0]]
    assert abs((second - first) - span) <= job.schedule.jitter
    if job.schedule.words.startswith("nightly"):
        assert first.hour < 6


@every
def test_times_stored_by_existing_sites_are_kept(job: Job) -> None:
    assert repr(timetable.trigger(job.schedule)) == STORED[job.name]


@every
def test_jitter_varies_and_is_short_compared_with_the_interval(job: Job) -> None:
    times = {timetable.trigger(job.schedule).get_next_fire_time(None, SATURDAY) for _ in range(20)}
    assert len(times) > 1
    assert (max(times) - min(times)).total_seconds() > 0
    assert max(times) - min(times) < HOUR + MINUTE


def test_pauses_double_up_to_an_hour_with_random_variation() -> None:
    pauses = [timetable.pause(attempt, first=60) for attempt in (2, 3, 4)]
    for pause, expected in zip(pauses, (60, 120, 240), strict=True):
        assert 0.75 * expected <= pause.total_seconds() <= 1.25 * expected
    assert timetable.pause(10_000, first=60) <= 1.25 * timetable.LONGEST_PAUSE
    assert len({timetable.pause(2, first=60) for _ in range(10)}) > 1
