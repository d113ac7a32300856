"""`/admin/users` and `/admin/movies`: what a user would get, and what users did with a movie."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.recommendations.records import RecommendationRequest
from core.types import MovieId
from engine.online.activity import MOVIE_DAYS
from engine.services import Services
from webapp.admin import charts
from webapp.http import authorization
from webapp.http.fields import Name
from webapp.http.parsing import Query, parse_query
from webapp.movies import serializers

SIZE = 20
"""Recommendations in a preview."""
FOUND = 20
"""Movies offered for a title."""


class NameQuery(Query):
    """The name of an account, or the title of a movie."""

    q: Name = ""


class Previews:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def users(self) -> str | Response:
        """Ask for an account, and lead to the preview of its recommendations."""
        query = parse_query(NameQuery, request.args, lenient=True)
        if query.q:
            return redirect(url_for("admin.preview", name=query.q))
        days = self._services.activity.days()
        pairs: list[tuple[date, float | None]] = [(day.day, day.users) for day in days]
        chart = charts.daily("users", "Active users", {"active users": pairs}, unit="users per day")
        return render_template("admin/users.html", charts=[chart] if chart.has_values else [])

    def preview(self, name: str) -> str:
        """Show the list that a user would get now. Recorded in the audit log; the user's history is unchanged."""
        user = self._services.operations.preview(name, by=authorization.administrator())
        found = self._services.recommending.for_name(str(user.id), RecommendationRequest(size=SIZE))
        return render_template(
            "admin/preview.html",
            account=user,
            answer=serializers.recommendations(
                found, poster_base=self._services.settings.poster_base, demo=self._services.demo.in_use()
            ),
        )

    def movies(self) -> str:
        """Ask for a movie by its title."""
        query = parse_query(NameQuery, request.args, lenient=True)
        suggested = self._services.search.suggest(query.q, limit=FOUND) if query.q else ()
        movies = [one for one in suggested if one.id is not None]
        return render_template("admin/movies.html", query=query, found=movies)

    def movie(self, movie: int) -> str:
        """Show what users did with a movie."""
        found = self._services.movies.get(MovieId(movie))
        figures = self._services.activity.movie(found.id)
        shown: list[tuple[date, float | None]] = [(day, seen) for day, seen, _ in figures.days]
        clicked: list[tuple[date, float | None]] = [(day, clicks) for day, _, clicks in figures.days]
        chart = charts.daily("movie", "Shown and clicked", {"shown": shown, "clicked": clicked}, unit="events per day")
        return render_template("admin/movie.html", movie=found, figures=figures, charts=[chart], days=MOVIE_DAYS)


def add(routes: Blueprint, services: Services) -> None:
    """Add the pages to the administrators' blueprint."""
    views = Previews(services)
    routes.add_url_rule("/users", "users", views.users)
    routes.add_url_rule("/users/<name>/recommendations", "preview", views.preview)
    routes.add_url_rule("/movies", "movies", views.movies)
    routes.add_url_rule("/movies/<int:movie>", "movie", views.movie)
