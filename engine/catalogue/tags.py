"""MovieLens' tags: read if available and added to the catalogue's movies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.config import Settings
from core.errors import DataError
from core.types import Movie
from data.catalogues import movielens_tags, sources
from data.catalogues.movielens_tags import Tagged
from data.catalogues.report import Catalogue


def fingerprint(settings: Settings) -> str:
    """Return a fingerprint of the files that tags are read from; empty if there are none."""
    return movielens_tags.fingerprint(sources.tags(settings))


def tagged(settings: Settings, catalogue: Catalogue, *, say: Callable[[str], None]) -> tuple[Catalogue, str]:
    """Return the catalogue with MovieLens' tags appended to its own, and the fingerprint of their files.

    Tags are optional: an unreadable file is reported, and the catalogue stays unchanged.
    """
    files = sources.tags(settings)
    if not files:
        return catalogue, ""
    try:
        read = movielens_tags.read(files, {movie.id for movie in catalogue.movies})
    except DataError as error:
        say(f"no tags: {error}")
        return catalogue, movielens_tags.fingerprint(files)
    say(read.report())
    movies = tuple(_with_tags(movie, read) for movie in catalogue.movies)
    return replace(catalogue, movies=movies), movielens_tags.fingerprint(files)


def _with_tags(movie: Movie, read: Tagged) -> Movie:
    own = read.tags.get(movie.id, ())
    return replace(movie, tags=tuple(dict.fromkeys((*movie.tags, *own)))) if own else movie
