"""RSS feeds of movies: their entries, and the response."""

from __future__ import annotations

from datetime import datetime

from flask import Response

from webapp.movies import schemas
from webapp.sharing.canonical import Canonical
from webapp.sharing.xml_documents import Item

RSS = "application/rss+xml"
HOUR = 3_600


def item(movie: schemas.MovieCard, canonical: Canonical, *, note: str, at: datetime | None) -> Item:
    """Return the entry of a movie; without a `note`, its text is the overview."""
    title = f"{movie.title} ({movie.year})" if movie.year else movie.title
    return Item(title, canonical.absolute(movie.url), note or movie.overview, at)


def response(content: bytes) -> Response:
    """Return a feed, which readers may keep for an hour."""
    answer = Response(content, mimetype=RSS)
    answer.cache_control.max_age = HOUR
    return answer
