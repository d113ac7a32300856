"""The drawn posters, tiles and cards as files."""

from __future__ import annotations

from flask import Blueprint, Response

from core.types import MovieId
from engine.services import Services
from webapp import posters
from webapp.posters import cards

WEEK = 7 * 24 * 3600


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the drawings."""
    routes = Blueprint("posters", __name__)

    @routes.get("/poster/<int:movie_id>.svg")
    def poster(movie_id: int) -> Response:
        """Return the drawn poster of a movie."""
        return _drawing(posters.draw(services.movies.get(MovieId(movie_id))), "image/svg+xml")

    @routes.get("/poster/<int:movie_id>/card.png")
    def card(movie_id: int) -> Response:
        """Return the card that services show beside a link to the movie."""
        return _drawing(cards.render(services.movies.get(MovieId(movie_id))), "image/png")

    @routes.get("/tile/<path:genre>.svg")
    def tile(genre: str) -> Response:
        """Return the drawn tile of a genre."""
        return _drawing(posters.tile(genre), "image/svg+xml")

    return routes


def _drawing(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.cache_control.public = True
    response.cache_control.max_age = WEEK
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
