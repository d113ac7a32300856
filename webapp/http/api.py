"""What every part of the JSON API shares: its prefix and description, who may call it, and how it answers."""

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
    description="Find films by describing them. Films are named by their TMDB id; lists come as {results: […]}; "
    "errors are RFC 9457 problems that name each fault by its field.",
)
SECURITY_SCHEMES: SecuritySchemesDict = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token with the scope `read` or `write`, made on /account or by POST /api/tokens.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": sessions.COOKIE,
        "description": "The session of a browser, which signed in on /sign-in. Every POST, PUT, PATCH and DELETE needs "
        f'the header `{sessions.CSRF_HEADER}` too, with the content of the page\'s `<meta name="csrf-token">`.',
    },
}
SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
"""For calls that are about the user who calls."""
ANYBODY: list[dict[str, list[str]]] = [*SIGNED_IN, {}]
"""For calls that are open to visitors, and answer more to some users."""


def problems(*statuses: int) -> ResponseDict:
    """Describe errors with these statuses as problems."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {status: {"content": {"application/problem+json": {"schema": schema}}} for status in statuses}


def answer(view: View) -> Response:
    """Return a view as JSON, with a tag that stays while the content does (the time it took is not content)."""
    whole = dump(view)
    response = Response(whole, mimetype="application/json")
    content = dump(view, without="took_ms") if "took_ms" in type(view).model_fields else whole
    response.set_etag(sha256(content.encode()).hexdigest()[:32], weak=True)
    response.cache_control.no_cache = True
    return response


def no_content() -> Response:
    """Return an empty answer: it is done, and there is nothing to say about it."""
    return Response(status=HTTPStatus.NO_CONTENT)
