"""Pages of the diary: watchings by month, the calendar, the year in film, and the forms of a watching."""

from __future__ import annotations

import calendar
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from core.diary.watches import FIRST_DAY, LAST_YEAR, MAX_GOAL, Watch, WatchEntry
from core.errors import InvalidRequest, NotFound, StoreUnavailable
from core.types import MAX_RANK, MovieId
from core.users import MarkKind, Scope
from engine.accounts.diary.watches import MAX_OF_YEAR, PAGE_SIZE
from engine.services import Services
from webapp.diary import actions, request_diary, schemas, year_charts
from webapp.diary.request_diary import Notice
from webapp.diary.schemas import WatchView
from webapp.diary.watch_api import today
from webapp.http import sessions
from webapp.http.fields import Text, whole_number
from webapp.http.parsing import Query, parse_query
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.movies import serializers

log = logging.getLogger("marquee.web")

SUGGESTED = 12
"""Movies to choose from when a watching is logged from the diary."""
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
DAYS_OF_WEEK = 7


class DiaryQuery(Query):
    """The page of the diary."""

    page: int = Field(1, ge=1, le=MAX_RANK)


class SearchQuery(Query):
    """The title of a movie to log."""

    q: Text = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    day: date
    within: bool
    """Whether it belongs to the month."""
    watches: tuple[WatchView, ...]


class WatchPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._poster_base = services.settings.poster_base
        self._diary = request_diary.reader(services.diaries)

    def diary(self) -> str:
        """Show the watchings, the newest first."""
        user = sessions.required()
        query = parse_query(DiaryQuery, request.args, lenient=True)
        found = self._services.watches.page(user, page=query.page)
        shown = self._views(found.watches)
        more = query.page * PAGE_SIZE < found.total
        return render_template(
            "diary/diary.html",
            months=[(month, list(own)) for month, own in groupby(shown, key=lambda watch: watch.day.replace(day=1))],
            total=found.total,
            years=self._services.watches.years(user),
            today=today(),
            page=query.page,
            previous=url_for("diary.diary", page=query.page - 1) if query.page > 1 else "",
            next=url_for("diary.diary", page=query.page + 1) if more else "",
        )

    def month(self, month: str) -> str:
        """Show the calendar of a month (`2026-03`)."""
        user, first = sessions.required(), read_month(month)
        shown = self._views(self._services.watches.of_month(user, first))
        return render_template(
            "diary/month.html",
            month=first,
            weeks=weeks(first, shown),
            watches=shown,
            weekdays=locales.weekdays(),
            today=today(),
            years=self._services.watches.years(user),
            earlier=first - timedelta(days=1),
            later=(first + timedelta(days=32)).replace(day=1),
        )

    def year(self, year: int) -> str:
        """Show the year in film."""
        user = sessions.required()
        check_year(year)
        found = self._services.watches.year(user, year)
        return render_template(
            "diary/year.html",
            year=found,
            view=schemas.year(found, poster_base=self._poster_base),
            pictures=year_charts.pictures(found),
            years=dict.fromkeys([today().year, *self._services.watches.years(user)]),
            most=MAX_OF_YEAR,
            most_of_goal=MAX_GOAL,
        )

    def set_goal(self, year: int) -> Response:
        """Set or remove the goal of a year."""
        user = sessions.required(Scope.WRITE)
        check_year(year)
        text = request.form.get("goal", "").strip()
        goal = whole_number(text, most=MAX_GOAL) if text else None
        if text and not goal:
            raise InvalidRequest({"goal": f"expected a whole number from 1 to {MAX_GOAL:,}, or nothing for no goal"})
        self._services.watches.set_goal(user, year, goal)
        words = _("Your goal for %(year)s was saved.", year=year) if goal else _("The goal was removed.")
        request_diary.notify(Notice(words))
        return request_diary.see(url_for("diary.year", year=year))

    def choose(self) -> str:
        """Show movies whose title begins as entered, to log one of them."""
        sessions.required()
        query = parse_query(SearchQuery, request.args, lenient=True)
        suggested = self._services.search.suggest(query.q, limit=2 * SUGGESTED) if query.q else ()
        ids = [one.id for one in suggested if one.id is not None][:SUGGESTED]
        movies = [serializers.card(one, poster_base=self._poster_base) for one in self._services.movies.many(ids)]
        return render_template("diary/log.html", title=query.q, movies=movies)

    def edit(self, watch: int) -> str:
        """Show the form of a watching."""
        (shown,) = self._views([self._services.watches.get(sessions.required(), watch)])
        return render_template("diary/watch.html", watch=shown, today=today())

    def log(self, movie_id: int) -> Response:
        """Log a watching of a movie."""
        user = sessions.required(Scope.WRITE)
        movie = self._services.movies.get(MovieId(movie_id))
        mine = self._diary()
        before = mine.of(movie.id) if mine else None
        watch = self._services.watches.log(user, read_entry(movie.id, request.form))
        undo = {"undo": "1", "stars": f"{before.stars:g}" if before and before.stars else ""}
        if before and MarkKind.WATCHED not in before.marks:
            undo["unmark"] = "1"
        text = _("%(title)s is in your diary.", title=movie.title)
        request_diary.notify(Notice(text, url_for("diary.delete_watch", watch=watch.id), tuple(undo.items())))
        return request_diary.back(url_for("pages.movie", movie_id=movie.id))

    def change(self, watch: int) -> Response:
        """Change a watching."""
        user = sessions.required(Scope.WRITE)
        before = self._services.watches.get(user, watch).entry
        changed = self._services.watches.change(user, watch, read_entry(before.movie, request.form))
        undo = url_for("diary.undo_watch", watch=watch) if changed.entry != before else ""
        request_diary.notify(Notice(_("Your diary was changed."), undo))
        return request_diary.see(_month_of(changed.entry.day))

    def delete(self, watch: int) -> Response:
        """Delete a watching; to undo a new one, restore also the rating and the mark that it changed."""
        user = sessions.required(Scope.WRITE)
        deleted = self._services.watches.delete(user, watch).entry
        if "undo" not in request.form:
            url = url_for("diary.undo_watch", watch=watch)
            request_diary.notify(Notice(_("The entry was deleted from your diary."), url))
            return request_diary.see(_month_of(deleted.day))
        if deleted.stars is not None:
            self._services.diaries.rate(user, deleted.movie, actions.read_stars(request.form.get("stars", "")))
        if "unmark" in request.form:
            self._services.diaries.mark(user, deleted.movie, MarkKind.WATCHED, on=False)
        request_diary.notify(Notice(_("The entry was deleted from your diary.")))
        return request_diary.back(url_for("diary.diary"))

    def undo(self, watch: int) -> Response:
        """Undo the latest change or the deletion of a watching."""
        restored = self._services.watches.undo(sessions.required(Scope.WRITE), watch)
        request_diary.notify(Notice(_("The entry was restored.")))
        return request_diary.see(_month_of(restored.entry.day))

    def _views(self, watches: Sequence[Watch]) -> tuple[WatchView, ...]:
        return schemas.watches(watches, movies=self._services.movies, poster_base=self._poster_base)


def add_routes(routes: Blueprint, services: Services) -> None:
    """Add the pages and forms of the diary, and the template functions that the movie page uses."""
    pages = WatchPages(services)
    for rule, name, view in (
        ("/diary", "diary", pages.diary),
        ("/diary/log", "choose", pages.choose),
        ("/diary/months/<month>", "month", pages.month),
        ("/diary/<int:year>", "year", pages.year),
        ("/diary/watchings/<int:watch>", "edit_watch", pages.edit),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/movies/<int:movie_id>/log", "log", pages.log),
        ("/diary/watchings/<int:watch>", "change_watch", pages.change),
        ("/diary/watchings/<int:watch>/delete", "delete_watch", pages.delete),
        ("/diary/watchings/<int:watch>/undo", "undo_watch", pages.undo),
        ("/diary/<int:year>/goal", "set_goal", pages.set_goal),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    routes.add_app_template_global(_watchings(services), "watchings")
    routes.add_app_template_global(today, "today")


def read_entry(movie: MovieId, form: Mapping[str, str]) -> WatchEntry:
    """Return the watching of a form. Raises `InvalidRequest` (fields `day`, `stars`)."""
    faults = {}
    day, stars = today(), None
    try:
        day = date.fromisoformat(form.get("day", "") or day.isoformat())
    except ValueError:
        faults["day"] = "expected a day such as 2026-03-01"
    try:
        stars = actions.read_stars(form.get("stars", ""))
        entry = WatchEntry(movie=movie, day=day, rewatch="rewatch" in form, stars=stars, note=form.get("note", ""))
    except InvalidRequest as error:
        faults.update(error.fields)
    except ValueError as error:
        faults["stars"] = str(error).removeprefix("stars: ")
    if faults:
        raise InvalidRequest(faults)
    return entry


def read_month(text: str) -> date:
    """Return the first day of a month such as `2026-03`. Raises `NotFound`."""
    match = _MONTH.fullmatch(text)
    try:
        first = date(int(match[1]), int(match[2]), 1) if match else date.min
    except ValueError:
        first = date.min
    if not FIRST_DAY <= first <= date(LAST_YEAR, 12, 1):
        raise NotFound(f"no month {text!r}; expected one such as 2026-03")
    return first


def check_year(year: int) -> None:
    """Raise `NotFound` for a year that has no page."""
    if not FIRST_DAY.year <= year <= LAST_YEAR:
        raise NotFound(f"no year {year}; expected {FIRST_DAY.year} to {LAST_YEAR}")


def weeks(month: date, watches: Sequence[WatchView]) -> list[list[Day]]:
    """Return the weeks of a month with its watchings, in the order of the locale's calendars."""
    dates = calendar.Calendar(locales.first_weekday()).itermonthdates(month.year, month.month)
    days = [
        Day(day, day.month == month.month, tuple(one for one in reversed(watches) if one.day == day)) for day in dates
    ]
    return [days[start : start + DAYS_OF_WEEK] for start in range(0, len(days), DAYS_OF_WEEK)]


def _watchings(services: Services) -> Callable[[int], Sequence[Watch]]:
    """Return a function that returns the user's watchings of a movie; none for visitors and without the database."""

    def watchings(movie: int) -> Sequence[Watch]:
        user = sessions.current()
        try:
            return services.watches.of_movie(user, MovieId(movie)) if user else ()
        except StoreUnavailable as error:
            log.error("diary unavailable, page shown without it: %s", error)
            return ()

    return watchings


def _month_of(day: date) -> str:
    return url_for("diary.month", month=f"{day:%Y-%m}")
