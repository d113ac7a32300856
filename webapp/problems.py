"""Errors on their way out: RFC 9457 problems under `/api`, plain words on a page elsewhere."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from core.errors import (
    IndexMissing,
    InvalidRequest,
    MarqueeError,
    ModelMissing,
    NotAllowed,
    NotFound,
    SearchUnavailable,
)
from webapp import access, views

log = logging.getLogger("marquee.web")

STATUS: dict[type[MarqueeError], HTTPStatus] = {
    InvalidRequest: HTTPStatus.BAD_REQUEST,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    SearchUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelMissing: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_SOON, RETRY_LATER = 5, 60
"""Seconds until another try makes sense: an engine recovers by itself, an index has to be built."""
TITLES = {
    400: "That request cannot be understood",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That cannot be done here",
    413: "That is too much at once",
    414: "That is too long",
    500: "Something broke on our side",
    503: "The search is not available right now",
}
DETAILS = {
    404: "No page has this address. Perhaps it was mistyped, or the film is not in this catalogue.",
    405: "This address does not take this kind of request.",
    413: "The request is larger than this site accepts.",
    414: "The address is longer than this site accepts. Describe the film in fewer words.",
    500: "The request could not be answered. Trying again may help; if not, report it with the name of the request.",
}


def handle(app: Flask) -> None:
    """Answer every error of `app` in words."""
    app.register_error_handler(MarqueeError, answer_expected)
    app.register_error_handler(HTTPException, answer_http)


def answer_expected(error: MarqueeError) -> Response:
    """The answer to one of our own errors."""
    status = next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request %s: %s: %s", access.request_id(), type(error).__name__, error)
    fields = error.fields if isinstance(error, InvalidRequest) else None
    detail = DETAILS[500] if status == HTTPStatus.INTERNAL_SERVER_ERROR else str(error)
    response = _answer(status, detail, fields)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        soon = isinstance(error, SearchUnavailable) and not isinstance(error, IndexMissing)
        response.headers["Retry-After"] = str(RETRY_SOON if soon else RETRY_LATER)
    return response


def answer_http(error: HTTPException) -> Response:
    """The answer to an error of the protocol, or to a crash (which Flask has logged)."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    response = _answer(code, DETAILS.get(code, error.description or ""), None)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def problem(status: int, detail: str, *, fields: dict[str, str] | None = None) -> Response:
    """A problem document."""
    body = views.Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=f"urn:marquee:request:{access.request_id()}",
        errors=fields,
    )
    return Response(views.dump(body), status=status, mimetype="application/problem+json")


def _answer(status: int, detail: str, fields: dict[str, str] | None) -> Response:
    if request.path.startswith(("/api/", "/health/")):
        response = problem(status, detail, fields=fields)
    else:
        title = TITLES.get(status, HTTPStatus(status).phrase)
        page = render_template("problem.html", title=title, status=status, detail=detail, fields=fields)
        response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
