"""`/sitemap.xml` and `/robots.txt`: which pages search engines may list.

The sitemap has a part for each decade, or for each year of a decade with more movies than a part holds. Larger years
are cut to their most popular movies; movies without a date are left to the links of the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, url_for
from werkzeug.exceptions import NotFound

from core.types import FacetValue
from engine.services import Services
from webapp.movies import addresses
from webapp.sharing import xml_documents
from webapp.sharing.canonical import Canonical

MOST = 5_000
"""Movies in a part; the protocol allows 50,000, but a part is read from the index at once."""
DECADE = 10
PAGES = "pages"
DAY = 24 * 3_600
CLOSED = ("/search", "/suggest", "/account", "/sign-in", "/sign-up", "/admin", "/ask", "/api/")
"""Paths that crawlers should leave alone: they have no end, or nothing for them."""
XML = "application/xml"


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the files."""
    routes, canonical = Blueprint("sitemap", __name__), Canonical(services.settings.site_url)

    @routes.get("/sitemap.xml")
    def index() -> Response:
        names = [PAGES, *parts(services.movies.decades())]
        urls = [canonical.absolute(url_for("sitemap.part", name=name)) for name in names]
        return kept(Response(xml_documents.sitemap_index(urls), mimetype=XML))

    @routes.get("/sitemaps/<name>.xml")
    def part(name: str) -> Response:
        if name == PAGES:
            paths = list(_pages(services))
        else:
            span = years(name)
            if span is None:
                raise NotFound
            paths = [addresses.path(movie) for movie in services.movies.of_years(*span, size=MOST)]
        return kept(Response(xml_documents.sitemap(map(canonical.absolute, paths)), mimetype=XML))

    @routes.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
        sitemap = canonical.absolute(url_for("sitemap.index"))
        return kept(Response(f"User-agent: *\n{closed}\nSitemap: {sitemap}\n", mimetype="text/plain"))

    return routes


def parts(decades: Sequence[FacetValue]) -> list[str]:
    """Return the names of the parts with movies: `1990s`, or each year of a decade that is larger than a part."""
    names: list[str] = []
    for decade in decades:
        first = int(decade.value)
        names += [str(year) for year in range(first, first + DECADE)] if decade.count > MOST else [f"{first}s"]
    return sorted(names)


def years(name: str) -> tuple[int, int] | None:
    """Return the first and the last year of a part; None if there is no such part."""
    digits = name.removesuffix("s")
    if not (digits.isascii() and digits.isdigit() and len(digits) == len("1990")):
        return None
    first = int(digits)
    return (first, first + DECADE - 1) if name.endswith("s") else (first, first)


def kept(response: Response) -> Response:
    """Let caches keep a file for a day."""
    response.cache_control.public = True
    response.cache_control.max_age = DAY
    return response


def _pages(services: Services) -> Iterator[str]:
    for endpoint in ("pages.home", "pages.browse", "trending.trending", "pages.about"):
        yield url_for(endpoint)
    for genre in services.movies.genres():
        yield url_for("pages.genre", name=genre.value)
