"""The pages of taste: the list with reasons, one's own lists, the profile, the welcome, swiping and importing."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from core.types import MovieId
from core.users import MarkKind, Preferences, Scope, Viewer
from engine.services import Services
from webapp.browse import home_rows
from webapp.diary import imports as diary_imports
from webapp.diary import lists, request_diary
from webapp.diary.actions import Saying
from webapp.diary.imports import Importing
from webapp.diary.lists import ListQuery, Order
from webapp.http import sessions
from webapp.http.parsing import parse_query
from webapp.localization.translation import gettext as _
from webapp.movies import serializers
from webapp.recommendations import charts, personal_list
from webapp.recommendations.personal_list import ForYouQuery

STARTERS = 12
WELCOME_GOAL = 10
DECK = 12
"""Cards in one page of swiping; a script asks for more before they run out."""
MAX_STARTER_PAGES = 20


class TastePages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._poster_base = services.settings.poster_base
        self._own = request_diary.reader(services.diaries)

    def for_you(self) -> str:
        """Films that suit the viewer, with reasons."""
        viewer = sessions.required()
        query = parse_query(ForYouQuery, request.args, lenient=True)
        found = self._services.recommending.for_viewer(viewer, personal_list.wish(query))
        answer = serializers.recommendations(found, poster_base=self._poster_base)
        shown = answer.results[: personal_list.PAGE_SIZE]
        everything = self._services.films
        return render_template(
            "taste/for_you.html",
            query=query,
            results=shown,
            answer=answer,
            first=(query.page - 1) * personal_list.PAGE_SIZE + 1,
            stage=_(personal_list.STAGES[found.stage]) if personal_list.STAGES[found.stage] else "",
            paging=personal_list.turning(query, len(answer.results)),
            chips=personal_list.chips(query),
            genres=serializers.counts("genre", everything.genres()),
            familiarity=viewer.preferences.familiarity if query.familiarity is None else query.familiarity,
            sureness=personal_list.sureness,
            enough=home_rows.ENOUGH_RATINGS,
        )

    def watchlist(self) -> str:
        """Films to watch, with the stars that we expect."""
        return self._listing(MarkKind.WATCHLIST, tuple(Order))

    def ratings(self) -> str:
        """Films that the viewer rated or reviewed."""
        return self._listing(None, (Order.ADDED, Order.STARS, Order.TITLE, Order.YEAR))

    def profile(self) -> str:
        """The viewer's taste in pictures."""
        viewer = sessions.required()
        profile = self._services.recommending.profile(viewer)
        mine = self._own()
        counts = {kind: len(mine.diary.marked(kind)) for kind in request_diary.SHOWN_MARKS} if mine else {}
        return render_template(
            "taste/profile.html",
            profile=profile,
            pictures=charts.pictures(profile),
            counts=counts,
            reviews=len(mine.diary.reviews) if mine else 0,
        )

    def welcome(self) -> str:
        """First step: favourite genres."""
        viewer = sessions.required()
        genres = serializers.counts("genre", self._services.films.genres())
        return render_template("taste/welcome_genres.html", genres=genres, chosen=viewer.preferences.genres)

    def choose_genres(self) -> Response:
        """Keep the favourite genres and go on."""
        viewer = sessions.required(Scope.WRITE)
        known = [genre.value for genre in self._services.films.genres()]
        chosen = tuple(genre for genre in known if genre in request.form.getlist("genre"))
        self._prefer(viewer, replace(viewer.preferences, genres=chosen))
        return request_diary.see(url_for("taste.welcome_films"))

    def welcome_films(self) -> str:
        """Second step: films to rate."""
        viewer = sessions.required()
        page = min(max(request.args.get("page", 1, type=int), 1), MAX_STARTER_PAGES)
        found = self._services.recommending.starters(viewer, size=STARTERS * page)[STARTERS * (page - 1) :]
        films = [serializers.card(movie, poster_base=self._poster_base) for movie in found]
        mine = self._own()
        rated = len(mine.diary.ratings) if mine else 0
        more = url_for("taste.welcome_films", page=page + 1) if len(films) == STARTERS else ""
        return render_template("taste/welcome_films.html", films=films, rated=rated, goal=WELCOME_GOAL, more=more)

    def welcomed(self) -> Response:
        """Finish or skip the welcome."""
        viewer = sessions.required(Scope.WRITE)
        self._prefer(viewer, replace(viewer.preferences, onboarded=True))
        return request_diary.see(url_for("taste.for_you"))

    def swipe(self) -> str:
        """Cards to swipe; without a script the first of them, with two buttons."""
        viewer = sessions.required()
        deck = list(self._services.recommending.deck(viewer, size=DECK))
        first = request.args.get("first", 0, type=int)
        deck.sort(key=lambda item: item.movie.id != first)
        cards = [serializers.recommendation(item, poster_base=self._poster_base) for item in deck]
        template = "taste/swipe_cards.html" if request_diary.wants_json() else "taste/swipe.html"
        return render_template(template, cards=cards)

    def taste_in_search(self) -> Response:
        """Switch whether taste bends the viewer's searches."""
        viewer = sessions.required(Scope.WRITE)
        on = request.form.get("on") == "1"
        self._prefer(viewer, replace(viewer.preferences, taste_in_search=on))
        return request_diary.back(url_for("pages.search"))

    def _listing(self, kind: MarkKind | None, orders: tuple[Order, ...]) -> str:
        viewer = sessions.required()
        query = parse_query(ListQuery, request.args, lenient=True)
        diary = self._services.diaries.read(viewer) if (mine := self._own()) is None else mine.diary
        since = lists.rated(diary) if kind is None else lists.marked(diary, kind)
        movies = self._services.films.many(list(since))
        predicted = self._predict(viewer, [movie.id for movie in movies]) if Order.PREDICTED in orders else {}
        found = lists.arranged(lists.entries(diary, since, movies, predicted), query)
        first = (query.page - 1) * lists.PAGE_SIZE
        endpoint = "taste.ratings" if kind is None else "taste.watchlist"
        return render_template(
            "taste/diary.html",
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
        return {"film": card, "at": entry.at, "stars": entry.stars, "predicted": entry.predicted}

    def _predict(self, viewer: Viewer, movies: list[MovieId]) -> dict[MovieId, float | None]:
        return dict(self._services.recommending.predict(str(viewer.id), movies).stars) if movies else {}

    def _prefer(self, viewer: Viewer, preferences: Preferences) -> None:
        if preferences != viewer.preferences:
            self._services.accounts.prefer(viewer, preferences)


def blueprint(services: Services) -> Blueprint:
    """All pages of taste, and what templates of other pages need to show what the viewer said."""
    pages, saying, imports = TastePages(services), Saying(services), Importing(services)
    routes = Blueprint("taste", __name__)
    for rule, name, view in (
        ("/for-you", "for_you", pages.for_you),
        ("/watchlist", "watchlist", pages.watchlist),
        ("/ratings", "ratings", pages.ratings),
        ("/profile", "profile", pages.profile),
        ("/welcome", "welcome", pages.welcome),
        ("/welcome/films", "welcome_films", pages.welcome_films),
        ("/swipe", "swipe", pages.swipe),
        ("/import", "import_form", imports.form),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/films/<int:movie_id>/rate", "rate", saying.rate),
        ("/films/<int:movie_id>/mark", "mark", saying.mark),
        ("/films/<int:movie_id>/review", "review", saying.review),
        ("/welcome", "choose_genres", pages.choose_genres),
        ("/welcome/done", "welcomed", pages.welcomed),
        ("/swipe", "take_swipe", saying.swipe),
        ("/swipe/undo", "unswipe", saying.unswipe),
        ("/search/taste", "taste_in_search", pages.taste_in_search),
        ("/import", "import_file", imports.post),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    routes.url_value_preprocessor(_admit)
    _equip_templates(routes, services)
    return routes


def _admit(endpoint: str | None, values: dict[str, object] | None) -> None:  # noqa: ARG001 - the signature is Flask's
    if endpoint == "taste.import_file":
        diary_imports.admit_payload()


def _equip_templates(routes: Blueprint, services: Services) -> None:
    routes.add_app_template_global(request_diary.reader(services.diaries), "own")
    routes.add_app_template_global(request_diary.notices, "notices")
    routes.add_app_template_filter(request_diary.stars_text, "stars")
