"""URLs of the last release, which redirect permanently to the current ones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

PAGES = (("/welcome/films", "recommendations.welcome_movies"),)
"""Former rule and current endpoint of pages."""
FORMS = (
    ("/films/<int:movie_id>/rate", "diary.rate"),
    ("/films/<int:movie_id>/mark", "diary.mark"),
    ("/films/<int:movie_id>/review", "diary.review"),
)
"""The same of forms."""


def blueprint() -> Blueprint:
    """Return the blueprint of the redirects; 308 keeps the method and the body of a form."""
    routes = Blueprint("former_urls", __name__)
    for method, rules in (("GET", PAGES), ("POST", FORMS)):
        for rule, endpoint in rules:
            routes.add_url_rule(
                rule, endpoint.replace(".", "_"), _redirect, defaults={"to": endpoint}, methods=[method]
            )
    return routes


def _redirect(to: str, **values: Any) -> Response:  # noqa: ANN401 - as `url_for`
    target = url_for(to, **values)
    query = request.query_string.decode("latin-1")
    return redirect(f"{target}?{query}" if query else target, HTTPStatus.PERMANENT_REDIRECT)
