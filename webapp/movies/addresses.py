"""The URL of a movie's page, with its title: `/movies/603-the-matrix`."""

from __future__ import annotations

from urllib.parse import quote

from core.texts import fold
from core.types import Movie

MOVIES = "/movies"
MAX_SLUG = 60


def slug(title: str) -> str:
    """Return a title as part of a URL, cut after a whole word if possible; empty if it has no letters or digits."""
    words = fold(title).replace(" ", "-")
    if len(words) <= MAX_SLUG:
        return words
    return words[: MAX_SLUG + 1].rpartition("-")[0] or words[:MAX_SLUG]


def path(movie: Movie) -> str:
    """Return the path of the page of a movie. Without the title, or with another, it leads to the same page."""
    name = quote(slug(movie.title))
    return f"{MOVIES}/{movie.id}-{name}" if name else f"{MOVIES}/{movie.id}"
