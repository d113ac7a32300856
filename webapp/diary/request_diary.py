"""The current user's ratings, lists and reviews, read once per request, and notices for the next page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Protocol

from flask import flash, g, get_flashed_messages, render_template, request, url_for
from markupsafe import Markup, escape
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
ID, TITLE = "\ue000", "\ue001"
"""Characters for private use, in the place of a movie's id and title."""
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

    def form(self, movie: Titled) -> Markup:
        """Return the form on the card of a movie, with its stars and the buttons of its marks.

        A page has up to two hundred. Those in the same state differ in nothing but id and title, so each state is
        rendered once.
        """
        rating = self.diary.ratings.get(MovieId(movie.id))
        stars = rating.stars if rating else 0.0
        shown = tuple(movie.id in self.diary.marks.get(kind, ()) for kind in SHOWN_MARKS)
        if (stars, shown) not in self._forms:
            choices = [
                MarkChoice(kind.value, _(MARK_WORDS[kind][0]), _(MARK_WORDS[kind][1]), on=on)
                for kind, on in zip(SHOWN_MARKS, shown, strict=True)
            ]
            self._forms[stars, shown] = render_template(
                "diary/form.html", id=ID, title=TITLE, stars=stars, choices=choices, **_urls()
            )
        found = self._forms[stars, shown].replace(ID, str(movie.id)).replace(TITLE, str(escape(movie.title)))
        return Markup(found)  # noqa: S704 - the template escapes, and so does the line above

    @cached_property
    def _forms(self) -> dict[tuple[float, tuple[bool, ...]], str]:
        return {}


class Titled(Protocol):
    """A movie."""

    @property
    def id(self) -> int:
        """TMDB id."""
        ...

    @property
    def title(self) -> str:
        """The title."""
        ...


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


def _urls() -> dict[str, str]:
    """Return the URLs of the forms of the movie `ID`."""
    targets = {"rate_url": "diary.rate", "mark_url": "diary.mark"}
    return {name: url_for(endpoint, movie_id=ANY).replace(str(ANY), ID) for name, endpoint in targets.items()}


def _read(diaries: Diaries) -> RequestDiary | None:
    user = sessions.current()
    if user is None:
        return None
    try:
        return RequestDiary(user, diaries.read(user))
    except StoreUnavailable as error:
        log.error("user data unavailable, page shown without it: %s", error)
        return None
