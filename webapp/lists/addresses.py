"""The URL of a list's page, with its name: `/lists/7-rainy-sundays`."""

from __future__ import annotations

from urllib.parse import quote

from core.diary.lists import MovieList
from webapp.movies.addresses import slug

LISTS = "/lists"


def path(found: MovieList) -> str:
    """Return the path of the page of a list. Without the name, or with another, it leads to the same page."""
    name = quote(slug(found.details.name))
    return f"{LISTS}/{found.id}-{name}" if name else f"{LISTS}/{found.id}"
