"""Error responses: RFC 9457 problem details under `/api`, a page elsewhere."""

from __future__ import annotations

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, redirect, render_template, request
from pydantic import ValidationError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.errors import (
    Busy,
    IndexMissing,
    InvalidRequest,
    MarqueeError,
    ModelMissing,
    NotAllowed,
    NotFound,
    NotSignedIn,
    SchedulerAway,
    SearchUnavailable,
    StoreUnavailable,
    TooMany,
)
from webapp.http import parsing, request_log, sessions
from webapp.http.schemas import Problem, dump
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

log = logging.getLogger("marquee.web")

STATUS: dict[type[MarqueeError], HTTPStatus] = {
    InvalidRequest: HTTPStatus.BAD_REQUEST,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    SearchUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Busy: HTTPStatus.CONFLICT,
    SchedulerAway: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The first match applies: subclasses come before their base class."""
RETRY_SOON, RETRY_LATER = 5, 60
"""Seconds for `Retry-After`: an engine recovers on its own, an index has to be built."""
TITLES = {
    400: gettext_noop("Invalid request"),
    401: gettext_noop("Please sign in"),
    403: gettext_noop("Not allowed"),
    404: gettext_noop("Page not found"),
    405: gettext_noop("Method not allowed"),
    409: gettext_noop("Already in progress"),
    413: gettext_noop("Request too large"),
    414: gettext_noop("Address too long"),
    429: gettext_noop("Too many requests"),
    500: gettext_noop("Something went wrong"),
    503: gettext_noop("Search is unavailable right now"),
}
TITLES_OF: dict[type[MarqueeError], str] = {
    StoreUnavailable: gettext_noop("Accounts are unavailable right now"),
    SchedulerAway: gettext_noop("No scheduler is running"),
    ModelMissing: gettext_noop("Model unavailable"),
}
"""Titles that are more specific than the status."""
DETAILS = {
    404: gettext_noop("There is no page at this address. Check the spelling; the film may not be in this catalogue."),
    405: gettext_noop("This address does not support this kind of request."),
    413: gettext_noop("The request is larger than this site accepts."),
    414: gettext_noop("The address is longer than this site accepts. Use fewer words."),
    500: gettext_noop(
        "The server encountered an error. Try again; if the error persists, report it with the request id."
    ),
}


def handle(app: Flask) -> None:
    """Register the error handlers of `app`."""
    app.register_error_handler(MarqueeError, answer_expected)
    app.register_error_handler(HTTPException, answer_http)


def answer_expected(error: MarqueeError) -> Response:
    """Return the response to one of our own errors."""
    if isinstance(error, NotSignedIn) and not for_programs():
        return _to_sign_in(error)
    status = next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.failure = error  # for the metrics
        log.error("request %s: %s: %s", request_log.request_id(), type(error).__name__, error)
    fields = error.fields if isinstance(error, InvalidRequest) else None
    detail = _(DETAILS[500]) if status == HTTPStatus.INTERNAL_SERVER_ERROR else str(error)
    title = TITLES_OF.get(type(error))
    response = _answer(status, detail, fields, title=title)
    for name, value in _hints(error, status).items():
        response.headers[name] = value
    return response


def _hints(error: MarqueeError, status: HTTPStatus) -> dict[str, str]:
    """Return the headers that belong to an error."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, NotSignedIn):
        unknown = ' error="invalid_token"' if sessions.bearer() is not None else ""
        return {"WWW-Authenticate": f"Bearer{unknown}"}
    if status != HTTPStatus.SERVICE_UNAVAILABLE:
        return {}
    soon = isinstance(error, (SearchUnavailable, StoreUnavailable)) and not isinstance(error, IndexMissing)
    return {"Retry-After": str(RETRY_SOON if soon else RETRY_LATER)}


def for_programs() -> bool:
    """Return whether the client expects problem details rather than a page."""
    return request.path.startswith(("/api/", "/health/")) or request.accept_mimetypes.best == "application/json"


def _to_sign_in(error: NotSignedIn) -> Response:
    """Redirect to the sign-in page, which leads back here; htmx cannot follow a redirect and gets a header instead."""
    here = request.full_path.removesuffix("?") if request.method in ("GET", "HEAD") else _page_before()
    target = sessions.sign_in_url(here)
    if "HX-Request" in request.headers:
        response = _answer(HTTPStatus.UNAUTHORIZED, str(error), None)
        response.headers["HX-Redirect"] = sessions.sign_in_url(_page_before())
        return response
    response = make_response(redirect(target, HTTPStatus.SEE_OTHER))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_before() -> str:
    """Return the page of this site that the form was on, as a local path."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    if before.netloc != request.host:
        return "/"
    return before.path + (f"?{before.query}" if before.query else "")


def answer_refused(error: ValidationError) -> Response:
    """Return the response to arguments that flask-openapi3 itself refused."""
    return answer_expected(InvalidRequest(parsing.faults(error)))


def answer_http(error: HTTPException) -> Response:
    """Return the response to an HTTP error or to an unhandled exception, which Flask has logged."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, RequestEntityTooLarge):
        _forget_body()
    if code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    response = _answer(code, _(DETAILS[code]) if code in DETAILS else error.description or "", None)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def _forget_body() -> None:
    """Treat a form that cannot be read as empty: the page with the error asks for its fields, and would fail too."""
    request.__dict__.update(form=ImmutableMultiDict(), files=ImmutableMultiDict())


def problem(status: int, detail: str, *, fields: dict[str, str] | None = None) -> Response:
    """Return problem details as a response."""
    body = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=f"urn:marquee:request:{request_log.request_id()}",
        errors=fields,
    )
    return Response(dump(body), status=status, mimetype="application/problem+json")


def _answer(status: int, detail: str, fields: dict[str, str] | None, *, title: str | None = None) -> Response:
    if for_programs():
        response = problem(status, detail, fields=fields)
    else:
        title = _(title or TITLES.get(status, HTTPStatus(status).phrase))
        page = render_template("http/error.html", title=title, status=status, detail=detail, fields=fields)
        response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
