"""The current user's ratings, lists and reviews, read once per request, and notices for the next page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from flask import flash, g, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from core.errors import StoreUnavailable
from core.types import MovieId
from core.users import Diary, MarkKind, User
from engine.accounts.diaries import Diaries
from webapp.http import sessions
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop, ngettext

log = logging.getLogger("marquee.web")

NOTICE = "diary"
"""Category of the flash messages of these pages."""
SHOWN_MARKS = (MarkKind.WATCHLIST, MarkKind.WATCHED, MarkKind.FAVOURITE, MarkKind.DISMISSED)
"""Marks shown on cards, in this order; the others are set by swiping."""
MARK_WORDS = {
    MarkKind.WATCHLIST: (gettext_noop("Watchlist"), gettext_noop("Add to the watchlist")),
    MarkKind.WATCHED: (gettext_noop("Watched"), gettext_noop("Mark as watched")),
    MarkKind.FAVOURITE: (gettext_noop("Favourite"), gettext_noop("Add to your favourites")),
    MarkKind.DISMISSED: (gettext_noop("Not interested"), gettext_noop("Do not recommend it again")),
}
"""Label and title of the button of each mark."""
ANY = 2**31 - 1
"""An id that no part of a URL contains by chance."""


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """A button that sets or removes a mark: its label, and its title."""

    kind: str
    name: str
    hint: str
    on: bool


@dataclass(frozen=True, slots=True)
class MovieEntry:
    """The user's rating and marks of a movie."""

    stars: float | None
    marks: frozenset[MarkKind]


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The form on a card that changes an entry: its stars, its buttons, and where they are sent."""

    stars: float
    choices: Sequence[MarkChoice]
    rate_url: str
    mark_url: str
    token: str


@dataclass(frozen=True)
class RequestDiary:
    """The current user with their ratings, lists and reviews."""

    user: User
    diary: Diary

    def of(self, movie: int) -> MovieEntry:
        """Return the user's rating and marks of a movie."""
        rating = self.diary.ratings.get(MovieId(movie))
        marks = frozenset(kind for kind, movies in self.diary.marks.items() if movie in movies)
        return MovieEntry(rating.stars if rating else None, marks)

    def form(self, movie: int) -> EntryForm:
        """Return the form on the card of a movie."""
        rating = self.diary.ratings.get(MovieId(movie))
        shown = tuple(movie in self.diary.marks.get(kind, ()) for kind in SHOWN_MARKS)
        if shown not in self._choices:
            self._choices[shown] = [
                MarkChoice(kind.value, _(MARK_WORDS[kind][0]), _(MARK_WORDS[kind][1]), on=on)
                for kind, on in zip(SHOWN_MARKS, shown, strict=True)
            ]
        before, rate, mark = self._urls
        return EntryForm(
            stars=rating.stars if rating else 0,
            choices=self._choices[shown],
            rate_url=f"{before}{movie}{rate}",
            mark_url=f"{before}{movie}{mark}",
            token=self._token,
        )

    # A page has two hundred cards: what they have in common is computed once.
    @cached_property
    def _choices(self) -> dict[tuple[bool, ...], Sequence[MarkChoice]]:
        return {}

    @cached_property
    def _token(self) -> str:
        return str(generate_csrf())

    @cached_property
    def _urls(self) -> tuple[str, str, str]:
        """What is before a movie's id in the URLs of its forms, and what is after it."""
        before, _id, rate = url_for("diary.rate", movie_id=ANY).partition(str(ANY))
        return before, rate, url_for("diary.mark", movie_id=ANY).partition(str(ANY))[2]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about a change, for pages without JavaScript, with the form that undoes it."""

    text: str
    url: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def reader(diaries: Diaries) -> Callable[[], RequestDiary | None]:
    """Return a function that returns the user's diary, read at most once per request; None for visitors."""

    def request_diary() -> RequestDiary | None:
        if "request_diary" not in g:
            g.request_diary = _read(diaries)
        found: RequestDiary | None = g.request_diary
        return found

    return request_diary


def stars_text(stars: float | None) -> str:
    """Return stars in words, such as `4½ stars`."""
    if not stars:
        return _("not rated")
    whole, half = int(stars), stars % 1
    number = f"{whole or ''}{'½' if half else ''}"
    return ngettext("%(n)s star", "%(n)s stars", 1 if stars <= 1 else 2, n=number)


def notify(notice: Notice) -> None:
    """Show a notice on the next page."""
    flash(json.dumps([notice.text, notice.url, notice.fields]), NOTICE)


def notices() -> list[Notice]:
    """Return the notices for this page; each is shown once."""
    if not request.cookies:
        return []
    kept = [json.loads(str(text)) for text in get_flashed_messages(category_filter=[NOTICE])]
    return [Notice(text, url, tuple((name, value) for name, value in fields)) for text, url, fields in kept]


def back(default: str) -> Response:
    """Redirect to the page of this site that the browser came from, or to `default`."""
    origin = request.headers.get("Referer", "")
    ours = origin.removeprefix(request.host_url.rstrip("/")) if origin.startswith(request.host_url) else ""
    target = sessions.local(request.form.get("next", "") or ours, default=default)
    return see(target)


def see(url: str) -> Response:
    """Redirect to a page after a form."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": url})


def wants_json() -> bool:
    """Return whether the request was sent by a script, which expects JSON rather than a redirect."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


def _read(diaries: Diaries) -> RequestDiary | None:
    user = sessions.current()
    if user is None:
        return None
    try:
        return RequestDiary(user, diaries.read(user))
    except StoreUnavailable as error:
        log.error("user data unavailable, page shown without it: %s", error)
        return None
