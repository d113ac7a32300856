"""`/admin/understanding`: accuracy of each reader by kind and mood, history, failures, and labelled requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, flash, render_template, request, url_for
from pydantic import AfterValidator, StringConstraints
from werkzeug.wrappers import Response

from core.errors import DataError, InvalidRequest
from core.evaluation import MAX_LABELLED_PIECES, MAX_LABELLED_TEXT, EvaluationRun
from core.understanding import QueryType
from engine.services import Services
from webapp.admin import formats
from webapp.admin.actions import DONE, FAULT
from webapp.admin.api import understanding
from webapp.admin.api.serializers import plain
from webapp.admin.charts import Chart, Series
from webapp.diary import request_diary
from webapp.http import authorization
from webapp.http.fields import Name, clean
from webapp.http.parsing import Query, parse_query, uploaded_file

RUNS = 120
"""Number of evaluations in the charts: two months of two readers."""
FAILURES = 50
"""Maximum number of failures shown per reader."""
PAGE = 50
"""Labelled requests per page."""
DAYS, SEARCHES = 30, 20
"""Period in days and maximum number of the searches that are offered for labelling."""
LINES = (("all", "all pieces"), ("genre", "genres"), ("mood", "moods"), ("years", "years"))
"""Figures in the charts, and their labels."""
MAX_FAULTS = 20
"""Maximum number of errors of a file that are shown."""


class PageQuery(Query):
    """Page and filter of the labelled requests, and the text to put into the form."""

    page: int = 1
    q: Name = ""
    text: Annotated[str, StringConstraints(max_length=MAX_LABELLED_TEXT), AfterValidator(clean)] = ""
    """A search without a good answer, to be labelled."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest evaluation of a reader."""

    run: EvaluationRun

    @property
    def kinds(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Counts of all pieces, then of each kind."""
        figures = self.run.figures
        return [("all", figures.get("all", {})), *figures.get("kinds", {}).items()]

    @property
    def moods(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Counts of each mood."""
        return list(self.run.figures.get("moods", {}).items())

    @property
    def failures(self) -> Sequence[Mapping[str, Any]]:
        """The first failures."""
        return self.run.failures[:FAILURES]


class Understanding:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services, self._understandings = services, services.understandings

    def show(self) -> str:
        """Show figures, failures, labelled requests, and searches to label."""
        query = parse_query(PageQuery, request.args, lenient=True)
        runs = self._understandings.runs(limit=RUNS)
        labelled = [one for one in self._understandings.labelled() if query.q.lower() in one.text.lower()]
        page = min(max(query.page, 1), max(1, -(-len(labelled) // PAGE)))
        return render_template(
            "admin/understanding.html",
            latest=latest(runs),
            charts=[chart for chart in over_time(runs) if chart.has_values],
            labelled=understanding.views(labelled[(page - 1) * PAGE : page * PAGE]),
            total=len(labelled),
            page=page,
            pages=max(1, -(-len(labelled) // PAGE)),
            query=query,
            query_types=list(QueryType),
            searches=self._to_label(),
            limits=(MAX_LABELLED_TEXT, MAX_LABELLED_PIECES),
        )

    def edit(self, number: int) -> str:
        """Show the form of a labelled request."""
        found = understanding.views([self._understandings.get(number)])[0]
        return render_template(
            "admin/labelled.html",
            one=found,
            query_types=list(QueryType),
            limits=(MAX_LABELLED_TEXT, MAX_LABELLED_PIECES),
        )

    def label(self) -> Response:
        """Add a labelled request."""

        def add() -> str:
            text, query_type, pieces = _typed()
            source = "search" if request.form.get("source") == "search" else "form"
            made = self._understandings.label(text, query_type, pieces, by=authorization.administrator(), source=source)
            return f"Labelled “{made.text}”."

        return _done(add, url_for("admin.understanding"))

    def change(self, number: int) -> Response:
        """Change a labelled request; errors lead back to its form."""

        def change() -> str:
            changed = self._understandings.edit(number, *_typed(), by=authorization.administrator())
            return f"Changed “{changed.text}”."

        return _done(change, url_for("admin.understanding"), else_to=url_for("admin.labelled", number=number))

    def delete(self, number: int) -> Response:
        """Delete a labelled request."""

        def delete() -> str:
            self._understandings.delete(number, by=authorization.administrator())
            return "Deleted the labelled request."

        return _done(delete, url_for("admin.understanding"))

    def load(self) -> Response:
        """Import the requests of a file."""

        def load() -> str:
            content, name = uploaded_file(understanding.LABELS)
            done = self._understandings.load(content, name=name, by=authorization.administrator())
            for fault in done.faults[:MAX_FAULTS]:
                flash(fault, FAULT)
            return f"Imported {done.written:,} labelled requests from {name}."

        return _done(load, url_for("admin.understanding"))

    def _to_label(self) -> list[str]:
        """Return searches without a good answer that are not labelled yet."""
        known = {one.text.lower() for one in self._understandings.labelled()}
        found = self._services.reports.unanswered(days=DAYS, limit=SEARCHES)
        return [one.text for one in found if one.text.lower() not in known]


def latest(runs: Sequence[EvaluationRun]) -> list[Latest]:
    """Return the latest evaluation of each reader, the rules first."""
    newest: dict[str, EvaluationRun] = {}
    for run in runs:
        newest.setdefault(run.reader, run)
    return [Latest(run) for run in sorted(newest.values(), key=lambda run: (run.reader != "rules", run.reader))]


def over_time(runs: Sequence[EvaluationRun]) -> list[Chart]:
    """Return a chart of the accuracy over time for each reader; its table names the versions."""
    readers = [one.run.reader for one in latest(runs)]
    return [_chart(reader, [run for run in reversed(runs) if run.reader == reader]) for reader in readers]


def _chart(reader: str, runs: Sequence[EvaluationRun]) -> Chart:
    return Chart(
        f"understanding-{formats.slug(reader)}",
        f"Accuracy of {reader}",
        "Measured",
        tuple(run.at.timestamp() for run in runs),
        tuple(f"{run.at:%Y-%m-%d %H:%M}, version {run.version}" for run in runs),
        tuple(Series(line, tuple(_accuracy(run, name) for run in runs)) for name, line in LINES),
    )


def _accuracy(run: EvaluationRun, name: str) -> float | None:
    tally = run.figures.get(name) if name == "all" else run.figures.get("kinds", {}).get(name)
    share = (tally or {}).get("accuracy")
    return plain(float(share)) if isinstance(share, (int, float)) else None


def add(routes: Blueprint, services: Services) -> None:
    """Add the page and its forms to the administrators' blueprint."""
    views = Understanding(services)
    routes.add_url_rule("/understanding", "understanding", views.show)
    routes.add_url_rule("/understanding/<int:number>", "labelled", views.edit)
    for rule, name, act in (
        ("/understanding", "label", views.label),
        ("/understanding/<int:number>", "change_label", views.change),
        ("/understanding/<int:number>/delete", "delete_label", views.delete),
        ("/understanding/import", "import_labels", views.load),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])


def _typed() -> tuple[str, str, str]:
    form = request.form
    return clean(form.get("text", "")), form.get("query_type", ""), clean(form.get("pieces", ""))


def _done(act: Callable[[], str], page: str, *, else_to: str = "") -> Response:
    """Run an action, and redirect to `page` with its message, or to `else_to` with its error."""
    try:
        flash(act(), DONE)
    except (InvalidRequest, DataError) as error:
        flash(str(error), FAULT)
        return request_diary.see(else_to or page)
    return request_diary.see(page)
