"""The RSS feed of a public list."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from core.errors import NotFound
from engine.services import Services
from webapp.lists import addresses, schemas
from webapp.localization import locales
from webapp.sharing import feeds, xml_documents
from webapp.sharing.canonical import Canonical

NEWEST = 50
"""Most movies of a feed: those added last."""


def add_feed(routes: Blueprint, services: Services) -> None:
    """Add the feed of public lists; a private list has none, not even for its owner, since feed readers share links."""
    canonical = Canonical(services.settings.site_url)

    @routes.get("/lists/<int:list_id>.rss")
    def feed(list_id: int) -> Response:
        found = services.lists.open(None, list_id).list
        if not found.details.public:
            raise NotFound(f"no list {list_id}")
        entries = sorted(services.lists.entries(None, list_id, size=found.size or 1), key=lambda entry: entry.at)
        base = services.settings.poster_base
        shown = schemas.entries(entries[::-1][:NEWEST], movies=services.movies, poster_base=base)
        content = xml_documents.feed(
            [
                feeds.item(entry.movie, canonical, note=entry.note, at=entry.at)
                for entry in shown
                if entry.movie is not None
            ],
            title=f"{found.details.name} · Marquee",
            about=found.details.description or found.details.name,
            page=canonical.absolute(addresses.path(found)),
            own=canonical.absolute(url_for("lists.feed", list_id=list_id)),
            language=locales.language(),
        )
        return feeds.response(content)
