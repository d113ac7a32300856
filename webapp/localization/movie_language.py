"""The language of titles and overviews, if the catalogue has several."""

from __future__ import annotations

from flask import g, has_request_context, request

from core.types import Movie
from webapp.localization.locales import NOT_LOCALIZED, language

_KEY = "movie_language"


def choose(code: str) -> None:
    """Set the language of titles and overviews for this response; empty: the catalogue's own."""
    setattr(g, _KEY, code)


def translated(movie: Movie) -> Movie:
    """Return the movie in the language of the page or, in the API, in the requested language."""
    if not movie.translations or not has_request_context():
        return movie
    page = not request.path.startswith(NOT_LOCALIZED)
    return movie.told_in(language() if page else g.get(_KEY, ""))
