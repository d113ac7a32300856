"""The job catalogue: one entry per job with its schedule and limits. Does not import the jobs themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RETRAIN, EVALUATE_ONLINE, ENRICH, REFRESH = "retrain", "evaluate-online", "enrich", "refresh-catalogue"
"""Names used by code outside the catalogue."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs, in UTC; `minute`, `hour`, `day` and `day_of_week` are cron fields."""

    words: str
    """The schedule in plain English."""
    minute: str
    hour: str = "*"
    day: str = "*"
    day_of_week: str = "*"
    jitter: timedelta = timedelta()
    """Maximum random delay, so that machines and sites do not all start at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """One entry of the catalogue."""

    name: str
    about: str
    """What the job does, in plain English; the sentence continues after the job's name."""
    schedule: Schedule
    function: str
    """`module:function`, an `engine.job_context.JobFunction`; imported only in the process of a run."""
    limit: timedelta
    """A run that takes longer is stopped and counts as failed."""
    grace: timedelta
    """A run that starts later than this is skipped; until then, missed runs are made up for by one run."""
    parameters: str = ""
    """`module:mapping` of the parameters by name; empty for a job without parameters."""
    at_once: bool = False
    """Whether a new site runs the job immediately, since visitors see its results."""


JOBS: tuple[Job, ...] = (
    Job(
        name="trending",
        about="counts what is watched and liked now, for the daily, weekly and rising lists",
        schedule=Schedule("every 15 minutes", minute="*/15", jitter=MINUTE / 2),
        function="engine.trending.refresh:refresh",
        parameters="engine.trending.refresh:PARAMETERS",
        limit=1 * HOUR,
        grace=1 * DAY,
        at_once=True,
    ),
    Job(
        name=RETRAIN,
        about="trains a new model on all ratings, evaluates it, and publishes it if it passes the promotion gate",
        schedule=Schedule(
            "weekly, and earlier after enough new ratings",
            minute="10",
            hour="4",
            day_of_week="sun",
            jitter=10 * MINUTE,
        ),
        function="engine.training.retrain:run",
        parameters="engine.training.options:PARAMETERS",
        limit=6 * HOUR,
        grace=6 * DAY,
    ),
    Job(
        name="implicit-feedback",
        about="turns clicks and ignored impressions into implicit feedback for the next model",
        schedule=Schedule("nightly", minute="10", hour="2", jitter=10 * MINUTE),
        function="engine.online.implicit_feedback:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="update-items",
        about="folds new ratings into the factors of their movies, so that new movies move in lists before the next "
        "training",
        schedule=Schedule("nightly, if ratings changed", minute="40", hour="5", jitter=10 * MINUTE),
        function="engine.training.derived.item_updates:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="item-to-item",
        about="recomputes the lists of similar movies",
        schedule=Schedule("daily, if ratings changed", minute="10", hour="6", jitter=10 * MINUTE),
        function="engine.training.derived.similar_items:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name=EVALUATE_ONLINE,
        about="measures how users responded to lists and recommendations",
        schedule=Schedule("daily", minute="40", hour="2", jitter=10 * MINUTE),
        function="engine.online.evaluation:run",
        parameters="engine.online.evaluation:PARAMETERS",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="evaluate-understanding",
        about="measures how well search texts are understood, on labelled requests",
        schedule=Schedule("nightly", minute="50", hour="2", jitter=10 * MINUTE),
        function="engine.search.evaluation.job:run",
        parameters="engine.search.evaluation.job:PARAMETERS",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name=REFRESH,
        about="checks for new catalogue files and updates the index",
        schedule=Schedule("nightly", minute="10", hour="3", jitter=10 * MINUTE),
        function="engine.catalogue.refresh:catalogue",
        parameters="engine.catalogue.refresh:PARAMETERS",
        limit=4 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name=ENRICH,
        about="fetches posters, trailers, where to watch and more from TMDB and OMDb, if their keys are set",
        schedule=Schedule("nightly", minute="10", hour="1", jitter=10 * MINUTE),
        function="engine.catalogue.enrichment:run",
        parameters="engine.catalogue.enrichment:PARAMETERS",
        limit=6 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="download-movielens",
        about="downloads a newer release of the MovieLens ratings, if there is one",
        schedule=Schedule("weekly", minute="10", hour="4", day_of_week="sat", jitter=1 * HOUR),
        function="engine.catalogue.refresh:movielens",
        parameters="engine.catalogue.refresh:PARAMETERS",
        limit=1 * HOUR,
        grace=6 * DAY,
    ),
    Job(
        name="tune-ranking",
        about="trains the ranking of search results on searches that led to a movie",
        schedule=Schedule("weekly", minute="10", hour="5", day_of_week="sun", jitter=10 * MINUTE),
        function="engine.search.ranking.tuning_job:job",
        limit=1 * HOUR,
        grace=6 * DAY,
    ),
    Job(
        name="webhooks",
        about="tells users' programs what changed, and retries what they did not receive",
        schedule=Schedule("every 5 minutes", minute="*/5", jitter=MINUTE / 6),
        function="engine.sync.delivery:run",
        parameters="engine.sync.delivery:PARAMETERS",
        limit=1 * HOUR,
        grace=1 * HOUR,
    ),
    Job(
        name="backup",
        about="makes a backup, if MARQUEE_BACKUP_URL is set, and deletes old ones",
        schedule=Schedule("nightly", minute="40", hour="0", jitter=10 * MINUTE),
        function="engine.backups.jobs:back_up",
        limit=6 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="restore-drill",
        about="restores the newest backup into a temporary folder and compares every table",
        schedule=Schedule("monthly", minute="40", hour="6", day="1", jitter=10 * MINUTE),
        function="engine.backups.jobs:drill",
        limit=6 * HOUR,
        grace=10 * DAY,
    ),
    Job(
        name="archive-events",
        about="writes finished days of events as Parquet, if MARQUEE_EVENTS_ARCHIVE_URL is set",
        schedule=Schedule("nightly", minute="20", hour="3", jitter=10 * MINUTE),
        function="engine.event_archive.job:run",
        limit=6 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="cleanup",
        about="deletes data past its retention period",
        schedule=Schedule("nightly", minute="40", hour="3", jitter=10 * MINUTE),
        function="engine.cleanup:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
)
NAMES: tuple[str, ...] = tuple(job.name for job in JOBS)


def find(name: str, jobs: tuple[Job, ...] = JOBS) -> Job | None:
    """Return the entry of a job, or None for an unknown name."""
    return next((job for job in jobs if job.name == name), None)
