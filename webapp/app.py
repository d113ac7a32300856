"""The Flask application: pages, API and health checks."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, request
from flask_compress import Compress
from flask_cors import CORS
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import RequestURITooLarge

from core.errors import MarqueeError
from engine import request_scope
from engine.accounts.credentials import signing_keys
from engine.services import Services
from webapp import admin
from webapp.accounts import api as accounts_api
from webapp.accounts import pages as accounts_pages
from webapp.admin.api import jobs, models, moderation, understanding
from webapp.browse import api as browse_api
from webapp.browse import ask, feeds, former_urls, trending
from webapp.browse import pages as browse_pages
from webapp.description import openapi
from webapp.diary import api as diary_api
from webapp.diary import pages as diary_pages
from webapp.diary import rate_api, watch_api
from webapp.edge import aliases, bundles, hosts, proxies, routing, well_known
from webapp.events import api as events_api
from webapp.events import helpful, request_figures
from webapp.http import api, deadlines, errors, rate_limits, request_log, security, sessions, traffic
from webapp.http.schemas import Problem
from webapp.imports import api as imports_api
from webapp.imports import pages as imports_pages
from webapp.lists import api as lists_api
from webapp.lists import pages as lists_pages
from webapp.localization import engine_messages, labels, language_names, locales, script_messages
from webapp.movies import demo_notice, extras
from webapp.posters import pages as poster_pages
from webapp.recommendations import api as recommendations_api
from webapp.recommendations import pages as recommendations_pages
from webapp.server import probes, request_spans
from webapp.server.front import MAX_TARGET
from webapp.sharing import app_files, canonical, sitemap
from webapp.social import api as social_api
from webapp.social import me_api as social_me_api
from webapp.social import routes as social_routes
from webapp.sync import api as sync_api
from webapp.sync import pages as sync_pages

MAX_BODY = 64 * 1024
"""Maximum size of a request body in bytes, except for imports."""
MAX_IMPORT = 33 * 1024 * 1024
"""Maximum size of an import in bytes: enough for 100,000 movies and the form around the file."""
IMPORTS = ("/import", "/api/me/import", "/admin/understanding/import", "/api/ml/understanding/import")
MAX_REPORT = 2 * 1024 * 1024
"""Maximum size of what a media server reports in bytes: Plex adds a picture."""
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
"""Methods allowed for scripts of other sites, with a bearer token or as guests, but never with cookies."""
STATIC_AGE = 24 * 3600
Count = Callable[[Response], Response]
"""Counts a response and returns it."""


def max_body(path: str) -> int:
    """Return the maximum size of a request body in bytes, by path."""
    return MAX_IMPORT if path in IMPORTS else MAX_REPORT if path.startswith(sessions.REPORTS) else MAX_BODY


def create_app(services: Services, *, count: Count | None = None) -> Flask:
    """Return the WSGI application for `services`. It loads no model and opens no connection.

    Args:
        services: what pages and API call.
        count: counts each response for the metrics.
    """
    settings = services.settings
    app = OpenAPI(
        __name__,
        info=api.INFO,
        security_schemes=api.SECURITY_SCHEMES,
        doc_ui=False,
        validation_error_status=400,
        validation_error_model=Problem,
        validation_error_callback=errors.answer_refused,
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIN_SIZE=600,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
        SECRET_KEY=signing_keys.secret_key(settings),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    routing.bound(app)
    aliases.install(app)
    app.wsgi_app = hosts.AllowedHosts(  # type: ignore[method-assign]
        proxies.Forwarded(app.wsgi_app, settings.proxies), hosts.allowed(settings)
    )
    if count is not None:
        app.after_request(count)  # Flask calls the first one last
    _extend(app, services)
    _register(app, services)
    bundles.install(app)
    locales.install(app, services)
    _equip_templates(app, services)
    return app


def tag(response: Response) -> Response:
    """Add an `ETag` to every response, and return 304 if the client already has it."""
    readable = request.method in ("GET", "HEAD") and response.status_code == HTTPStatus.OK
    if readable and not response.is_streamed and not response.cache_control.no_store:
        if not response.get_etag()[0]:
            response.add_etag(weak=True)
        if not response.cache_control:
            response.cache_control.no_cache = True
        response.make_conditional(request)
    return response


def _register(app: OpenAPI, services: Services) -> None:
    limits = rate_limits.Limits(services.shared)
    for calls in (
        browse_api.blueprint(services),
        accounts_api.blueprint(services, limits),
        recommendations_api.blueprint(services),
        diary_api.blueprint(services),
        imports_api.blueprint(services),
        rate_api.blueprint(services),
        watch_api.blueprint(services),
        lists_api.blueprint(services),
        lists_api.public(services),
        events_api.blueprint(services),
        sync_api.blueprint(services),
        sync_api.scrobbling(services),
        jobs.blueprint(services),
        models.blueprint(services),
        understanding.blueprint(services),
        moderation.blueprint(services),
        ask.calls(services, limits),
        social_api.blueprint(services),
        social_me_api.blueprint(services, limits),
    ):
        app.register_api(calls)
    for routes in (
        browse_pages.blueprint(services),
        accounts_pages.blueprint(services, limits),
        recommendations_pages.blueprint(services),
        diary_pages.blueprint(services),
        imports_pages.blueprint(services),
        lists_pages.blueprint(services),
        social_routes.blueprint(services, limits),
        sync_pages.blueprint(services, limits),
        trending.blueprint(services),
        admin.blueprint(services),
        ask.pages(services, limits),
        probes.blueprint(services),
        openapi.blueprint(app, poster_base=services.settings.poster_base),
        former_urls.blueprint(),
        aliases.pages(),
        well_known.blueprint(services.settings.security_contact),
        sitemap.blueprint(services),
        feeds.blueprint(services),
        helpful.blueprint(services),
        app_files.blueprint(),
        poster_pages.blueprint(services),
    ):
        app.register_blueprint(routes)


def _extend(app: Flask, services: Services) -> None:
    """Install the request hooks. Flask calls `after_request` functions in reverse order of registration."""
    app.before_request(request_scope.begin)
    app.teardown_request(request_scope.end)
    deadlines.install(app, seconds=services.settings.request_timeout)
    errors.handle(app)
    request_log.watch(app)
    if services.settings.otlp_url is not None:
        request_spans.trace(app)
    request_figures.install(app, services)
    sessions.install(app, services.accounts, days=services.settings.session_days)
    app.before_request(_bound_request)
    settings = services.settings
    traffic.install(app, traffic.of(settings, services.shared))
    security.protect(app, poster_base=settings.poster_base, subdomains=settings.hsts_subdomains)
    if settings.cors_origins:
        origins = list(settings.cors_origins)
        app.after_request(security.vary_by_origin)
        CORS(
            app,
            resources={r"/api/.*": {"origins": origins}},
            methods=METHODS,
            expose_headers=["Retry-After", traffic.POLICY, traffic.STATE],
            supports_credentials=False,
            max_age=3600,
        )
    Compress(app)
    app.after_request(tag)


def _bound_request() -> None:
    """Limit the size of a request before it is read: only users may send large files, and only to the imports."""
    if len(request.query_string) > MAX_TARGET:
        raise RequestURITooLarge
    if request.path in IMPORTS and sessions.current() is not None:
        request.max_content_length = request.max_form_memory_size = MAX_IMPORT
    if request.path.startswith(sessions.REPORTS) and sessions.bearer():
        request.max_content_length = MAX_REPORT


def _equip_templates(app: Flask, services: Services) -> None:
    for name, function in (
        ("language", language_names.name),
        ("genre", labels.genre),
        ("country", labels.country),
        ("decade", labels.decade),
        ("mark", labels.mark),
        ("browser", labels.browser),
        ("translated", engine_messages.translated),
    ):
        app.add_template_filter(function, name)
    app.add_template_global(services.library.known, "catalogue")
    helpful.install(app, services)
    app.add_template_global(request_log.request_id, "request_id")
    addresses = canonical.Canonical(services.settings.site_url)
    app.add_template_global(addresses.current, "current_url")
    app.add_template_global(addresses.absolute, "absolute_url")
    app.add_template_global(canonical.listed, "listed")
    app.add_template_global(lambda: services.settings.sign_up, "sign_up_open")
    app.add_template_global(lambda: extras.tmdb_notice(services.settings), "tmdb_notice")
    app.add_template_global(lambda: _served_model(services), "served_model")
    app.add_template_global(script_messages.words, "script_words")
    app.add_template_global(lambda: demo_notice.sentence() if services.demo.in_use() else "", "demo_notice")


def _served_model(services: Services) -> str:
    """Return the version of the served model, for events; empty if there is none."""
    try:
        return services.recommending.version(sessions.current())
    except MarqueeError:
        return ""
