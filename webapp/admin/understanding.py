"""`/admin/understanding`: accuracy of each reader by kind and mood, its history and failures; the labelled requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, flash, render_template, request, url_for
from pydantic import AfterValidator, StringConstraints
from werkzeug.wrappers import Response

from core.errors import DataError, InvalidRequest
from core.evaluation import MAX_LABELLED_PIECES, MAX_LABELLED_TEXT, EvaluationRun
from core.understanding import Stance
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
"""Evaluations that the charts go back: two months of two readers."""
FAILURES = 50
"""Failures of a reader on the page."""
PAGE = 50
"""Labelled requests on a page."""
DAYS, SEARCHES = 30, 20
"""Searches without a good answer that are offered to be labelled: of how many days, and how many."""
LINES = (("all", "all pieces"), ("genre", "genres"), ("mood", "moods"), ("years", "years"))
"""Figures that are drawn over time, and what each line is called."""
MAX_FAULTS = 20
"""Faults of a file that are told on the next page."""


class PageQuery(Query):
    """What of the labelled requests to show, and what to put into the form."""

    page: int = 1
    q: Name = ""
    text: Annotated[str, StringConstraints(max_length=MAX_LABELLED_TEXT), AfterValidator(clean)] = ""
    """A search without a good answer, to be labelled."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The last evaluation of one reader."""

    run: EvaluationRun

    @property
    def kinds(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Tallies of all pieces, then of each kind."""
        figures = self.run.figures
        return [("all", figures.get("all", {})), *figures.get("kinds", {}).items()]

    @property
    def moods(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Tallies of each mood."""
        return list(self.run.figures.get("moods", {}).items())

    @property
    def failures(self) -> Sequence[Mapping[str, Any]]:
        """What was not understood, as much as fits on a page."""
        return self.run.failures[:FAILURES]


class Understanding:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services, self._understandings = services, services.understandings

    def show(self) -> str:
        """Figures, failures, labelled requests, and searches to be labelled."""
        query = parse_query(PageQuery, request.args, lenient=True)
        runs = self._understandings.runs(limit=RUNS)
        labelled = [one for one in self._understandings.labelled() if query.q.lower() in one.text.lower()]
        page = min(max(query.page, 1), max(1, -(-len(labelled) // PAGE)))
        return render_template(
            "admin/understanding.html",
            latest=latest(runs),
            charts=[chart for chart in over_time(runs) if chart.told],
            labelled=understanding.views(labelled[(page - 1) * PAGE : page * PAGE]),
            total=len(labelled),
            page=page,
            pages=max(1, -(-len(labelled) // PAGE)),
            query=query,
            stances=list(Stance),
            searches=self._to_label(),
            limits=(MAX_LABELLED_TEXT, MAX_LABELLED_PIECES),
        )

    def edit(self, number: int) -> str:
        """One labelled request, to be changed."""
        found = understanding.views([self._understandings.get(number)])[0]
        return render_template(
            "admin/labelled.html",
            one=found,
            stances=list(Stance),
            limits=(MAX_LABELLED_TEXT, MAX_LABELLED_PIECES),
        )

    def label(self) -> Response:
        """Add a labelled request."""

        def add() -> str:
            text, stance, pieces = _typed()
            source = "search" if request.form.get("source") == "search" else "form"
            made = self._understandings.label(text, stance, pieces, by=authorization.administrator(), source=source)
            return f"“{made.text}” is labelled."

        return _done(add, url_for("admin.understanding"))

    def change(self, number: int) -> Response:
        """Change one; faults lead back to its form."""

        def change() -> str:
            changed = self._understandings.edit(number, *_typed(), by=authorization.administrator())
            return f"“{changed.text}” is changed."

        return _done(change, url_for("admin.understanding"), else_to=url_for("admin.labelled", number=number))

    def delete(self, number: int) -> Response:
        """Delete one."""

        def delete() -> str:
            self._understandings.delete(number, by=authorization.administrator())
            return "The labelled request is deleted."

        return _done(delete, url_for("admin.understanding"))

    def load(self) -> Response:
        """Take the requests of a file over."""

        def load() -> str:
            content, name = uploaded_file(understanding.LABELS)
            done = self._understandings.load(content, name=name, by=authorization.administrator())
            for fault in done.faults[:MAX_FAULTS]:
                flash(fault, FAULT)
            return f"{done.written:,} labelled requests came from {name}."

        return _done(load, url_for("admin.understanding"))

    def _to_label(self) -> list[str]:
        """Searches without a good answer that are not labelled yet."""
        known = {one.text.lower() for one in self._understandings.labelled()}
        found = self._services.reports.unanswered(days=DAYS, limit=SEARCHES)
        return [one.text for one in found if one.text.lower() not in known]


def latest(runs: Sequence[EvaluationRun]) -> list[Latest]:
    """The last evaluation of each reader, the rules first."""
    newest: dict[str, EvaluationRun] = {}
    for run in runs:
        newest.setdefault(run.reader, run)
    return [Latest(run) for run in sorted(newest.values(), key=lambda run: (run.reader != "rules", run.reader))]


def over_time(runs: Sequence[EvaluationRun]) -> list[Chart]:
    """Accuracy over time, a chart for each reader; its table names the versions."""
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
    """Add page and forms to the blueprint of administrators."""
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
    return clean(form.get("text", "")), form.get("stance", ""), clean(form.get("pieces", ""))


def _done(act: Callable[[], str], page: str, *, else_to: str = "") -> Response:
    """Do it, and say so on the next page; or say there why it was not done."""
    try:
        flash(act(), DONE)
    except (InvalidRequest, DataError) as error:
        flash(str(error), FAULT)
        return request_diary.see(else_to or page)
    return request_diary.see(page)
