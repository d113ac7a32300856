"""Pages of an import: upload, preview, the correction of a row, confirmation. No form needs a script.

The preview is stored for a day, so any process can handle the next request, and pages are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from core.errors import DataError
from core.types import MAX_RANK, Movie, MovieId
from core.users import Scope, User
from engine.accounts.imports.previews import Correction, PreviewPage
from engine.accounts.imports.records import EffectCounts, ImportLine
from engine.accounts.imports.stored_plans import MATCHED, UNMATCHED
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.fields import MAX_NAME_LENGTH, clean, whole_number
from webapp.http.parsing import Query, parse_query
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.localization.translation import ngettext

MAX_FILE = 30 * 1024 * 1024
"""Maximum size in bytes: enough for IMDb's export of 100,000 ratings."""
PAGE_SIZE = 50
SHOWN_FAULTS = 200
"""Maximum number of invalid rows on the preview."""
MAX_FOUND = 8
"""Movies that a search for the right one shows."""
MAX_SEARCH = 100
NO_MOVIE = -1
"""A number that no movie has."""
Show = Literal["unmatched", "matched", "skipped", "bad"]
BAD: Final = "bad"
SHOWS: tuple[Show, ...] = ("unmatched", "matched", "skipped", BAD)


class PreviewQuery(Query):
    """Which rows of a preview to show."""

    show: Show | None = None
    page: int = Field(1, ge=1, le=MAX_RANK)


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of rows, for the macro `pager`."""

    page: int
    pages: int
    previous: str
    next: str


class ImportPages:
    """The pages of an import."""

    def __init__(self, services: Services) -> None:
        self._imports, self._search = services.imports, services.search

    def form(self) -> str:
        """Show the upload form."""
        sessions.required()
        return render_template("imports/form.html", fault="")

    def post(self) -> Response:
        """Store the preview of an upload and show it."""
        user = sessions.required(Scope.WRITE)
        upload = request.files.get("file")
        size = upload.stream.seek(0, 2) if upload else 0
        name = clean((upload.filename or "") if upload else "")[:MAX_NAME_LENGTH] or _("the file")
        fault = _fault(size)
        if fault or upload is None:
            return _refuse(fault)
        try:
            with upload.stream as file:
                file.seek(0)
                preview = self._imports.open(user, file, name=name, zone=locales.zone())
        except DataError as error:
            return _refuse(str(error))
        return request_diary.see(url_for("imports.preview", draft=preview.id))

    def preview(self, draft: str) -> Response:
        """Show a page of the rows of a preview."""
        user = sessions.required()
        query = parse_query(PreviewQuery, request.args, lenient=True)
        preview = self._page(user, draft, query.show or UNMATCHED, query.page)
        show = query.show or (UNMATCHED if preview.summary.rows.unmatched else MATCHED)
        if show == MATCHED and query.show is None:
            preview = self._page(user, draft, MATCHED, query.page)
        counts = {**asdict(preview.summary.rows), BAD: len(preview.summary.bad)}
        return _unkept(
            "imports/preview.html",
            preview=preview,
            summary=summary(preview.summary.effects),
            counts=counts,
            show=show,
            faults=preview.summary.bad[:SHOWN_FAULTS],
            paging=_paging(preview.id, show, query.page, counts[show]),
        )

    def line(self, draft: str, number: int) -> Response:
        """Show a row with the movies that it may be about."""
        preview = self._imports.line(sessions.required(), draft, number)
        line = preview.lines[0]
        text = clean(request.args.get("q", ""))[:MAX_SEARCH]
        return _unkept(
            "imports/line.html",
            preview=preview,
            line=line,
            text=text,
            found=self._named(text) if text else (),
            alternatives=() if text else self._imports.alternatives(line),
            back=_back(line),
        )

    def correct(self, draft: str, number: int) -> Response:
        """Choose the movie of a row, skip it, or restore it."""
        user = sessions.required(Scope.WRITE)
        movie = MovieId(whole_number(request.form["movie"]) or NO_MOVIE) if "movie" in request.form else None
        choice = Correction(number, movie, skip="skip" in request.form)
        line = self._imports.correct(user, draft, [choice]).line(number)
        request_diary.notify(Notice(_corrected(line)))
        show = request.form.get("show", "")
        return request_diary.see(_url(draft, show if show in SHOWS else "", 1))

    def apply(self, draft: str) -> Response:
        """Import a preview."""
        user = sessions.required(Scope.WRITE)
        done = self._imports.apply(user, draft)
        came = ngettext(
            "%(n)s film imported from %(name)s.", "%(n)s films imported from %(name)s.", len(done.effects.movies),
            n=locales.number(len(done.effects.movies)), name=done.name,
        )  # fmt: skip
        changed = ", ".join(summary(done.effects.counts))
        words = " ".join((came, *([f"({changed})"] if changed else []), _("Your recommendations already use them.")))
        request_diary.notify(Notice(words))
        return request_diary.see(url_for("diary.diary" if done.effects.watches else "diary.ratings"))

    def discard(self, draft: str) -> Response:
        """Delete a preview."""
        self._imports.discard(sessions.required(Scope.WRITE), draft)
        return request_diary.see(url_for("imports.form"))

    def _page(self, user: User, draft: str, show: Show, page: int) -> PreviewPage:
        """Return a page of a preview; without rows if invalid rows are shown."""
        first, size = (page - 1) * PAGE_SIZE, PAGE_SIZE
        if show == BAD:
            return self._imports.page(user, draft, size=0)
        return self._imports.page(user, draft, show, first=first, size=size)

    def _named(self, text: str) -> Sequence[Movie]:
        """Return movies with a title like a text."""
        return self._imports.movies([one.id for one in self._search.suggest(text, limit=MAX_FOUND) if one.id])


def summary(effects: EffectCounts) -> list[str]:
    """Return what an import changes, a phrase each; the same words for a preview and its result."""
    ratings, watches, reviews = effects.ratings, effects.watches, effects.reviews
    marks, lists, goals = effects.marks, effects.lists, effects.goals
    phrases = (
        (ratings, ngettext("%(n)s rating", "%(n)s ratings", ratings, n=locales.number(ratings))),
        (watches, ngettext("%(n)s diary entry", "%(n)s diary entries", watches, n=locales.number(watches))),
        (reviews, ngettext("%(n)s review", "%(n)s reviews", reviews, n=locales.number(reviews))),
        (marks, ngettext("%(n)s mark", "%(n)s marks", marks, n=locales.number(marks))),
        (lists, ngettext("%(n)s list", "%(n)s lists", lists, n=locales.number(lists))),
        (goals, ngettext("%(n)s goal", "%(n)s goals", goals, n=locales.number(goals))),
    )
    return [phrase for count, phrase in phrases if count]


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of imports."""
    pages, routes = ImportPages(services), Blueprint("imports", __name__)
    for rule, name, view in (
        ("/import", "form", pages.form),
        ("/import/<draft>", "preview", pages.preview),
        ("/import/<draft>/lines/<int:number>", "line", pages.line),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/import", "upload", pages.post),
        ("/import/<draft>", "apply", pages.apply),
        ("/import/<draft>/discard", "discard", pages.discard),
        ("/import/<draft>/lines/<int:number>", "correct", pages.correct),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    return routes


def _back(line: ImportLine) -> Show:
    """Return the part of the preview that shows a row."""
    if line.skipped:
        return "skipped"
    return "matched" if line.movie else "unmatched"


def _paging(draft: str, show: str, page: int, rows: int) -> Paging:
    pages = max(1, -(-rows // PAGE_SIZE))
    return Paging(
        page,
        pages,
        _url(draft, show, page - 1) if page > 1 else "",
        _url(draft, show, page + 1) if page < pages else "",
    )


def _url(draft: str, show: str, page: int) -> str:
    wanted = {name: value for name, value in (("show", show), ("page", str(page) if page > 1 else "")) if value}
    return url_for("imports.preview", draft=draft) + (f"?{urlencode(wanted)}" if wanted else "")


def _corrected(line: ImportLine) -> str:
    if line.skipped:
        return _("“%(title)s” will not be imported.", title=line.title)
    if line.movie is None:
        return _("“%(title)s” has no film again.", title=line.title)
    return _("“%(title)s” is now “%(movie)s”.", title=line.title, movie=line.movie.title)


def _fault(size: int) -> str:
    if not size:
        return _("Choose a file: ratings.csv, watchlist.csv or diary.csv.")
    if size > MAX_FILE:
        most = MAX_FILE // 1024 // 1024
        return _("This file is larger than %(most)s MB. Split it and import the parts one by one.", most=most)
    return ""


def _unkept(template: str, **values: object) -> Response:
    response = make_response(render_template(template, **values))
    response.cache_control.no_store = True
    return response


def _refuse(fault: str) -> Response:
    return make_response(render_template("imports/form.html", fault=fault), HTTPStatus.BAD_REQUEST)
