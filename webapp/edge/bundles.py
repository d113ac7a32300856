"""Stylesheets and scripts of every page, joined into one file each, so that a first visit takes few requests.

The URL contains a digest of the content: browsers may keep a file for a year, and an upgrade is seen at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

FILES: Mapping[str, tuple[str, ...]] = {
    "site.css": (
        "site/marquee.css",
        "accounts/accounts.css",
        "diary/diary.css",
        "recommendations/recommendations.css",
        "movies/movie.css",
        "social/social.css",
    ),
    "site.js": ("vendor/htmx.min.js", "site/marquee.js", "site/results.js", "movies/movie.js"),
    "user.js": ("diary/diary.js", "events/events.js", "recommendations/recommendations.js"),
}
"""The files of each bundle, below `static`; later rules override earlier ones. `user.js` is for signed-in users."""
TYPES = {".css": "text/css", ".js": "text/javascript"}
DIGITS = 12
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Register the blueprint, and `bundle(name)` for templates, which returns the URL of a bundle."""
    folder = Path(app.static_folder or "")
    app.register_blueprint(blueprint(folder))
    app.add_template_global(lambda name: _url(name, _read(folder, name)[1]), "bundle")


def blueprint(folder: Path) -> Blueprint:
    """Return the blueprint that serves the bundles of the static files in `folder`."""
    routes = Blueprint("bundles", __name__)

    # Relative URLs in stylesheets (`../diary/star.svg`) are the same from here and from the file itself.
    @routes.get("/static/bundles/<digest>-<name>")
    def bundle(digest: str, name: str) -> WerkzeugResponse:
        """Return a bundle; one of another version is redirected to the current one."""
        if name not in FILES:
            abort(HTTPStatus.NOT_FOUND)
        content, current = _read(folder, name)
        if digest != current:
            return redirect(_url(name, current))
        response = Response(content, mimetype=TYPES[Path(name).suffix])
        response.cache_control.public = response.cache_control.immutable = True
        response.cache_control.max_age = YEAR
        return response

    return routes


def _url(name: str, digest: str) -> str:
    return url_for("bundles.bundle", digest=digest, name=name)


@cache
def _read(folder: Path, name: str) -> tuple[bytes, str]:
    """Return the content of a bundle, and its digest."""
    content = b"\n".join((folder / path).read_bytes() for path in FILES[name])
    return content, hashlib.sha256(content).hexdigest()[:DIGITS]
