"""RSS feeds: what is trending."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from engine.services import Services
from webapp.browse import trending
from webapp.http.parsing import parse_query
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.sharing import feeds, xml_documents
from webapp.sharing.canonical import Canonical


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the feeds."""
    routes, canonical = Blueprint("feeds", __name__), Canonical(services.settings.site_url)

    @routes.get("/trending.rss")
    def trending_feed() -> Response:
        window = parse_query(trending.PageQuery, request.args, lenient=True).window
        page = services.trending.read(window, size=trending.PAGE_SIZE)
        found = trending.answer(page, poster_base=services.settings.poster_base)
        content = xml_documents.feed(
            [feeds.item(movie, canonical, note=movie.why.sentence, at=found.made_at) for movie in found.results],
            title=f"{_('Trending')}: {_(trending.TABS[window])} · Marquee",
            about=_(trending.ABOUT[window]),
            page=canonical.absolute(trending.url(window)),
            own=canonical.absolute(url_for("feeds.trending_feed", window=window.value)),
            language=locales.language(),
        )
        return feeds.response(content)

    return routes
