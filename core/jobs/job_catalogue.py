"""The job catalogue: one row for each job, with all that is known of it before it runs. Imports none of the jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RETRAIN, EVALUATE_ONLINE = "retrain", "evaluate-online"
"""Names that code outside the catalogue refers to."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs, in UTC; `minute`, `hour` and `day_of_week` are cron fields."""

    words: str
    """For people: what the fields come to."""
    minute: str
    hour: str = "*"
    day_of_week: str = "*"
    jitter: timedelta = timedelta()
    """At most this much later, at random, so that machines and sites do not all begin at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the catalogue."""

    name: str
    about: str
    """What it does, for people; reads on from the name."""
    schedule: Schedule
    function: str
    """`module:function`, an `engine.job_context.JobFunction`; imported in the process of a run alone."""
    limit: timedelta
    """A run that takes longer is stopped, and has failed."""
    grace: timedelta
    """A run that is later than this is left out; until then it is made up for, once, however many were missed."""
    parameters: str = ""
    """`module:mapping` of the parameters that may be set, by name; empty for a job without any."""
    at_once: bool = False
    """Whether a site that never ran it runs it at once: visitors see what it makes."""


JOBS: tuple[Job, ...] = (
    Job(
        name="trending",
        about="counts what is watched and liked now, for the lists of the day, the week and what is rising",
        schedule=Schedule("every 15 minutes", minute="*/15", jitter=MINUTE / 2),
        function="engine.trending.refresh:refresh",
        parameters="engine.trending.refresh:PARAMETERS",
        limit=10 * MINUTE,
        grace=1 * DAY,
        at_once=True,
    ),
    Job(
        name=RETRAIN,
        about="learns a new model from all ratings, judges it, and publishes it if it is better",
        schedule=Schedule(
            "weekly, and earlier when enough new ratings came",
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
        about="turns swipes, clicks and searches into what the next model may learn from",
        schedule=Schedule("nightly", minute="10", hour="2", jitter=10 * MINUTE),
        function="engine.online.implicit_feedback:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="item-to-item",
        about="makes the lists of similar films anew",
        schedule=Schedule("daily, where ratings changed", minute="10", hour="6", jitter=10 * MINUTE),
        function="engine.training.similar_items:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name=EVALUATE_ONLINE,
        about="measures what viewers did with what they were shown",
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
        name="refresh-catalogue",
        about="looks for new catalogue files and updates the index",
        schedule=Schedule("nightly", minute="10", hour="3", jitter=10 * MINUTE),
        function="engine.catalogue.refresh:catalogue",
        parameters="engine.catalogue.refresh:PARAMETERS",
        limit=4 * HOUR,
        grace=20 * HOUR,
    ),
    Job(
        name="download-movielens",
        about="looks for a newer release of MovieLens' ratings",
        schedule=Schedule("weekly", minute="10", hour="4", day_of_week="sat", jitter=1 * HOUR),
        function="engine.catalogue.refresh:movielens",
        parameters="engine.catalogue.refresh:PARAMETERS",
        limit=1 * HOUR,
        grace=6 * DAY,
    ),
    Job(
        name="tune-ranking",
        about="learns the order of search results from searches that led to a movie",
        schedule=Schedule("weekly", minute="10", hour="5", day_of_week="sun", jitter=10 * MINUTE),
        function="engine.search.ranking.tuning_job:job",
        limit=1 * HOUR,
        grace=6 * DAY,
    ),
    Job(
        name="cleanup",
        about="deletes what is older than it may become",
        schedule=Schedule("nightly", minute="40", hour="3", jitter=10 * MINUTE),
        function="engine.cleanup:run",
        limit=1 * HOUR,
        grace=20 * HOUR,
    ),
)
NAMES: tuple[str, ...] = tuple(job.name for job in JOBS)


def find(name: str, jobs: tuple[Job, ...] = JOBS) -> Job | None:
    """The row of a job; None for an unknown name."""
    return next((job for job in jobs if job.name == name), None)
