"""The diary of the user who calls, read once a request however many movies a page shows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, g, get_flashed_messages, request
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
"""The category of our notices among all that Flask keeps for the next page."""
SHOWN_MARKS = (MarkKind.WATCHLIST, MarkKind.WATCHED, MarkKind.FAVOURITE, MarkKind.DISMISSED)
"""The marks that stand on cards, in this order; swipes are set by swiping only."""
MARK_WORDS = {
    MarkKind.WATCHLIST: (gettext_noop("Watchlist"), gettext_noop("Keep on the watchlist")),
    MarkKind.WATCHED: (gettext_noop("Watched"), gettext_noop("You have seen it")),
    MarkKind.FAVOURITE: (gettext_noop("Favourite"), gettext_noop("One of your favourites")),
    MarkKind.DISMISSED: (gettext_noop("Not interested"), gettext_noop("Do not show it again")),
}
"""What the button of each mark is called, and what it says of the movie."""


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """A button that sets a mark or takes it away: its name, and what pressing it would do."""

    kind: str
    name: str
    hint: str
    on: bool


@dataclass(frozen=True, slots=True)
class MovieEntry:
    """What the user recorded of one movie."""

    stars: float | None
    marks: frozenset[MarkKind]

    @property
    def choices(self) -> list[MarkChoice]:
        """The buttons of a card: each mark, what it is called now, and whether it is set."""
        return [
            MarkChoice(kind.value, _(MARK_WORDS[kind][0]), _(MARK_WORDS[kind][1]), on=kind in self.marks)
            for kind in SHOWN_MARKS
        ]


@dataclass(frozen=True, slots=True)
class RequestDiary:
    """The user of this request with their diary."""

    user: User
    diary: Diary

    def of(self, movie: int) -> MovieEntry:
        """What the user recorded of one movie."""
        rating = self.diary.ratings.get(MovieId(movie))
        marks = frozenset(kind for kind, movies in self.diary.marks.items() if movie in movies)
        return MovieEntry(rating.stars if rating else None, marks)


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, for pages without JavaScript: in words, and the form that undoes it."""

    text: str
    url: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def reader(diaries: Diaries) -> Callable[[], RequestDiary | None]:
    """A function that gives the user's diary, read at most once a request; None for visitors."""

    def request_diary() -> RequestDiary | None:
        if "request_diary" not in g:
            g.request_diary = _read(diaries)
        found: RequestDiary | None = g.request_diary
        return found

    return request_diary


def stars_text(stars: float | None) -> str:
    """`4½ stars`, as people say it."""
    if not stars:
        return _("not rated")
    whole, half = int(stars), stars % 1
    number = f"{whole or ''}{'½' if half else ''}"
    return ngettext("%(n)s star", "%(n)s stars", 1 if stars <= 1 else 2, n=number)


def notify(notice: Notice) -> None:
    """Say so on the next page."""
    flash(json.dumps([notice.text, notice.url, notice.fields]), NOTICE)


def notices() -> list[Notice]:
    """What is to be said on this page; each is said once."""
    if not request.cookies:
        return []
    kept = [json.loads(str(text)) for text in get_flashed_messages(category_filter=[NOTICE])]
    return [Notice(text, url, tuple((name, value) for name, value in fields)) for text, url, fields in kept]


def back(default: str) -> Response:
    """Send a browser back to the page of ours that it came from, else to `default`."""
    origin = request.headers.get("Referer", "")
    ours = origin.removeprefix(request.host_url.rstrip("/")) if origin.startswith(request.host_url) else ""
    target = sessions.local(request.form.get("next", "") or ours, default=default)
    return see(target)


def see(url: str) -> Response:
    """Send a browser on to a page, after a form."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": url})


def wants_json() -> bool:
    """Whether a script asks, which does not want to be sent to another page."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


def _read(diaries: Diaries) -> RequestDiary | None:
    user = sessions.current()
    if user is None:
        return None
    try:
        return RequestDiary(user, diaries.read(user))
    except StoreUnavailable as error:
        log.error("the diary cannot be read, the page is shown without it: %s", error)
        return None
