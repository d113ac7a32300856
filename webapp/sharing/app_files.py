"""The site as an app: its web app manifest, and what it shows without a connection."""

from __future__ import annotations

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


def blueprint() -> Blueprint:
    """Return the blueprint of the manifest and the service worker."""
    routes = Blueprint("app_files", __name__)

    @routes.get("/site.webmanifest")
    def manifest() -> Response:
        response = jsonify(_manifest())
        response.mimetype = "application/manifest+json"
        return response

    @routes.get("/service-worker.js")
    def service_worker() -> Response:
        """Return the script at the root of the site, because it may only serve the paths below its own."""
        response = current_app.send_static_file("sharing/service-worker.js")
        response.cache_control.no_cache = True
        return response

    @routes.get("/offline")
    def offline() -> str:
        """Show the page that the browser keeps for times without a connection; it does not depend on the user."""
        return render_template("http/offline.html")

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
