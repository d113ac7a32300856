"""The administrators' pages. They only read; nothing here changes anything."""

from __future__ import annotations

from flask import render_template, request, url_for

from core.errors import NotFound
from core.experiments import Metric
from core.jobs import job_catalogue
from core.jobs.job_catalogue import JOBS, RETRAIN
from core.jobs.runs import Run
from core.trends import Window
from engine.services import Services
from webapp.admin import charts, metric_catalogue, online_metrics
from webapp.admin.api import forms, serializers
from webapp.browse.trending import TABS
from webapp.http.parsing import Query, parse_query

LINES = 50
"""Entries per page."""
TRENDS = 50
DAYS = 30
"""Period of the reports in days."""
SEARCHES = 100
SHOWN_METRICS = ("ndcg@10", "recall@20", "coverage", "rmse")
"""Metrics in the list of versions; the page of a version has all of them."""
CHOICES = 100
"""Maximum number of versions to choose from."""


class LinesQuery(Query):
    """Which part of a log to show."""

    before: forms.Before = None


class CompareQuery(Query):
    """The versions to compare; empty at first."""

    first: str = ""
    second: str = ""


class WindowQuery(Query):
    """The trending list to show."""

    window: Window = Window.DAY


class Pages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._operations, self._lifecycle = services.operations, services.lifecycle

    def models(self) -> str:
        """Show all versions, newest first."""
        found = self._lifecycle.versions()
        measured = {name for version in found for name in version.metrics}
        names = [name for name in SHOWN_METRICS if name in measured]
        return render_template("admin/models.html", versions=found, names=names)

    def model(self, version: str) -> str:
        """Show a version."""
        kept = {one.version for one in self._lifecycle.versions()}
        return render_template("admin/model.html", version=self._lifecycle.get(version), kept=kept)

    def compare(self) -> str:
        """Compare two versions."""
        query = parse_query(CompareQuery, request.args, lenient=True)
        found = self._lifecycle.versions()[:CHOICES]
        chosen = query.first and query.second
        comparison = self._lifecycle.compare(query.first, query.second) if chosen else None
        return render_template("admin/compare.html", versions=found, query=query, comparison=comparison)

    def training(self) -> str:
        """Show the current or latest training run, and the form that starts one."""
        run = serializers.training(self._operations)
        return render_template(
            "admin/training.html",
            run=run,
            scheduler=self._operations.scheduler(),
            table=self._operations.parameters(RETRAIN).values(),
            charts=charts.losses(run.figures) if run else [],
        )

    def jobs(self) -> str:
        """Show all jobs with their current and latest runs."""
        live = {run.job: run for run in self._operations.live()}
        last = {job.name: self._last(job.name) for job in JOBS}
        scheduler = self._operations.scheduler()
        return render_template(
            "admin/jobs.html",
            jobs=JOBS,
            live=live,
            last=last,
            upcoming=self._operations.upcoming(),
            scheduler=scheduler,
        )

    def job(self, name: str) -> str:
        """Show a job and its runs."""
        job = job_catalogue.find(name)
        if job is None:
            raise NotFound(f"there is no job {name!r}")
        query = parse_query(LinesQuery, request.args, lenient=True)
        runs = self._operations.runs(name, limit=LINES, before=query.before)
        return render_template(
            "admin/job.html",
            job=job,
            upcoming=self._operations.upcoming().get(name),
            runs=runs,
            scheduler=self._operations.scheduler(),
            busy=any(run.job == name for run in self._operations.live()),
            table=self._operations.parameters(name).values(),
            older_url=url_for("admin.job", name=name, before=runs[-1].id) if len(runs) == LINES else "",
        )

    def run(self, number: int) -> str:
        """Show a run with its progress, log and results."""
        run = self._operations.get(number)
        names = self._operations.names([run.queued_by]) if run.queued_by is not None else {}
        nobody = "the scheduler or the command line" if run.queued_by is None else "a deleted account"
        who = names.get(run.queued_by, nobody) if run.queued_by is not None else nobody
        figures = {name: value for name, value in run.figures.items() if name != charts.LOSS}
        return render_template("admin/run.html", run=run, who=who, figures=figures, charts=charts.losses(run.figures))

    def trending(self) -> str:
        """Show a trending list with its scores."""
        query = parse_query(WindowQuery, request.args, lenient=True)
        page = self._services.trending.read(query.window, size=TRENDS)
        return render_template("admin/trending.html", page=page, tabs=TABS)

    def metrics(self) -> str:
        """Show offline and online metrics."""
        zone = self._services.settings.time_zone
        versions = self._lifecycle.versions()
        offline = charts.metrics(versions, zone=zone)
        found = self._services.reports.online()
        return render_template(
            "admin/metrics.html",
            offline=offline,
            online=online_metrics.charts(found, zone=zone),
            tables=online_metrics.tables(found),
            policies=found.policies,
            offline_meanings=metric_catalogue.offline({name for version in versions for name in version.metrics}),
            online_meanings=metric_catalogue.ONLINE,
        )

    def data(self) -> str:
        """Show statistics of the ratings."""
        found = self._services.reports.data(days=DAYS)
        days = charts.daily("ratings", "Ratings", {"ratings": found.ratings_per_day}, unit="ratings per day")
        return render_template("admin/data.html", data=found, charts=[days] if days.has_values else [], days=DAYS)

    def searches(self) -> str:
        """Show searches without a good answer."""
        found = self._services.reports.unanswered(days=DAYS, limit=SEARCHES)
        return render_template("admin/searches.html", searches=found, days=DAYS)

    def experiments(self) -> str:
        """Show experiments and their results."""
        return render_template("admin/experiments.html", reports=self._services.experiments.reports(), metrics=Metric)

    def audit(self) -> str:
        """Show the audit log."""
        query = parse_query(LinesQuery, request.args, lenient=True)
        entries = self._operations.audit_log(limit=LINES, before=query.before)
        older = url_for("admin.audit", before=entries[-1].id) if len(entries) == LINES else ""
        return render_template(
            "admin/audit.html", entries=serializers.audit_entries(self._services, entries), older_url=older
        )

    def _last(self, job: str) -> Run | None:
        return next((run for run in self._operations.runs(job, limit=2) if run.outcome.ended), None)
