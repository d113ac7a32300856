"""The site as an app: web app manifest, service worker and the page that it shows without a connection."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from webapp.localization import locales
from webapp.localization.translation import gettext as _

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)
COLOUR = "#a8321e"
GROUND = "#fbf7ef"
WORKER_FILES = ("site/marquee.css", "accounts/accounts.css", "site/theme.js", "site/icon.svg")
"""What the offline page needs."""


def blueprint() -> Blueprint:
    """Return the blueprint of the files."""
    routes = Blueprint("app_files", __name__)

    @routes.get("/site.webmanifest")
    def manifest() -> Response:
        response = jsonify(_manifest())
        response.mimetype = "application/manifest+json"
        return response

    @routes.get("/offline")
    def offline() -> str:
        """Show that there is no connection; the service worker keeps this page."""
        return render_template("sharing/offline.html")

    @routes.get("/service-worker.js")
    def worker() -> Response:
        files = [url_for("static", filename=name) for name in WORKER_FILES]
        text = render_template(
            "sharing/service_worker.js", version=_version(), page=url_for("app_files.offline"), files=files
        )
        return Response(text, mimetype="text/javascript")

    return routes


def _manifest() -> dict[str, object]:
    return {
        "name": "Marquee",
        "short_name": "Marquee",
        "description": _("Describe a film in your own words and find it."),
        "lang": locales.language(),
        "id": "/",
        "start_url": url_for("pages.home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": GROUND,
        "icons": [
            {
                "src": url_for("static", filename=f"sharing/{name}"),
                "sizes": sizes,
                "type": "image/png",
                "purpose": purpose,
            }
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": name, "url": url}
            for name, url in (
                (_("Trending"), url_for("trending.trending")),
                (_("Browse"), url_for("pages.browse")),
                (_("For you"), url_for("recommendations.for_you")),
            )
        ],
    }


def _version() -> str:
    """Return a digest of the files that the service worker keeps: another digest makes browsers fetch them again."""
    folder = Path(current_app.static_folder or "")
    content = b"".join((folder / name).read_bytes() for name in WORKER_FILES)
    return hashlib.sha256(content + _("You are offline").encode()).hexdigest()[:12]
