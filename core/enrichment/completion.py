"""Completing a movie of the catalogue with what TMDB says about it. Pure."""

from __future__ import annotations

from dataclasses import replace

from core.enrichment.records import TmdbExtras
from core.types import Movie, Translation

ENGLISH = "en"
"""The language of the catalogues' own texts."""


def completed(movie: Movie, found: TmdbExtras | None) -> Movie:
    """Return a movie with TMDB's poster, and with the texts and the collection that the catalogue lacks."""
    if found is None:
        return movie
    english = next((one for one in found.translations if one.language == ENGLISH), None)
    own = {ENGLISH, *(one.language for one in movie.translations)}
    others = tuple(
        Translation(language=one.language, title=one.title, overview=one.overview)
        for one in found.translations
        if one.language not in own and (one.title or one.overview)
    )
    return replace(
        movie,
        poster=found.poster or movie.poster,
        overview=movie.overview or (english.overview if english else ""),
        tagline=movie.tagline or (english.tagline if english else ""),
        collection=movie.collection or (found.collection.name if found.collection else ""),
        translations=(*movie.translations, *others),
    )
