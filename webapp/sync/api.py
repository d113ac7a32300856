"""`/api/me/webhooks` and `/api/scrobble`: telling programs what changed, and being told what was watched."""

from __future__ import annotations

from datetime import tzinfo
from http import HTTPStatus

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from flask_openapi3.models.tag import Tag

from core.language import time_zones
from core.users import Scope, User
from engine.services import Services
from engine.sync import reports
from engine.sync.reports import Report
from webapp.http import sessions
from webapp.http.api import PREFIX, SIGNED_IN, no_content, problems
from webapp.http.parsing import Body, Query, parse_request
from webapp.http.schemas import View, dump
from webapp.sync import schemas
from webapp.sync.forms import ScrobbleQuery, WebhookPath, WebhookRequest
from webapp.sync.schemas import (
    DeliveriesResponse,
    NewWebhookView,
    ScrobbleAnswer,
    ScrobblesResponse,
    WebhooksResponse,
)

APPS = Tag(name="Connected apps", description="Webhooks, and what Plex and Jellyfin report.")


class PlexForm(RawModel):
    """The form that Plex sends: `payload` with JSON, and a picture."""

    mimetypes = ["multipart/form-data"]  # noqa: RUF012


class JellyfinReport(RawModel):
    """The JSON object that Jellyfin's plugin Webhook sends."""

    mimetypes = ["application/json"]  # noqa: RUF012


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of a user's connected apps."""
    calls = APIBlueprint(
        "apps_api",
        __name__,
        url_prefix=f"{PREFIX}/me",
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    _add_webhooks(calls, services)
    _add_webhook(calls, services)
    _add_reports(calls, services)
    return calls


def scrobbling(services: Services) -> APIBlueprint:
    """Return the blueprint of the addresses that media servers call."""
    calls = APIBlueprint(
        "scrobble",
        __name__,
        url_prefix=f"{PREFIX}/scrobble",
        abp_responses=problems(400, 401, 403, 413, 503),
        abp_security=[{"bearer": []}],
    )
    _add_media_servers(calls, services)
    return calls


def _add_webhooks(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/webhooks", tags=[APPS], summary="List your webhooks", responses={200: WebhooksResponse})
    @parse_request(query=Query)
    def webhooks() -> Response:
        """Return your webhooks, without their secrets."""
        found = services.webhooks.of_user(sessions.required())
        return _answer(WebhooksResponse(results=tuple(map(schemas.webhook, found))))

    @calls.post("/webhooks", tags=[APPS], summary="Create a webhook", responses={201: NewWebhookView, **problems(415)})
    @parse_request(query=Query, body=WebhookRequest)
    def add_webhook(body: WebhookRequest) -> Response:
        """Create a webhook: its address is told of your changes from now on, within seconds.

        Messages are signed according to Standard Webhooks with the secret in the response, which is shown only once.
        """
        made, secret = services.webhooks.add(sessions.required(Scope.WRITE), body.url, frozenset(body.events))
        shown = NewWebhookView(**schemas.webhook(made).model_dump(), secret=secret)
        return _answer(shown, HTTPStatus.CREATED)


def _add_webhook(calls: APIBlueprint, services: Services) -> None:
    @calls.delete("/webhooks/<int:id>", tags=[APPS], summary="Delete a webhook", responses={204: None, **problems(404)})
    @parse_request(path=WebhookPath, query=Query)
    def delete_webhook(path: WebhookPath) -> Response:
        """Delete a webhook; messages that wait are not delivered."""
        services.webhooks.delete(sessions.required(Scope.WRITE), path.id)
        return no_content()

    @calls.post(
        "/webhooks/<int:id>/test", tags=[APPS], summary="Send a test message",
        responses={204: None, **problems(404)},
    )  # fmt: skip
    @parse_request(path=WebhookPath, query=Query, body=Body, optional_body=True)
    def test_webhook(path: WebhookPath) -> Response:
        """Queue a test message, which is delivered within seconds."""
        services.webhooks.test(sessions.required(Scope.WRITE), path.id)
        return no_content()

    @calls.post(
        "/webhooks/<int:id>/enable", tags=[APPS], summary="Resume a webhook",
        responses={204: None, **problems(404)},
    )  # fmt: skip
    @parse_request(path=WebhookPath, query=Query, body=Body, optional_body=True)
    def enable_webhook(path: WebhookPath) -> Response:
        """Resume a webhook that was disabled after days of failures; it is told of what changed meanwhile."""
        services.webhooks.enable(sessions.required(Scope.WRITE), path.id)
        return no_content()

    @calls.get(
        "/webhooks/<int:id>/deliveries", tags=[APPS], summary="List messages of a webhook",
        responses={200: DeliveriesResponse, **problems(404)},
    )  # fmt: skip
    @parse_request(path=WebhookPath, query=Query)
    def deliveries(path: WebhookPath) -> Response:
        """Return the latest 100 messages, latest first."""
        found = services.webhooks.deliveries(sessions.required(), path.id)
        return _answer(DeliveriesResponse(results=tuple(map(schemas.delivery, found))))


def _add_reports(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/scrobbles", tags=[APPS], summary="List what media servers reported", responses={200: ScrobblesResponse}
    )
    @parse_request(query=Query)
    def scrobbles() -> Response:
        """Return the latest 100 reports of movies and episodes, latest first."""
        found = services.scrobbles.latest(sessions.required())
        return _answer(ScrobblesResponse(results=tuple(map(schemas.scrobble, found))))


def _add_media_servers(calls: APIBlueprint, services: Services) -> None:
    @calls.post("/plex", tags=[APPS], summary="Take a report of Plex", responses={200: ScrobbleAnswer})
    @parse_request(query=ScrobbleQuery)
    def plex(query: ScrobbleQuery, raw: PlexForm = None) -> Response:  # type: ignore[assignment]  # noqa: ARG001
        """Add a movie that was watched to its end to the diary, once; take over ratings. Episodes are ignored."""
        user = sessions.required(Scope.SCROBBLE)
        return _take(services, user, reports.of_plex(request.form.get("payload", "")), query.account)

    @calls.post("/jellyfin", tags=[APPS], summary="Take a report of Jellyfin", responses={200: ScrobbleAnswer})
    @parse_request(query=ScrobbleQuery)
    def jellyfin(query: ScrobbleQuery, raw: JellyfinReport = None) -> Response:  # type: ignore[assignment]  # noqa: ARG001
        """Add a movie that was watched to its end to the diary, once. Episodes are ignored."""
        user = sessions.required(Scope.SCROBBLE)
        return _take(services, user, reports.of_jellyfin(request.get_data(as_text=True)), query.account)


def _take(services: Services, user: User, report: Report, account: str) -> Response:
    found = services.scrobbles.report(user, report, zone=_zone(services, user), account=account)
    return _answer(schemas.answer(found))


def _zone(services: Services, user: User) -> tzinfo:
    return time_zones.zone(user.preferences.time_zone) if user.preferences.time_zone else services.settings.zone


def _answer(view: View, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = Response(dump(view), status=status, mimetype="application/json")
    response.cache_control.no_store = True
    return response
