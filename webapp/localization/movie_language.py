"""In which language films are told: titles and overviews, where the catalogue has them in several."""

from __future__ import annotations

from flask import g, has_request_context, request

from core.types import Movie
from webapp.localization.locales import NOT_LOCALIZED, language

_KEY = "films_told_in"


def tell_in(code: str) -> None:
    """Tell the films of this answer in a language; in the catalogue's where the code is empty."""
    setattr(g, _KEY, code)


def told(movie: Movie) -> Movie:
    """The film as this answer tells it: on pages in the language of the page, in the API in the one asked for."""
    if not movie.translations or not has_request_context():
        return movie
    page = not request.path.startswith(NOT_LOCALIZED)
    return movie.told_in(language() if page else g.get(_KEY, ""))
