"""Distinct users of each movie, hour and activity, counted by Spark over the archive of events.

The same counts as `data.database.events.activities.of_events`, for more events than the database keeps. Users have
other numbers on each day in the archive, but an hour lies within a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from core.config import Settings, variable
from core.errors import EventArchiveUnusable, InvalidSettings
from core.trends import TRENDING_LIST, Activity, ActivityCounts
from core.users import EventKind
from engine.event_archive.archive import FILE, PREFIX, EventArchive
from engine.spark import session
from engine.spark.session import spark_url

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KINDS = (EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT)
"""Events that are activities."""
HOUR = 3_600
NOBODY = -1
"""Stands for all visitors without an account, who count as one user."""
COLUMNS = ("hour", "movie", "activity", "users")
_NUMBERS = {activity: number for number, activity in enumerate(Activity)}


@dataclass(frozen=True, slots=True)
class CountingReport:
    """How many days were counted, how many rows the counts have, and where they are."""

    days: int
    rows: int
    folder: str


def count(settings: Settings, *, since: date, until: date, folder: str) -> CountingReport:
    """Count the archived days of a period (excluding `until`) into a new folder of Parquet files.

    Its columns are hour (since 1970), movie, activity (its name) and users.

    Raises:
        InvalidSettings: there is no archive, or Spark cannot be used.
        EventArchiveUnusable: the archive cannot be read, or has no day of the period.
        ServiceUnavailable: Spark failed, for instance because the folder exists.
    """
    archive = EventArchive.of(settings)
    if archive is None:
        raise InvalidSettings(f"{variable('events_archive_url')} is not set: there is no archive of events to count")
    days = [day for day in archive.days() if since <= day < until]
    if not days:
        raise EventArchiveUnusable(f"{archive} has no day from {since} until {until}")
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    with session.opened(settings, name="counting") as running, session.failures("count the events"):
        counted = counts(read(running, str(archive), days))
        names = f.array(*(f.lit(activity.value) for activity in Activity))
        named = counted.withColumn("activity", names[f.col("activity")]).select(*COLUMNS).persist()
        named.write.mode("error").parquet(spark_url(folder))
        return CountingReport(len(days), named.count(), folder)


def read(running: SparkSession, archive: str, days: Sequence[date]) -> DataFrame:
    """Return the events of some days."""
    url = spark_url(archive)
    return running.read.parquet(*(f"{url}/{PREFIX}{day}/{FILE}" for day in days))


def counts(events: DataFrame) -> DataFrame:
    """Return hour, movie, activity (its position in `Activity`) and users, of events as they are archived."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    is_click, numbers = f.col("kind") == EventKind.CLICK, {name: f.lit(number) for name, number in _NUMBERS.items()}
    activity = (
        f.when(f.col("kind") == EventKind.SWIPE_RIGHT, numbers[Activity.SWIPE_RIGHT])
        .when(f.col("kind") == EventKind.SWIPE_LEFT, numbers[Activity.SWIPE_LEFT])
        .when(is_click & f.col("searched"), numbers[Activity.SEARCH_CLICK])
        .when(is_click & (f.col("list") == TRENDING_LIST), numbers[Activity.LISTED_CLICK])
        .otherwise(numbers[Activity.CLICK])
    )
    actions = events.where(f.col("kind").isin(*KINDS) & (f.col("movie") > 0)).select(
        f.floor(f.unix_seconds("at") / HOUR).cast("long").alias("hour"),
        "movie",
        activity.cast("long").alias("activity"),
        f.coalesce("user", f.lit(NOBODY)).alias("user"),
    )
    # Each user once, before they are counted: two steps that Spark divides among its workers.
    return actions.distinct().groupBy("hour", "movie", "activity").agg(f.count("*").alias("users"))


def collected(counted: DataFrame) -> ActivityCounts:
    """Return counts in order."""
    table = counted.orderBy("hour", "movie", "activity").toArrow()
    return ActivityCounts(*(table[name].to_numpy().astype(np.int64) for name in COLUMNS))
