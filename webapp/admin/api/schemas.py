"""The shapes in which jobs, models and what was done to them leave the site."""

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
        description="`asked` and `running` are on their way; `rejected`: what was made was not good enough to be used."
    )
    ended: bool = Field(description="Whether nothing more will happen.")
    queued_at: datetime
    queued_by: int | None = Field(description="Number of the administrator who asked; null: the clock.")
    started_at: datetime | None
    ended_at: datetime | None
    holder: str = Field(description="Process that runs it.")
    attempt: int
    parameters: dict[str, Any]
    progress: float | None = Field(description="0 to 1; null where nothing is known yet.")
    doing: str = Field(description="What is being done right now.")
    figures: dict[str, Any] = Field(description="What came out; while it runs, what is known so far.")
    error: str = Field(description="The traceback of a failure.")
    log: str
    cancel: bool = Field(description="Whether somebody asked it to stop.")
    status_url: str = Field(description="Where this run can be looked at again.")


class RunsResponse(View):
    """Runs, the latest first."""

    results: tuple[RunView, ...]
    next: str = Field(description="URL of older runs; empty where there are none.")


class TrainingStatusResponse(View):
    """Whether a model is being trained, and the run that is or was the last."""

    training: bool
    scheduler: str = Field(description="Process that runs jobs; empty where none is alive.")
    run: RunView | None
    stream_url: str = Field(description="The same as server-sent events.")


class ParameterView(View):
    """Something that may be asked of a job."""

    name: str
    kind: Kind
    least: float | None = Field(description="Bounds of a number, both included.")
    most: float | None
    choices: tuple[str, ...] = Field(description="What may be chosen.")
    default: Any = Field(description="What holds where it is left out.")
    meaning: str


class JobView(View):
    """A job of the schedule."""

    name: str
    about: str
    cadence: str = Field(description="When it runs, in words.")
    parameters: tuple[ParameterView, ...]
    next: datetime | None = Field(description="When it runs next; null where no scheduler has ever run.")
    live: RunView | None = Field(description="The run that is asked for or running.")
    last: RunView | None = Field(description="The latest run that ended.")


class JobsResponse(View):
    """The schedule."""

    scheduler: str = Field(description="Process that runs jobs; empty where none is alive.")
    results: tuple[JobView, ...]


class ModelView(View):
    """A version of the model."""

    version: str
    status: Status
    made_at: datetime
    metrics: dict[str, float | None] = Field(description="Measured on ratings that it never saw.")
    parameters: dict[str, Any]
    parents: tuple[str, ...] = Field(description="Versions that it started from.")
    code: str = Field(description="Version of Marquee that made it.")
    data_hash: str = Field(description="Of the interactions that it learned from.")
    learned_from: dict[str, int]
    size_bytes: int
    reasons: tuple[str, ...] = Field(description="What the gate said.")


class ModelsResponse(View):
    """Every version, the newest first."""

    current: str = Field(description="The version that is published; empty where none is.")
    results: tuple[ModelView, ...]


class MetricsResponse(View):
    """How good the published model is."""

    version: str
    made_at: datetime
    metrics: dict[str, float | None]


class MetricsHistoryResponse(View):
    """How good the versions were, the oldest first."""

    results: tuple[MetricsResponse, ...]


class MetricDifferenceView(View):
    """One metric of two versions."""

    name: str
    first: float | None
    second: float | None
    difference: float | None = Field(description="Second less first.")


class ParameterDifferenceView(View):
    """A parameter in which two versions differ."""

    name: str
    first: Any
    second: Any


class ComparisonResponse(View):
    """Two versions side by side."""

    first: ModelView
    second: ModelView
    metrics: tuple[MetricDifferenceView, ...]
    parameters: tuple[ParameterDifferenceView, ...] = Field(description="Those that differ.")


class AuditEntryView(View):
    """Something that an administrator did."""

    id: int
    at: datetime
    by: int | None = Field(description="Number of the administrator; null: the clock, or an account that is gone.")
    by_name: str = Field(description="Their name; empty where there is none.")
    action: str
    subject: str
    details: dict[str, Any]


class AuditLogResponse(View):
    """The audit log, the latest first."""

    results: tuple[AuditEntryView, ...]
    next: str = Field(description="URL of older lines; empty where there are none.")


class RatingsPerDayView(View):
    """Ratings of a day (UTC)."""

    day: date
    ratings: int


class UnansweredSearchView(View):
    """A text that several users searched for without opening anything."""

    text: str
    times: int
    users: int


class OnlineMetricsView(View):
    """What users did with what they were shown, on some days up to a moment."""

    at: datetime
    click_through: dict[str, Any] = Field(description="Share of what was shown that was opened, with its interval.")
    sessions: dict[str, Any] = Field(description="Share of visits that were worth it.")
    rated_well: dict[str, Any] = Field(description="Share of what was recommended that was then rated 4 or better.")


class ReportsResponse(View):
    """What the data say about themselves."""

    ratings: int
    users: int = Field(description="Who rated anything.")
    movies: int = Field(description="Films that anybody rated.")
    sparsity: float | None = Field(description="Share of the pairs of these viewers and films without a rating.")
    cold_share: float | None = Field(description="Share of the catalogue of which the model learned nothing.")
    ratings_per_day: tuple[RatingsPerDayView, ...]
    unanswered: tuple[UnansweredSearchView, ...] = Field(description="Searches that nobody opened anything of.")
    online: tuple[OnlineMetricsView, ...] = Field(description="The oldest first.")
