"""Absolute URLs of this site, and the one URL under which search engines list a page."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from flask import request

KEPT = ("page", "window")
"""Parameters that choose another content; all others only filter, order or track."""
FIRST = {"page": "1", "window": "day"}
"""Values that are the default."""
PRIVATE = ("accounts", "admin", "diary", "recommendations", "ask", "lists", "social")
"""Blueprints whose pages depend on the user or lead nowhere for a crawler."""
UNLISTED = ("pages.search", "pages.suggest")


class Canonical:
    """Absolute URLs, from `MARQUEE_SITE_URL` or, without it, from the host of the request."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url

    def absolute(self, path: str) -> str:
        """Return the absolute URL of a path of this site; other absolute URLs are returned as they are."""
        return urljoin(f"{self._site_url}/" if self._site_url else request.url_root, path)

    def current(self) -> str:
        """Return the canonical URL of the current page: without filters and parameters of campaigns."""
        kept = [(name, request.args[name]) for name in KEPT if request.args.get(name, FIRST[name]) != FIRST[name]]
        return self.absolute(f"{request.path}?{urlencode(kept)}" if kept else request.path)


def listed() -> bool:
    """Return whether search engines may list the current page."""
    return request.blueprint not in PRIVATE and request.endpoint not in UNLISTED
