"""What many people turn to now: the page, its query, and the shapes that it shares with the API."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from pydantic import Field

from core.errors import StoreUnavailable
from core.trends import Origin, Window
from core.types import MAX_PAGE_SIZE
from engine.services import Services
from engine.trending.counts import LIST
from engine.trending.lists import Trending, TrendingMovie, TrendingPage
from webapp.browse.navigation import Choice
from webapp.http.parsing import Query, parse_query
from webapp.http.schemas import View
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import schemas, serializers

log = logging.getLogger("marquee.web")

PAGE_SIZE = 48
"""Movies on the page: fills rows of 2, 3, 4, 6 and 8."""
ROW = 12
"""Movies in the row of the home page."""
TABS = {
    Window.DAY: gettext_noop("Today"),
    Window.WEEK: gettext_noop("This week"),
    Window.RISING: gettext_noop("Rising"),
}
ABOUT = {
    Window.DAY: gettext_noop("What people open, look for, keep and love today. What was done last counts most."),
    Window.WEEK: gettext_noop("What people open, look for, keep and love this week. What was done last counts most."),
    Window.RISING: gettext_noop("Films that get far more attention in the last day than is usual for them."),
}
STANDING_IN = gettext_noop(
    "Too little has been done on this site for a list of its own. "
    "Until then, this one is counted from the newest ratings of MovieLens."
)


class PageQuery(Query):
    """Which list the page shows."""

    window: Window = Window.DAY


class TrendingQuery(PageQuery):
    """Which list, and how much of it."""

    window: Window = Field(Window.DAY, description="Which list: of the day, of the week, or what is rising.")
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Films at most.")


class TrendingReason(View):
    """Why a movie is trending."""

    sentence: str = Field(description="In words.")
    score: float = Field(
        description="Decayed sum of weights; of `rising`, standard deviations above the film's own usual day."
    )
    users: int = Field(description="Distinct viewers; all visitors without an account are one.")
    recent: float = Field(description="Weight within the window, not decayed.")
    usual: float = Field(description="Weight that the film has in a window of that length by its own past.")


class TrendingCard(schemas.MovieCard):
    """A movie that is trending."""

    why: TrendingReason


class TrendingResponse(View):
    """A trending list."""

    window: Window
    origin: Origin = Field(description="`events`: what this site's viewers did; `movielens`: MovieLens' newest period.")
    made_at: datetime | None = Field(description="When it was counted; null: never yet.")
    results: tuple[TrendingCard, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The row of the home page."""

    name: str
    movies: tuple[TrendingCard, ...]


def answer(page: TrendingPage, *, poster_base: str) -> TrendingResponse:
    """A list as the API sends it and the page shows it."""
    movies = tuple(_card(movie, poster_base) for movie in page.movies)
    return TrendingResponse(window=page.window, origin=page.origin, made_at=page.made_at, results=movies)


def row(trending: Trending, *, poster_base: str) -> Row | None:
    """The row of the home page; None where nothing is trending, or it cannot be read: the page does without."""
    try:
        page = trending.read(Window.DAY, size=ROW)
    except StoreUnavailable as error:
        log.error("no row of what is trending: %s", error)
        return None
    if not page.movies:
        return None
    standing_in = page.origin is Origin.MOVIELENS
    return Row(
        _("Trending on MovieLens") if standing_in else _("Trending"), answer(page, poster_base=poster_base).results
    )


def blueprint(services: Services) -> Blueprint:
    """The one page."""
    routes = Blueprint("trending", __name__)

    @routes.get("/trending")
    def trending() -> str:
        """What is trending today, this week, and what is rising."""
        window = parse_query(PageQuery, request.args, lenient=True).window
        page = services.trending.read(window, size=PAGE_SIZE)
        return render_template(
            "browse/trending.html",
            answer=answer(page, poster_base=services.settings.poster_base),
            tabs=[Choice(_(label), _url(tab), active=tab is window) for tab, label in TABS.items()],
            title=_(TABS[window]),
            about=_(ABOUT[window]),
            standing_in=_(STANDING_IN) if page.origin is Origin.MOVIELENS else "",
            list=LIST,
        )

    return routes


def _url(window: Window) -> str:
    return url_for("trending.trending", window=None if window is Window.DAY else window.value)


def _card(movie: TrendingMovie, poster_base: str) -> TrendingCard:
    trend = movie.trend
    why = TrendingReason(
        sentence=movie.why,
        score=round(trend.score, 4),
        users=trend.users,
        recent=round(trend.recent, 2),
        usual=round(trend.usual, 2),
    )
    return TrendingCard(**serializers.card(movie.movie, poster_base=poster_base).model_dump(), why=why)
