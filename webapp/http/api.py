"""Basics of the JSON API: its prefix, description, security schemes and responses."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from flask import Response
from flask_openapi3.models.info import Info
from flask_openapi3.types import ResponseDict, SecuritySchemesDict

from webapp.http import sessions
from webapp.http.schemas import View, dump

PREFIX = "/api"
INFO = Info(
    title="Marquee API",
    version="1",
    description="Find movies by describing them. Movies are identified by their TMDB id. Lists are returned as "
    "{results: […]}. Errors are RFC 9457 problem details that list each error by its field.",
)
SECURITY_SCHEMES: SecuritySchemesDict = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token with some of the scopes `read`, `write` and `admin`, created on /account or with "
        "POST /api/tokens.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": sessions.COOKIE,
        "description": "The session cookie of a browser that signed in on /sign-in, over HTTPS "
        f"`{sessions.HOST_ONLY}{sessions.COOKIE}`. POST, PUT, PATCH and DELETE also "
        f'need the header `{sessions.CSRF_HEADER}` with the content of the page\'s `<meta name="csrf-token">`.',
    },
}
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
"""For operations on the current user's data."""
ANYBODY: list[dict[str, list[str]]] = [*SIGNED_IN, {}]
"""For operations that are open to visitors but return more to some users."""


def problems(*statuses: int) -> ResponseDict:
    """Return OpenAPI responses that describe errors with these statuses as problem details."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {status: {"content": {"application/problem+json": {"schema": schema}}} for status in statuses}


def answer(view: View) -> Response:
    """Return a view as JSON, with an `ETag` of its content; `took_ms` does not affect the `ETag`."""
    whole = dump(view)
    response = Response(whole, mimetype="application/json")
    content = dump(view, without="took_ms") if "took_ms" in type(view).model_fields else whole
    response.set_etag(sha256(content.encode()).hexdigest()[:32], weak=True)
    response.cache_control.no_cache = True
    return response


def no_content() -> Response:
    """Return an empty response with status 204."""
    return Response(status=HTTPStatus.NO_CONTENT)
