"""`/admin` and `/admin/activity`: whether people find movies today, with trends and links to details."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, render_template, url_for

from core.errors import MarqueeError
from core.jobs.job_catalogue import JOBS
from core.jobs.runs import Outcome, Run
from core.recommendations.models import ModelVersion
from engine.clock import now
from engine.online.activity import DAYS, DayActivity
from engine.services import Services
from webapp.admin import charts, formats
from webapp.admin.charts import Chart
from webapp.admin.metric_catalogue import ACTIVITY, FAILED_JOBS, MODEL_AGE, Metric

log = logging.getLogger("marquee.web")

Answer = TypeVar("Answer")
WEEK = 7
"""Days before today that today is compared with."""
RUNS = 8
FAILED = (Outcome.FAILED, Outcome.ABANDONED)
BY_KEY = {metric.key: metric for metric in ACTIVITY}
CHARTS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("people", "Users and searches", ("users", "searches")),
    ("quality", "Searches with a click and without results, helpful answers", ("clicked", "empty", "helpful")),
    ("latency", "Response times", ("p50", "p95")),
    ("errors", "Server errors", ("errors",)),
)
"""Name, title and figures of each chart; the figures of a chart have the same unit, except for counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the overview with what it means."""

    metric: Metric
    value: float | None
    usual: float | None = None
    """Its mean over the week before; None if it is not compared."""

    @property
    def shown(self) -> str:
        """The value as shown, without its unit."""
        return in_unit(self.metric, self.value)

    @property
    def trend(self) -> str:
        """The comparison with the week before, in words."""
        if self.usual is None or self.value is None:
            return ""
        change = (self.value - self.usual) * self.metric.factor
        unit = "percentage points" if self.metric.unit == "%" else self.metric.unit
        return f"{formats.signed(round(change, 1))} {unit} against the daily mean of the {WEEK} days before"

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty without a target or a value."""
        met = self.metric.met(self.value)
        return "" if met is None else "met" if met else "missed"

    @property
    def url(self) -> str:
        """The page with the details."""
        return url_for(self.metric.endpoint)


class Overview:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._operations, self._lifecycle = services.operations, services.lifecycle

    def overview(self) -> str:
        """Show today's figures with their trends, and the state of model, index and jobs.

        Parts that cannot be read are replaced by the reason.
        """
        faults: list[str] = []
        days = _attempt(self._services.activity.days, faults) or ()
        current = _attempt(self._lifecycle.current, faults)
        runs = _attempt(self._latest, faults)
        return render_template(
            "admin/overview.html",
            figures=[*today(days), *health(current, runs, now())],
            charts=activity_charts(days),
            current=current,
            live=_attempt(self._operations.live, faults) or (),
            scheduler=_attempt(self._operations.scheduler, faults),
            latest=_attempt(lambda: self._operations.runs(limit=RUNS), faults) or (),
            index=_attempt(self._services.library.info, faults),
            faults=list(dict.fromkeys(faults)),
        )

    def activity(self) -> str:
        """Show the figures of each day, and what they mean."""
        days = self._services.activity.days()
        return render_template(
            "admin/activity.html",
            metrics=ACTIVITY,
            rows=[(day.day, [in_unit(metric, getattr(day, metric.key)) for metric in ACTIVITY]) for day in days[::-1]],
            charts=activity_charts(days),
            days=DAYS,
        )

    def _latest(self) -> list[Run]:
        """Return the latest run of each job that has ended."""
        found = (
            next((run for run in self._operations.runs(job.name, limit=2) if run.outcome.ended), None) for job in JOBS
        )
        return [run for run in found if run is not None]


def today(days: Sequence[DayActivity]) -> list[Figure]:
    """Return the figures of the last day, compared with the mean of the week before."""
    if not days:
        return []
    before = days[-1 - WEEK : -1]
    return [
        Figure(metric, getattr(days[-1], metric.key), _mean([getattr(day, metric.key) for day in before]))
        for metric in ACTIVITY
    ]


def health(current: ModelVersion | None, runs: Sequence[Run] | None, at: datetime) -> list[Figure]:
    """Return the age of the published model and the number of failed jobs."""
    age = (at - current.made_at) / timedelta(days=1) if current is not None else None
    failed = None if runs is None else sum(run.outcome in FAILED for run in runs)
    return [Figure(MODEL_AGE, None if age is None else round(age, 1)), Figure(FAILED_JOBS, failed)]


def activity_charts(days: Sequence[DayActivity]) -> list[Chart]:
    """Return the charts of the activity that have values."""
    found = [_chart(name, title, [BY_KEY[key] for key in keys], days) for name, title, keys in CHARTS]
    return [chart for chart in found if chart.has_values]


def in_unit(metric: Metric, value: float | None) -> str:
    """Format a value in the unit of its metric."""
    return formats.number(None if value is None else round(value * metric.factor, 1))


def _chart(name: str, title: str, metrics: Sequence[Metric], days: Sequence[DayActivity]) -> Chart:
    lines = {metric.name: [(day.day, _scaled(metric, getattr(day, metric.key))) for day in days] for metric in metrics}
    units = {metric.unit for metric in metrics}
    return charts.daily(name, title, lines, unit=units.pop() if len(units) == 1 else "per day")


def _scaled(metric: Metric, value: float | None) -> float | None:
    return None if value is None else round(value * metric.factor, 2)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _attempt(read: Callable[[], Answer], faults: list[str]) -> Answer | None:
    """Return the result of a service; on failure, None, and append the message to `faults`."""
    try:
        return read()
    except MarqueeError as error:
        log.warning("part of the overview unavailable: %s", error)
        faults.append(str(error))
        return None


def add(routes: Blueprint, services: Services) -> None:
    """Add the pages to the administrators' blueprint."""
    views = Overview(services)
    routes.add_url_rule("", "overview", views.overview)
    routes.add_url_rule("/activity", "activity", views.activity)
