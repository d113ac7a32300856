"""The user's lists of rated and marked movies, and the routes of forms."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from core.types import MovieId
from core.users import MarkKind, User
from engine.services import Services
from webapp.diary import lists, request_diary, watch_pages
from webapp.diary.actions import Actions
from webapp.diary.lists import ListQuery, Order
from webapp.http import sessions
from webapp.http.parsing import parse_query
from webapp.movies import serializers


class DiaryPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._poster_base = services.settings.poster_base
        self._diary = request_diary.reader(services.diaries)

    def watchlist(self) -> str:
        """Show the watchlist, with predicted ratings."""
        return self._listing(MarkKind.WATCHLIST, tuple(Order))

    def ratings(self) -> str:
        """Show the movies that the user rated or reviewed."""
        return self._listing(None, (Order.ADDED, Order.STARS, Order.TITLE, Order.YEAR))

    def _listing(self, kind: MarkKind | None, orders: tuple[Order, ...]) -> str:
        user = sessions.required()
        query = parse_query(ListQuery, request.args, lenient=True)
        diary = self._services.diaries.read(user) if (mine := self._diary()) is None else mine.diary
        since = lists.rated(diary) if kind is None else lists.marked(diary, kind)
        movies = self._services.movies.many(list(since))
        predicted = self._predict(user, [movie.id for movie in movies]) if Order.PREDICTED in orders else {}
        found = lists.arranged(lists.entries(diary, since, movies, predicted), query)
        first = (query.page - 1) * lists.PAGE_SIZE
        endpoint = "diary.ratings" if kind is None else "diary.watchlist"
        return render_template(
            "diary/list.html",
            kind=kind,
            query=query,
            total=len(found),
            lacking=len(since) - len(movies),
            entries=[self._entry(entry) for entry in found[first : first + lists.PAGE_SIZE]],
            reviews=diary.reviews,
            sorts=lists.sorts(endpoint, query, orders),
            genres=lists.genres(movies),
            decades=lists.decades(movies),
            endpoint=endpoint,
            previous=lists.url(endpoint, query, page=query.page - 1) if query.page > 1 else "",
            next=lists.url(endpoint, query, page=query.page + 1) if first + lists.PAGE_SIZE < len(found) else "",
        )

    def _entry(self, entry: lists.Entry) -> dict[str, object]:
        card = serializers.card(entry.movie, poster_base=self._poster_base)
        return {"movie": card, "at": entry.at, "stars": entry.stars, "predicted": entry.predicted}

    def _predict(self, user: User, movies: list[MovieId]) -> dict[MovieId, float | None]:
        return dict(self._services.recommending.predict(str(user.id), movies).stars) if movies else {}


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the lists and forms, with the template functions that other pages use."""
    pages, actions = DiaryPages(services), Actions(services)
    routes = Blueprint("diary", __name__)
    for rule, name, view in (
        ("/watchlist", "watchlist", pages.watchlist),
        ("/ratings", "ratings", pages.ratings),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/movies/<int:movie_id>/rate", "rate", actions.rate),
        ("/movies/<int:movie_id>/mark", "mark", actions.mark),
        ("/movies/<int:movie_id>/review", "review", actions.review),
        ("/swipe", "take_swipe", actions.swipe),
        ("/swipe/undo", "unswipe", actions.unswipe),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    watch_pages.add_routes(routes, services)
    _equip_templates(routes, services)
    return routes


def _equip_templates(routes: Blueprint, services: Services) -> None:
    routes.add_app_template_global(request_diary.reader(services.diaries), "request_diary")
    routes.add_app_template_global(request_diary.notices, "notices")
    routes.add_app_template_filter(request_diary.stars_text, "stars")
