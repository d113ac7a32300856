"""The application: pages, API and health over one set of services."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request
from flask_compress import Compress
from flask_cors import CORS
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import RequestURITooLarge

from engine.services import Services
from webapp import access, api, description, health, languages, pages, problems, security, views

MAX_BODY = 64 * 1024
"""Bytes: nothing that is sent here needs more."""
MAX_QUERY_STRING = 128 * 1024
"""Bytes: twice the longest search text in four-byte characters, percent-encoded. Longer is not even decoded."""
STATIC_AGE = 24 * 3600
HOUR = 60


def create_app(services: Services) -> Flask:
    """The WSGI application over `services`. Loads no model and opens no connection by itself."""
    app = OpenAPI(
        __name__,
        info=api.INFO,
        security_schemes={},
        doc_ui=False,
        validation_error_status=400,
        validation_error_model=views.Problem,
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIN_SIZE=600,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    _extend(app, services)
    app.register_api(api.blueprint(services))
    for routes in (pages.blueprint(services), health.blueprint(services), description.blueprint(app)):
        app.register_blueprint(routes)
    _equip_templates(app, services)
    return app


def tag(response: Response) -> Response:
    """Give every answer a tag, and answer 304 where the caller has it already."""
    readable = request.method in ("GET", "HEAD") and response.status_code == HTTPStatus.OK
    if readable and not response.is_streamed and not response.cache_control.no_store:
        if not response.get_etag()[0]:
            response.add_etag(weak=True)
        if not response.cache_control:
            response.cache_control.no_cache = True
        response.make_conditional(request)
    return response


def _extend(app: Flask, services: Services) -> None:
    """What surrounds every request; Flask calls the last of the registered `after_request` first."""
    problems.handle(app)
    access.watch(app)
    security.protect(app, poster_base=services.settings.poster_base)
    if services.settings.cors_origins:
        origins = list(services.settings.cors_origins)
        CORS(app, resources={r"/api/.*": {"origins": origins}}, methods=["GET", "HEAD", "OPTIONS"], max_age=3600)
    Compress(app)
    app.after_request(tag)
    app.before_request(_bound_query_string)


def _bound_query_string() -> None:
    if len(request.query_string) > MAX_QUERY_STRING:
        raise RequestURITooLarge


def _equip_templates(app: Flask, services: Services) -> None:
    app.add_template_filter(languages.name, "language")
    app.add_template_filter(lambda number: f"{number:,}", "thousands")
    app.add_template_filter(_runtime, "runtime")
    app.add_template_global(services.library.info, "catalogue")
    app.add_template_global(access.request_id, "request_id")


def _runtime(minutes: int) -> str:
    """`1 h 38 min`, never broken between lines."""
    words = f"{minutes // HOUR} h {minutes % HOUR:02} min" if minutes >= HOUR else f"{minutes} min"
    return words.replace(" ", "\N{NO-BREAK SPACE}")
