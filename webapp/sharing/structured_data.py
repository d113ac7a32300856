"""Data of a movie for search engines, as schema.org's `Movie` in JSON-LD. Pure."""

from __future__ import annotations

from typing import Any

from webapp.movies import schemas

MAX_ACTORS = 10
BEST_VOTE, WORST_VOTE = 10, 0
TMDB = "https://www.themoviedb.org/movie"


def movie(found: schemas.Movie, *, url: str, image: str) -> dict[str, Any]:
    """Return the data of a movie; `url` and `image` are absolute. Unknown facts are left out."""
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Movie",
        "name": found.title,
        "alternateName": found.original_title if found.original_title != found.title else None,
        "url": url,
        "image": image,
        "description": found.overview,
        "datePublished": found.release_date,
        "duration": f"PT{found.runtime}M" if found.runtime else None,
        "genre": list(found.genres),
        "inLanguage": found.language,
        "countryOfOrigin": [{"@type": "Country", "name": code} for code in found.countries],
        "director": _people(found.directors),
        "author": _people(found.writers),
        "actor": _people(tuple(role.name for role in found.cast[:MAX_ACTORS])),
        "aggregateRating": _rating(found),
        "contentRating": found.extras.certificates[0].certificate
        if found.extras and found.extras.certificates
        else None,
        "sameAs": _pages(found),
    }
    return {name: value for name, value in values.items() if value}


def site(*, url: str, search: str) -> dict[str, Any]:
    """Return the data of the home page; `search` is the absolute URL of the search page."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Marquee",
        "url": url,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def _pages(found: schemas.Movie) -> str | list[str]:
    """Return the pages of a movie elsewhere."""
    tmdb, imdb = f"{TMDB}/{found.id}", found.extras.imdb if found.extras else None
    return [tmdb, imdb] if imdb else tmdb


def _people(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"@type": "Person", "name": name} for name in names]


def _rating(found: schemas.Movie) -> dict[str, Any] | None:
    if found.rating is None or not found.votes:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": found.rating,
        "ratingCount": found.votes,
        "bestRating": BEST_VOTE,
        "worstRating": WORST_VOTE,
    }
