"""THE table: every job, when it runs, what it calls, how long it may take, and how late it may still begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Protocol

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from core.config import Settings
from core.jobs import JobName, Result, Work
from data.database import Stores
from jobs import (
    cleanup,
    download_movielens,
    evaluate_online,
    evaluate_understanding,
    harvest,
    item_to_item,
    refresh_catalogue,
    retrain,
    trending,
    tune_ranking,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Function(Protocol):
    """What a job does."""

    def __call__(self, settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
        """Do it, tell `work` how far it is, and say what came of it."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table."""

    name: str
    trigger: BaseTrigger
    """When it runs, with its jitter: random seconds later, so that machines and sites do not all begin at once."""
    function: Function
    limit: timedelta
    """A run that takes longer is stopped, and has failed."""
    grace: timedelta
    """A run that is later than this is left out; until then it is made up for, once, however many were missed."""
    at_once: bool = False
    """Whether a site that never ran it does not wait for its time: visitors see what it makes."""


def _at(when: str, jitter: timedelta) -> CronTrigger:
    """Minute, hour and day of the week, as cron has them, in UTC."""
    minute, hour, weekday = when.split()
    seconds = int(jitter.total_seconds())
    return CronTrigger(minute=minute, hour=hour, day_of_week=weekday, jitter=seconds, timezone=UTC)


TABLE: tuple[Job, ...] = (
    # job, when (UTC) and jitter, what it calls, time-out, how late it may begin
    Job(JobName.TRENDING, _at("*/15 * *", MINUTE / 2), trending.run, 10 * MINUTE, 1 * DAY, at_once=True),
    Job(JobName.HARVEST, _at("10 2 *", 10 * MINUTE), harvest.run, 1 * HOUR, 20 * HOUR),
    Job(JobName.EVALUATE_ONLINE, _at("40 2 *", 10 * MINUTE), evaluate_online.run, 1 * HOUR, 20 * HOUR),
    Job(JobName.EVALUATE_UNDERSTANDING, _at("50 2 *", 10 * MINUTE), evaluate_understanding.run, 1 * HOUR, 20 * HOUR),
    Job(JobName.REFRESH_CATALOGUE, _at("10 3 *", 10 * MINUTE), refresh_catalogue.run, 4 * HOUR, 20 * HOUR),
    Job(JobName.CLEANUP, _at("40 3 *", 10 * MINUTE), cleanup.run, 1 * HOUR, 20 * HOUR),
    Job(JobName.DOWNLOAD_MOVIELENS, _at("10 4 sat", 1 * HOUR), download_movielens.run, 1 * HOUR, 6 * DAY),
    Job(JobName.RETRAIN, _at("10 4 sun", 10 * MINUTE), retrain.run, 6 * HOUR, 6 * DAY),
    Job(JobName.TUNE_RANKING, _at("10 5 sun", 10 * MINUTE), tune_ranking.run, 1 * HOUR, 6 * DAY),
    Job(JobName.ITEM_TO_ITEM, _at("10 6 *", 10 * MINUTE), item_to_item.run, 1 * HOUR, 20 * HOUR),
)


def find(name: str, table: tuple[Job, ...] = TABLE) -> Job | None:
    """The line of a job."""
    return next((job for job in table if job.name == name), None)
