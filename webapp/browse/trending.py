"""Trending movies: the page, its query, and the schemas that it shares with the API."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from pydantic import Field

from core.errors import SearchUnavailable, StoreUnavailable
from core.trends import TRENDING_LIST, Origin, Window
from core.types import MAX_PAGE_SIZE
from engine.services import Services
from engine.trending.lists import Trending, TrendingMovie, TrendingPage
from webapp.browse import home_rows
from webapp.browse.navigation import Choice
from webapp.http.parsing import Query, parse_query
from webapp.http.schemas import View
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import demo_notice, schemas, serializers

log = logging.getLogger("marquee.web")

PAGE_SIZE = 48
"""Movies on the page: fills rows of 2, 3, 4, 6 and 8."""
ROW = 12
"""Movies in the row on the home page."""
TABS = {
    Window.DAY: gettext_noop("Today"),
    Window.WEEK: gettext_noop("This week"),
    Window.RISING: gettext_noop("Rising"),
}
ABOUT = {
    Window.DAY: gettext_noop("What people view, search for, save and love today. Recent activity counts most."),
    Window.WEEK: gettext_noop("What people view, search for, save and love this week. Recent activity counts most."),
    Window.RISING: gettext_noop("Films that got far more attention than usual in the last day."),
}
STANDING_IN = gettext_noop(
    "There is not enough activity on this site yet. "
    "Until there is, this list is based on the newest ratings of MovieLens."
)


class PageQuery(Query):
    """The list that the page shows."""

    window: Window = Window.DAY


class TrendingQuery(PageQuery):
    """The trending list, and the number of movies."""

    window: Window = Field(Window.DAY, description="The list: today (`day`), this week (`week`), or rising.")
    size: int = Field(20, ge=1, le=MAX_PAGE_SIZE, description="Maximum number of movies.")


class TrendingReason(View):
    """Why a movie is trending."""

    sentence: str = Field(description="The reason as a sentence.")
    score: float = Field(
        description="Decayed sum of event weights; for `rising`, standard deviations above the movie's usual day."
    )
    users: int = Field(description="Number of distinct users; all visitors without an account count as one.")
    recent: float = Field(description="Sum of event weights within the window, without decay.")
    usual: float = Field(description="The movie's usual sum in a window of this length.")


class TrendingCard(schemas.MovieCard):
    """A movie that is trending."""

    why: TrendingReason


class TrendingResponse(View):
    """A trending list."""

    window: Window
    origin: Origin = Field(description="`events`: events of this site; `movielens`: the newest ratings of MovieLens.")
    made_at: datetime | None = Field(description="When the list was computed; null: not yet.")
    demo: bool = Field(False, description="Whether the list includes demo data, made up for the sample catalogue.")
    notice: str = Field("", description="A sentence for the reader about demo data; empty if there is none.")
    results: tuple[TrendingCard, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The row of trending movies on the home page."""

    name: str
    movies: tuple[TrendingCard, ...]


def answer(page: TrendingPage, *, poster_base: str, demo: bool = False) -> TrendingResponse:
    """Return a list as a view, for the API and the page; `demo`: demo data was counted."""
    movies = tuple(_card(movie, poster_base) for movie in page.movies)
    demo = demo and page.origin is Origin.EVENTS
    return TrendingResponse(
        window=page.window,
        origin=page.origin,
        made_at=page.made_at,
        results=movies,
        demo=demo,
        notice=demo_notice.sentence() if demo else "",
    )


def row(trending: Trending, seen: set[int], *, poster_base: str) -> Row | None:
    """Return the row of the home page; None if nothing is trending or the list cannot be read.

    Args:
        seen: Movies that rows above have shown; those of this row are added.
    """
    try:
        page = trending.read(Window.DAY, size=ROW + len(seen))
    except (StoreUnavailable, SearchUnavailable) as error:
        log.error("trending row unavailable: %s", error)
        return None
    cards = home_rows.unseen(answer(page, poster_base=poster_base).results, seen, size=ROW)
    if not cards:
        return None
    standing_in = page.origin is Origin.MOVIELENS
    return Row(_("Trending on MovieLens") if standing_in else _("Trending"), tuple(cards))


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the page."""
    routes = Blueprint("trending", __name__)

    @routes.get("/trending")
    def trending() -> str:
        """Show what is trending today or this week, or rising."""
        window = parse_query(PageQuery, request.args, lenient=True).window
        page = services.trending.read(window, size=PAGE_SIZE)
        return render_template(
            "browse/trending.html",
            answer=answer(page, poster_base=services.settings.poster_base, demo=services.demo.in_use()),
            tabs=[Choice(_(label), url(tab), active=tab is window) for tab, label in TABS.items()],
            title=_(TABS[window]),
            about=_(ABOUT[window]),
            standing_in=_(STANDING_IN) if page.origin is Origin.MOVIELENS else "",
            list=TRENDING_LIST,
        )

    return routes


def url(window: Window) -> str:
    """Return the path of the page with a list."""
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
