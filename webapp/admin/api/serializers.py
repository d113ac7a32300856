"""Conversion of runs, models and audit log entries into API views."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.jobs.job_catalogue import JOBS, RETRAIN, Job
from core.jobs.runs import AuditEntry, Parameter, Run
from core.recommendations.models import Comparison, ModelVersion
from core.users import UserId
from engine.online.reports import DataStatistics, OnlineFigures, UnansweredSearch
from engine.operations import Operations
from engine.services import Services
from webapp.admin.api import schemas

RUNS = "/api/ml/jobs/runs"
STREAM = "/api/ml/training-status/stream"


def plain(value: object) -> Any:  # noqa: ANN401 - any value of a job
    """Return JSON values, with null for NaN and infinity, which JSON lacks."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def run(found: Run) -> schemas.RunView:
    """Return a run as a view."""
    return schemas.RunView(
        id=found.id,
        job=found.job,
        outcome=found.outcome,
        ended=found.outcome.ended,
        queued_at=found.queued_at,
        queued_by=found.queued_by,
        started_at=found.started_at,
        ended_at=found.ended_at,
        holder=found.holder,
        attempt=found.attempt,
        parameters=plain(found.parameters),
        progress=plain(found.progress),
        doing=found.doing,
        figures=plain(found.figures),
        error=found.error,
        log=found.log,
        cancel=found.cancel,
        status_url=f"{RUNS}/{found.id}",
    )


def training(operations: Operations) -> Run | None:
    """Return the queued or running training run, or else the latest one."""
    found = [run for run in operations.live() if run.job == RETRAIN]
    return next(iter(found or operations.runs(RETRAIN, limit=1)), None)


def training_status(operations: Operations) -> schemas.TrainingStatusResponse:
    """Return whether a model is being trained, and the training run."""
    found = training(operations)
    return schemas.TrainingStatusResponse(
        training=found is not None and not found.outcome.ended,
        scheduler=operations.scheduler(),
        run=run(found) if found else None,
        stream_url=STREAM,
    )


def jobs(operations: Operations) -> tuple[schemas.JobView, ...]:
    """Return all jobs with their current and latest runs."""
    live = {run.job: run for run in operations.live()}
    upcoming = operations.upcoming()
    return tuple(_job(operations, job, live.get(job.name), upcoming.get(job.name)) for job in JOBS)


def _job(operations: Operations, job: Job, live: Run | None, upcoming: datetime | None) -> schemas.JobView:
    last = next((run for run in operations.runs(job.name, limit=2) if run.outcome.ended), None)
    table = operations.parameters(job.name)
    return schemas.JobView(
        name=job.name,
        about=job.about,
        cadence=job.schedule.words,
        parameters=tuple(_parameter(parameter) for parameter in table.values()),
        next=upcoming,
        live=run(live) if live else None,
        last=run(last) if last else None,
    )


def _parameter(parameter: Parameter) -> schemas.ParameterView:
    return schemas.ParameterView(
        name=parameter.name,
        kind=parameter.kind,
        least=parameter.least,
        most=parameter.most,
        choices=parameter.choices,
        default=plain(parameter.default),
        meaning=parameter.meaning,
    )


def model(found: ModelVersion) -> schemas.ModelView:
    """Return a version of the model as a view."""
    return schemas.ModelView(
        version=found.version,
        status=found.status,
        made_at=found.made_at,
        metrics=plain(found.metrics),
        parameters=plain(found.parameters),
        parents=found.parents,
        code=found.code,
        data_hash=found.data_hash,
        learned_from=dict(found.learned_from),
        size_bytes=found.size_bytes,
        reasons=found.reasons,
    )


def metrics(found: ModelVersion, online: OnlineFigures | None = None) -> schemas.MetricsResponse:
    """Return the metrics of a version; with `online`, also the off-policy estimates."""
    policies = online.policies if online is not None else ()
    return schemas.MetricsResponse(
        version=found.version,
        made_at=found.made_at,
        metrics=plain(found.metrics),
        baselines=plain(found.baselines),
        exploration=tuple(schemas.PolicyEstimateView(**plain(policy)) for policy in policies),
    )


def comparison(found: Comparison) -> schemas.ComparisonResponse:
    """Return a comparison of two versions as a view."""
    return schemas.ComparisonResponse(
        first=model(found.first),
        second=model(found.second),
        metrics=tuple(
            schemas.MetricDifferenceView(
                name=row.name, first=plain(row.first), second=plain(row.second), difference=plain(row.difference)
            )
            for row in found.metrics
        ),
        parameters=tuple(
            schemas.ParameterDifferenceView(name=name, first=plain(one), second=plain(other))
            for name, one, other in found.parameters
        ),
    )


def audit_entries(services: Services, found: Sequence[AuditEntry]) -> tuple[schemas.AuditEntryView, ...]:
    """Return entries of the audit log with the names of the administrators."""
    names = services.operations.names(_administrators(found))
    return tuple(
        schemas.AuditEntryView(
            id=entry.id,
            at=entry.at,
            by=entry.by,
            by_name=names.get(entry.by, "") if entry.by is not None else "",
            action=entry.action,
            subject=entry.subject,
            details=plain(entry.details),
        )
        for entry in found
    )


def _administrators(entries: Iterable[AuditEntry]) -> set[UserId]:
    return {entry.by for entry in entries if entry.by is not None}


def reports(
    data: DataStatistics, searches: Sequence[UnansweredSearch], online: OnlineFigures, *, demo: bool = False
) -> schemas.ReportsResponse:
    """Return the reports as a view; `demo`: they include demo data."""
    return schemas.ReportsResponse(
        ratings=data.ratings,
        users=data.users,
        movies=data.movies,
        sparsity=plain(data.sparsity),
        cold_share=plain(data.cold_share),
        ratings_per_day=tuple(
            schemas.RatingsPerDayView(day=day, ratings=ratings) for day, ratings in data.ratings_per_day
        ),
        unanswered=tuple(
            schemas.UnansweredSearchView(text=one.text, times=one.times, users=one.users) for one in searches
        ),
        online=tuple(schemas.OnlineMetricsView(at=at, **plain(figures)) for at, figures in online.history),
        demo=demo,
    )
