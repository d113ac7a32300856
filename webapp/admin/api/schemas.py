"""API schemas of jobs, models, reports and the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from core.jobs.runs import Kind, Outcome
from core.recommendations.models import Status
from webapp.http.schemas import View


class RunView(View):
    """One run of a job."""

    id: int
    job: str
    outcome: Outcome = Field(
        description="`rejected`: the run completed, but its result was not good enough to be used."
    )
    ended: bool = Field(description="Whether the run is over.")
    queued_at: datetime
    queued_by: int | None = Field(description="Number of the administrator who queued the run; null: the scheduler.")
    started_at: datetime | None
    ended_at: datetime | None
    holder: str = Field(description="Process that executes the run.")
    attempt: int
    parameters: dict[str, Any]
    progress: float | None = Field(description="0 to 1; null if not known yet.")
    doing: str = Field(description="The current step.")
    figures: dict[str, Any] = Field(description="Results; during the run, those known so far.")
    error: str = Field(description="Traceback of a failed run.")
    log: str
    cancel: bool = Field(description="Whether cancellation was requested.")
    status_url: str = Field(description="URL of this run.")


class RunsResponse(View):
    """Runs, latest first."""

    results: tuple[RunView, ...]
    next: str = Field(description="URL of older runs; empty if there are none.")


class TrainingStatusResponse(View):
    """Whether a model is being trained, and the current or latest training run."""

    training: bool
    scheduler: str = Field(description="Process that runs the jobs; empty if no scheduler is running.")
    run: RunView | None
    stream_url: str = Field(description="URL of the same as server-sent events.")


class ParameterView(View):
    """A parameter of a job."""

    name: str
    kind: Kind
    least: float | None = Field(description="Minimum of a number, inclusive.")
    most: float | None = Field(description="Maximum of a number, inclusive.")
    choices: tuple[str, ...] = Field(description="Allowed values.")
    default: Any = Field(description="Default value.")
    meaning: str


class JobView(View):
    """A scheduled job."""

    name: str
    about: str
    cadence: str = Field(description="When the job runs, for people.")
    parameters: tuple[ParameterView, ...]
    next: datetime | None = Field(description="Time of the next run; null if no scheduler has ever run.")
    live: RunView | None = Field(description="The queued or running run.")
    last: RunView | None = Field(description="The latest run that ended.")


class JobsResponse(View):
    """All scheduled jobs."""

    scheduler: str = Field(description="Process that runs the jobs; empty if no scheduler is running.")
    results: tuple[JobView, ...]


class ModelView(View):
    """A version of the model."""

    version: str
    status: Status
    made_at: datetime
    metrics: dict[str, float | None] = Field(description="Metrics on held-out ratings.")
    parameters: dict[str, Any]
    parents: tuple[str, ...] = Field(description="Versions that this one was derived from.")
    code: str = Field(description="Version of Marquee that trained the model.")
    data_hash: str = Field(description="Hash of the training interactions.")
    learned_from: dict[str, int]
    size_bytes: int
    reasons: tuple[str, ...] = Field(description="Reasons of the promotion gate.")


class ModelsResponse(View):
    """All versions, newest first."""

    current: str = Field(description="The published version; empty if there is none.")
    results: tuple[ModelView, ...]


class PolicyEstimateView(View):
    """What a policy for the explored positions would have achieved, estimated from logged draws."""

    policy: str = Field(description="`best` movie by score, `as drawn`, or `at random` among the candidates.")
    draws: int = Field(description="Draws whose movies were seen.")
    effective: float = Field(description="Effective number of draws; below 30 there is no estimate.")
    snips: float | None = Field(description="Share of clicks, self-normalized by inverse propensities.")
    low: float | None = Field(description="Lower end of its 95 % interval.")
    high: float | None = Field(description="Upper end of its 95 % interval.")
    doubly_robust: float | None = Field(description="The same share by the doubly robust estimator.")


class MetricsResponse(View):
    """The metrics of a version."""

    version: str
    made_at: datetime
    metrics: dict[str, float | None]
    baselines: dict[str, dict[str, float | None]] = Field(
        {},
        description="The same metrics of `popularity` and of the version `published` before, on the same users.",
    )
    exploration: tuple[PolicyEstimateView, ...] = Field(
        (), description="Off-policy estimates of the last days; empty without exploration, and in the history."
    )


class MetricsHistoryResponse(View):
    """The metrics of all versions, oldest first."""

    results: tuple[MetricsResponse, ...]


class MetricDifferenceView(View):
    """One metric of two versions."""

    name: str
    first: float | None
    second: float | None
    difference: float | None = Field(description="Second minus first.")


class ParameterDifferenceView(View):
    """A parameter that differs between two versions."""

    name: str
    first: Any
    second: Any


class ComparisonResponse(View):
    """A comparison of two versions."""

    first: ModelView
    second: ModelView
    metrics: tuple[MetricDifferenceView, ...]
    parameters: tuple[ParameterDifferenceView, ...] = Field(description="Parameters that differ.")


class AuditEntryView(View):
    """An action of an administrator."""

    id: int
    at: datetime
    by: int | None = Field(description="Number of the administrator; null: the scheduler, or a deleted account.")
    by_name: str = Field(description="Name of the administrator; empty if there is none.")
    action: str
    subject: str
    details: dict[str, Any]


class AuditLogResponse(View):
    """The audit log, latest first."""

    results: tuple[AuditEntryView, ...]
    next: str = Field(description="URL of older entries; empty if there are none.")


class RatingsPerDayView(View):
    """Number of ratings on a day in the site's time zone."""

    day: date
    ratings: int


class UnansweredSearchView(View):
    """A query that several users searched for without opening a result."""

    text: str
    times: int
    users: int


class OnlineMetricsView(View):
    """Online metrics over the days before a point in time."""

    at: datetime
    click_through: dict[str, Any] = Field(description="Share of shown movies that were opened, with its interval.")
    sessions: dict[str, Any] = Field(description="Share of successful sessions.")
    rated_well: dict[str, Any] = Field(description="Share of recommended movies that were then rated 4 stars or more.")
    helpful: dict[str, Any] = Field(description="Share of yes among the answers to “Was this helpful?”.")


class ReportsResponse(View):
    """Reports on ratings, searches and online metrics."""

    ratings: int
    users: int = Field(description="Number of users with ratings.")
    movies: int = Field(description="Number of rated movies.")
    sparsity: float | None = Field(description="Share of the pairs of these users and movies without a rating.")
    cold_share: float | None = Field(description="Share of the catalogue without ratings in the model's training data.")
    ratings_per_day: tuple[RatingsPerDayView, ...]
    unanswered: tuple[UnansweredSearchView, ...] = Field(description="Searches after which nobody opened a result.")
    online: tuple[OnlineMetricsView, ...] = Field(description="Online metrics, oldest first.")
    demo: bool = Field(False, description="Whether the figures include demo data, made up for the sample catalogue.")
