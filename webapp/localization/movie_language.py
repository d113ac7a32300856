"""In which language movies are shown: titles and overviews, where the catalogue has them in several."""

from __future__ import annotations

from flask import g, has_request_context, request

from core.types import Movie
from webapp.localization.locales import NOT_LOCALIZED, language

_KEY = "movie_language"


def choose(code: str) -> None:
    """Choose the language of titles and overviews for this answer; an empty code: as the catalogue has them."""
    setattr(g, _KEY, code)


def translated(movie: Movie) -> Movie:
    """Return the movie in the language of the page, or of an answer of the API in the one that was asked for."""
    if not movie.translations or not has_request_context():
        return movie
    page = not request.path.startswith(NOT_LOCALIZED)
    return movie.told_in(language() if page else g.get(_KEY, ""))
