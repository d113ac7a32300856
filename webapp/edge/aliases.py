"""Addresses that people and programs try first: they lead to the API or to the page, whichever the request prefers.

An alias of the API is answered as if its own address had been requested, so that scopes, limits and the protection
against forged requests are those of the call. A page under another name redirects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, redirect, request, url_for
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as WerkzeugResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HTML, JSON = "text/html", "application/json"
CALLS = (
    (r"/api/recommend", "/api/recommendations"),
    (r"/api/recommend/([^/]+)", r"/api/ml/recommendations/\1"),
    (r"/api/movie/(\d+)", r"/api/movies/\1"),
)
"""Aliases within the API, whatever the request accepts: pattern and address."""
NEGOTIATED = (
    (r"/recommend", "/api/recommendations"),
    (r"/recommend/([^/]+)", r"/api/ml/recommendations/\1"),
    (r"/rate", "/api/rate"),
    (r"/search", "/api/search"),
    (r"/trending", "/api/trending"),
    (r"/movies?/(\d+)(?:-[^/]*)?", r"/api/movies/\1"),
)
"""Pages that are answered by the API if the request prefers JSON to HTML."""
CHOSEN = "marquee.chosen_by_accept"
"""Key of the WSGI environment: whether the header `Accept` decides what is returned."""
_CALLS = [(re.compile(pattern), address) for pattern, address in CALLS]
_NEGOTIATED = [(re.compile(pattern), address) for pattern, address in NEGOTIATED]


class Aliases:
    """A WSGI application that replaces the path of requests for aliases of the API."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        environ[CHOSEN] = _matching(path, _NEGOTIATED) is not None
        environ["PATH_INFO"] = target(path, environ.get("HTTP_ACCEPT", ""))
        return self._application(environ, start_response)


def install(app: Flask) -> None:
    """Replace aliases before anything else reads the path, and tell caches what the answer depends on."""
    app.wsgi_app = Aliases(app.wsgi_app)  # type: ignore[method-assign]

    @app.after_request
    def vary(response: Response) -> Response:
        if request.environ.get(CHOSEN):
            response.vary.add("Accept")
        return response


def target(path: str, accept: str) -> str:
    """Return the path that answers a request for `path` with the header `Accept`."""
    found = _matching(path, _CALLS)
    if found is None and prefers_json(accept):
        found = _matching(path, _NEGOTIATED)
    return path if found is None else found


def prefers_json(accept: str) -> bool:
    """Return whether JSON is wanted rather than HTML; browsers, and programs that accept anything, get pages."""
    if JSON not in accept:
        return False
    accepted = parse_accept_header(accept, MIMEAccept)
    return accepted.quality(JSON) > accepted.quality(HTML)


def pages() -> Blueprint:
    """Return the blueprint of pages under other names."""
    routes = Blueprint("aliases", __name__)

    @routes.get("/recommend")
    def recommend() -> WerkzeugResponse:
        return redirect(url_for("recommendations.for_you"))

    @routes.get("/rate")
    def rate() -> WerkzeugResponse:
        return redirect(url_for("diary.ratings"))

    @routes.get("/movie/<int:movie_id>")
    @routes.get("/movie/<int:movie_id>-<slug>")
    def movie(movie_id: int, slug: str | None = None) -> WerkzeugResponse:
        return redirect(url_for("pages.movie", movie_id=movie_id, slug=slug), 301)

    return routes


def _matching(path: str, aliases: Iterable[tuple[re.Pattern[str], str]]) -> str | None:
    for pattern, address in aliases:
        if found := pattern.fullmatch(path):
            return found.expand(address)
    return None
