"""Form actions on a movie: rate, mark, review and swipe. Browsers are redirected, scripts get JSON."""

from __future__ import annotations

from collections.abc import Mapping

from flask import jsonify, request, url_for
from werkzeug.wrappers import Response

from core.errors import InvalidRequest
from core.types import Movie, MovieId
from core.users import EventKind, MarkKind, Scope
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.events import recorder
from webapp.http import sessions
from webapp.http.fields import whole_number
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

SWIPES = {
    "right": (MarkKind.LIKED, EventKind.SWIPE_RIGHT, gettext_noop("You would watch %(title)s.")),
    "left": (MarkKind.PASSED, EventKind.SWIPE_LEFT, gettext_noop("Not now: %(title)s.")),
}
SET = {
    MarkKind.WATCHLIST: gettext_noop("%(title)s is on your watchlist."),
    MarkKind.WATCHED: gettext_noop("%(title)s is marked as watched."),
    MarkKind.FAVOURITE: gettext_noop("%(title)s is one of your favourites."),
    MarkKind.DISMISSED: gettext_noop("%(title)s will not be recommended again."),
    MarkKind.LIKED: gettext_noop("You would watch %(title)s."),
    MarkKind.PASSED: gettext_noop("Not now: %(title)s."),
}
UNSET = {
    MarkKind.WATCHLIST: gettext_noop("%(title)s was removed from your watchlist."),
    MarkKind.WATCHED: gettext_noop("%(title)s is no longer marked as watched."),
    MarkKind.FAVOURITE: gettext_noop("%(title)s is no longer one of your favourites."),
    MarkKind.DISMISSED: gettext_noop("%(title)s may be recommended again."),
    MarkKind.LIKED: gettext_noop("%(title)s can be swiped again."),
    MarkKind.PASSED: gettext_noop("%(title)s can be swiped again."),
}
YES_OR_NO = {"1": True, "0": False}


class Actions:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._diary = request_diary.reader(services.diaries)

    def rate(self, movie_id: int) -> Response:
        """Set the rating, or remove it if no stars are sent."""
        user = sessions.required(Scope.WRITE)
        stars = read_stars(request.form.get("stars", ""))
        movie, before = self._services.movies.get(MovieId(movie_id)), self._entry(movie_id).stars
        self._services.diaries.rate(user, movie.id, stars)
        text = _gave(movie.title, stars)
        undo = {"stars": f"{before:g}" if before else ""}
        return self._answer(movie, text, url_for("diary.rate", movie_id=movie.id), undo, stars=stars)

    def mark(self, movie_id: int) -> Response:
        """Set or remove a mark."""
        user = sessions.required(Scope.WRITE)
        kind, on = read_mark(request.values)
        movie = self._services.movies.get(MovieId(movie_id))
        self._services.diaries.mark(user, movie.id, kind, on=on)
        text = _((SET if on else UNSET)[kind], title=movie.title)
        undo = {"kind": kind.value, "on": "0" if on else "1"}
        return self._answer(movie, text, url_for("diary.mark", movie_id=movie.id), undo, kind=kind, on=on)

    def review(self, movie_id: int) -> Response:
        """Write or replace the user's review; a blank one is deleted."""
        user = sessions.required(Scope.WRITE)
        text = "" if "delete" in request.form else request.form.get("text", "")
        movie = self._services.movies.get(MovieId(movie_id))
        self._services.diaries.review(user, movie.id, text, spoilers="spoilers" in request.form)
        request_diary.notify(Notice(_reviewed(movie.title, kept=bool(text.strip()))))
        return request_diary.back(url_for("pages.movie", movie_id=movie.id, _anchor="reviews"))

    def swipe(self) -> Response:
        """Record a swipe in either direction; it counts immediately."""
        user = sessions.required(Scope.WRITE)
        movie, (kind, event, words) = self._services.movies.get(_movie()), _direction()
        self._services.diaries.mark(user, movie.id, kind, on=True)
        recorder.swipe(
            self._services,
            user,
            event,
            movie.id,
            position=request.form.get("position", ""),
            model=request.form.get("model", ""),
        )
        undo = {"movie": str(movie.id), "direction": request.form["direction"]}
        url = url_for("diary.unswipe")
        return self._answer(movie, _(words, title=movie.title), url, undo, kind=kind, on=True, target=_swiping())

    def unswipe(self) -> Response:
        """Undo a swipe."""
        user = sessions.required(Scope.WRITE)
        movie, kind = self._services.movies.get(_movie()), _direction()[0]
        self._services.diaries.mark(user, movie.id, kind, on=False)
        if request_diary.wants_json():
            return jsonify(id=movie.id, text=_("%(title)s is back.", title=movie.title))
        return request_diary.back(url_for("recommendations.swipe", first=movie.id))

    def _answer(
        self,
        movie: Movie,
        text: str,
        undo_url: str,
        undo: Mapping[str, str],
        *,
        stars: float | None = None,
        kind: MarkKind | None = None,
        on: bool = False,
        target: str = "",
    ) -> Response:
        """Return JSON with the new state, or redirect back with a notice that offers to undo the change."""
        if not request_diary.wants_json():
            request_diary.notify(Notice(text, undo_url, tuple(undo.items())))
            return request_diary.back(target or url_for("pages.movie", movie_id=movie.id))
        entry = self._entry(movie.id)
        marks = entry.marks if kind is None else (entry.marks | {kind} if on else entry.marks - {kind})
        return jsonify(
            id=movie.id,
            stars=stars if kind is None else entry.stars,
            marks=sorted(marks),
            text=text,
            undo={"url": undo_url, "fields": dict(undo)},
        )

    def _entry(self, movie: int) -> request_diary.MovieEntry:
        mine = self._diary()
        return mine.of(movie) if mine else request_diary.MovieEntry(None, frozenset())


def _gave(title: str, stars: float | None) -> str:
    if not stars:
        return _("Your rating of %(title)s was removed.", title=title)
    return _("You gave %(title)s %(stars)s.", title=title, stars=request_diary.stars_text(stars))


def _reviewed(title: str, *, kept: bool) -> str:
    return (
        _("Your review of %(title)s was saved.", title=title)
        if kept
        else _("Your review of %(title)s was deleted.", title=title)
    )


def read_stars(text: str) -> float | None:
    """Return the half stars of a form; None if there are none.

    Raises:
        InvalidRequest: anything but a number.
    """
    try:
        stars = float(text or 0)
    except ValueError:
        raise InvalidRequest({"stars": "expected half stars from 0.5 to 5, or nothing to remove the rating"}) from None
    return stars or None


def read_mark(values: Mapping[str, str]) -> tuple[MarkKind, bool]:
    """Return the mark of a form, and whether to set or remove it.

    Raises:
        InvalidRequest: there is no such mark, or the value is neither 1 nor 0.
    """
    faults = {}
    if values.get("kind", "") not in set(MarkKind):
        faults["kind"] = f"expected one of {', '.join(MarkKind)}"
    if values.get("on", "") not in YES_OR_NO:
        faults["on"] = "expected 1 (set) or 0 (remove)"
    if faults:
        raise InvalidRequest(faults)
    return MarkKind(values["kind"]), YES_OR_NO[values["on"]]


def _movie() -> MovieId:
    number = whole_number(request.form.get("movie", ""))
    if number is None:
        raise InvalidRequest({"movie": "expected the TMDB id of a movie"})
    return MovieId(number)


def _direction() -> tuple[MarkKind, EventKind, str]:
    direction = request.form.get("direction", "")
    if direction not in SWIPES:
        raise InvalidRequest({"direction": "expected right or left"})
    return SWIPES[direction]


def _swiping() -> str:
    return url_for("recommendations.swipe")
