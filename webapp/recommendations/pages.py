"""Pages of recommendations: the list with reasons, the profile, the welcome pages and swiping."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from core.recommendations.records import Recommendations
from core.types import MovieId
from core.users import Preferences, Scope, User
from engine.services import Services
from webapp.browse import home_rows, navigation
from webapp.browse.home_rows import ExplainedRow
from webapp.diary import request_diary
from webapp.http import sessions
from webapp.http.parsing import parse_query
from webapp.localization.translation import gettext as _
from webapp.movies import serializers
from webapp.recommendations import charts, personal_list
from webapp.recommendations.personal_list import LENGTHS, ForYouQuery

STARTERS = 12
WELCOME_GOAL = 10
DECK = 12
"""Cards per page; a script loads more before they run out."""
MAX_STARTER_PAGES = 20


class RecommendationPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._poster_base = services.settings.poster_base
        self._diary = request_diary.reader(services.diaries)

    def for_you(self) -> str:
        """Show posters with reasons on demand: rows or, if they are filtered or there is but one row, one list."""
        user = sessions.required()
        query = parse_query(ForYouQuery, request.args, lenient=True)
        rows, found = self._recommended(user, query)
        demo = self._services.demo.in_use()
        answer = serializers.recommendations(found, poster_base=self._poster_base, demo=demo)
        return render_template(
            "recommendations/for_you.html",
            query=query,
            rows=rows,
            results=answer.results[: personal_list.PAGE_SIZE],
            answer=answer,
            first=(query.page - 1) * personal_list.PAGE_SIZE + 1,
            stage=_(personal_list.STAGES[found.stage]) if personal_list.STAGES[found.stage] else "",
            paging=personal_list.page_links(query, len(answer.results)),
            chips=personal_list.chips(query),
            filters=self._filters(),
            elsewhere=navigation.search_url(personal_list.to_search(query)),
            familiarity=user.preferences.familiarity if query.familiarity is None else query.familiarity,
        )

    def why(self, movie_id: int) -> str:
        """Return why a movie suits the user, which the page shows over its posters."""
        found = self._services.recommending.explain(sessions.required(), MovieId(movie_id))
        movie = serializers.recommendation(found, poster_base=self._poster_base)
        return render_template("recommendations/why.html", movie=movie, sureness=personal_list.sureness)

    def _recommended(self, user: User, query: ForYouQuery) -> tuple[list[ExplainedRow], Recommendations]:
        """Return the rows, or none and the list."""
        recommending = self._services.recommending
        if not personal_list.is_list(query):
            rows, found = recommending.rows(user, personal_list.rows_request(query), explained=False)
            if len(rows) > 1:
                return [home_rows.view(row, poster_base=self._poster_base) for row in rows], found
        wish = personal_list.to_request(query, self._services.availability)
        return [], recommending.for_user(user, wish, explained=False)

    def _filters(self) -> dict[str, list[tuple[str, str]]]:
        """Return the choices of each filter: value and label."""
        movies = self._services.movies
        counted = {"genre": movies.genres(), "decade": movies.decades(), "language": movies.languages()}
        found = {
            name: [(choice.value, choice.label) for choice in serializers.counts(name, counts)]
            for name, counts in counted.items()
        }
        found["decade"].sort(reverse=True)
        found["length"] = [(length.value, _(label)) for length, (label, *_rest) in LENGTHS.items()]
        return {**found, "available_at": personal_list.providers(self._services.availability)}

    def profile(self) -> str:
        """Show charts of the user's taste."""
        user = sessions.required()
        profile = self._services.recommending.profile(user)
        mine = self._diary()
        counts = {kind: len(mine.diary.marked(kind)) for kind in request_diary.SHOWN_MARKS} if mine else {}
        return render_template(
            "recommendations/profile.html",
            profile=profile,
            pictures=charts.pictures(profile),
            counts=counts,
            reviews=len(mine.diary.reviews) if mine else 0,
        )

    def welcome(self) -> str:
        """Show the first step: favourite genres."""
        user = sessions.required()
        genres = serializers.counts("genre", self._services.movies.genres())
        return render_template("recommendations/welcome_genres.html", genres=genres, chosen=user.preferences.genres)

    def choose_genres(self) -> Response:
        """Save the favourite genres and go to the next step."""
        user = sessions.required(Scope.WRITE)
        known = [genre.value for genre in self._services.movies.genres()]
        chosen = tuple(genre for genre in known if genre in request.form.getlist("genre"))
        self._prefer(user, replace(user.preferences, genres=chosen))
        return request_diary.see(url_for("recommendations.welcome_movies"))

    def welcome_movies(self) -> str:
        """Show the second step: movies to rate."""
        user = sessions.required()
        page = min(max(request.args.get("page", 1, type=int), 1), MAX_STARTER_PAGES)
        found = self._services.recommending.starters(user, size=STARTERS * page)[STARTERS * (page - 1) :]
        movies = [serializers.card(movie, poster_base=self._poster_base) for movie in found]
        mine = self._diary()
        rated = len(mine.diary.ratings) if mine else 0
        more = url_for("recommendations.welcome_movies", page=page + 1) if len(movies) == STARTERS else ""
        return render_template(
            "recommendations/welcome_movies.html", movies=movies, rated=rated, goal=WELCOME_GOAL, more=more
        )

    def welcomed(self) -> Response:
        """Finish or skip the welcome pages."""
        user = sessions.required(Scope.WRITE)
        self._prefer(user, replace(user.preferences, onboarded=True))
        return request_diary.see(url_for("recommendations.for_you"))

    def swipe(self) -> str:
        """Show cards to swipe; without JavaScript, the first one with two buttons."""
        user = sessions.required()
        deck = list(self._services.recommending.deck(user, size=DECK))
        first = request.args.get("first", 0, type=int)
        deck.sort(key=lambda item: item.movie.id != first)
        cards = [serializers.recommendation(item, poster_base=self._poster_base) for item in deck]
        template = "recommendations/swipe_cards.html" if request_diary.wants_json() else "recommendations/swipe.html"
        return render_template(template, cards=cards)

    def taste_in_search(self) -> Response:
        """Turn personalized search results on or off."""
        user = sessions.required(Scope.WRITE)
        on = request.form.get("on") == "1"
        self._prefer(user, replace(user.preferences, taste_in_search=on))
        return request_diary.back(url_for("pages.search"))

    def watchlist_in_lists(self) -> Response:
        """Include movies of the watchlist in recommendations, or leave them out."""
        user = sessions.required(Scope.WRITE)
        on = request.form.get("on") == "1"
        self._prefer(user, replace(user.preferences, watchlist_in_lists=on))
        return request_diary.back(url_for("recommendations.for_you"))

    def _prefer(self, user: User, preferences: Preferences) -> None:
        if preferences != user.preferences:
            self._services.accounts.prefer(user, preferences)


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the recommendation pages."""
    pages, routes = RecommendationPages(services), Blueprint("recommendations", __name__)
    for rule, name, view in (
        ("/for-you", "for_you", pages.for_you),
        ("/for-you/<int:movie_id>", "why", pages.why),
        ("/profile", "profile", pages.profile),
        ("/welcome", "welcome", pages.welcome),
        ("/welcome/movies", "welcome_movies", pages.welcome_movies),
        ("/swipe", "swipe", pages.swipe),
    ):
        routes.add_url_rule(rule, name, view)
    for rule, name, act in (
        ("/welcome", "choose_genres", pages.choose_genres),
        ("/welcome/done", "welcomed", pages.welcomed),
        ("/search/taste", "taste_in_search", pages.taste_in_search),
        ("/for-you/watchlist", "watchlist_in_lists", pages.watchlist_in_lists),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])
    return routes
