"""The page Connected apps: webhooks with their log, media servers with their addresses and reports."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from core.config import MAX_TOKEN_DAYS
from core.errors import InvalidRequest
from core.sync.records import MAX_WEBHOOKS, DeliveryStatus, ScrobbleOutcome, WebhookEvent
from core.users import Scope
from engine.services import Services
from engine.sync.reports import JELLYFIN, PLEX
from engine.sync.webhooks import SELECTABLE
from webapp.accounts import clients
from webapp.accounts.responses import done, field, unkept
from webapp.http import sessions
from webapp.http.fields import clean
from webapp.http.rate_limits import Limits
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.sharing.canonical import Canonical
from webapp.sync.forms import MAX_ACCOUNT

SERVERS = {PLEX: "Plex", JELLYFIN: "Jellyfin"}
MAX_NUMBER = 10**10
EVENT_WORDS = {
    WebhookEvent.RATING: gettext_noop("ratings"),
    WebhookEvent.REVIEW: gettext_noop("reviews"),
    WebhookEvent.WATCH_ADDED: gettext_noop("new diary entries"),
    WebhookEvent.WATCH_CHANGED: gettext_noop("changed diary entries"),
    WebhookEvent.WATCH_DELETED: gettext_noop("deleted diary entries"),
    WebhookEvent.WATCHLIST: gettext_noop("the watchlist"),
    WebhookEvent.MARK: gettext_noop("other marks"),
    WebhookEvent.LIST: gettext_noop("lists"),
    WebhookEvent.TEST: gettext_noop("test"),
}
STATUS_WORDS = {
    DeliveryStatus.WAITING: gettext_noop("waiting"),
    DeliveryStatus.DELIVERED: gettext_noop("delivered"),
    DeliveryStatus.FAILED: gettext_noop("failed"),
}
OUTCOME_WORDS = {
    ScrobbleOutcome.LOGGED: gettext_noop("added to your diary"),
    ScrobbleOutcome.RATED: gettext_noop("rated"),
    ScrobbleOutcome.REPEATED: gettext_noop("in your diary already"),
    ScrobbleOutcome.UNKNOWN: gettext_noop("no film matches"),
    ScrobbleOutcome.SERIES: gettext_noop("series are not recorded"),
    ScrobbleOutcome.IGNORED: gettext_noop("ignored"),
}


class AppPages:
    """Views that share the services and the rate limits."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._services, self._limits = services, limits
        self._webhooks, self._accounts = services.webhooks, services.accounts
        self._addresses = Canonical(services.settings.site_url)

    def show(self) -> Response:
        """Show the connected apps."""
        return self._page()

    def add_webhook(self) -> Response:
        """Create a webhook, and show its secret once."""
        user = sessions.by_browser()[0]
        events = frozenset(event for event in SELECTABLE if event.value in request.form.getlist("events"))
        try:
            made, secret = self._webhooks.add(user, clean(field("url")), events)
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        return unkept(render_template("sync/secret.html", webhook=made, secret=secret))

    def act(self, number: int) -> Response:
        """Test, resume or delete a webhook."""
        user = sessions.by_browser()[0]
        action = field("action")
        if action == "test":
            self._webhooks.test(user, number)
            return done(_("A test message will be sent within seconds."), url_for("apps.show"))
        if action == "enable":
            self._webhooks.enable(user, number)
            return done(_("The webhook is enabled again."), url_for("apps.show"))
        self._webhooks.delete(user, number)
        return done(_("The webhook has been deleted."), url_for("apps.show"))

    def log(self, number: int) -> Response:
        """Show the latest messages of a webhook."""
        user = sessions.by_browser()[0]
        found = self._webhooks.deliveries(user, number)
        return unkept(render_template("sync/log.html", deliveries=found, statuses=STATUS_WORDS, events=EVENT_WORDS))

    def add_server(self) -> Response:
        """Create the address that a media server calls, and show it once."""
        user = sessions.by_browser()[0]
        self._limits.count("token", account=user.name)
        self._limits.count("password", account=user.name)
        name = SERVERS.get(field("server"), "")
        client = clients.current()
        try:
            if not name:
                raise InvalidRequest({"server": _("Choose a media server.")})
            self._accounts.confirm(user, field("password"), client=client)
            token, secret = self._accounts.add_token(
                user, name, frozenset({Scope.SCROBBLE}), days=MAX_TOKEN_DAYS, client=client
            )
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        wanted = {"token": secret, "account": clean(field("account"))[:MAX_ACCOUNT]}
        query = urlencode({key: value for key, value in wanted.items() if value})
        path = url_for(f"scrobble.{field('server')}")
        url = f"{self._addresses.absolute(path)}?{query}"
        return unkept(render_template("sync/secret.html", webhook=None, secret="", token=token, url=url, server=name))

    def _page(self, *, faults: Mapping[str, str] | None = None) -> Response:
        user = sessions.by_browser()[0]
        html = render_template(
            "sync/apps.html",
            webhooks=self._webhooks.of_user(user),
            most=MAX_WEBHOOKS,
            selectable=SELECTABLE,
            events=EVENT_WORDS,
            servers=SERVERS,
            tokens=[token for token in self._accounts.tokens(user) if Scope.SCROBBLE in token.scopes],
            scrobbles=self._services.scrobbles.latest(user),
            outcomes=OUTCOME_WORDS,
            faults=faults or {},
            typed=request.form,
        )
        return unkept(html, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK)


def blueprint(services: Services, limits: Limits) -> Blueprint:
    """Return the blueprint of the page."""
    pages, routes = AppPages(services, limits), Blueprint("apps", __name__)
    number = f"<int(max={MAX_NUMBER}):number>"
    for rule, name, view, methods in (
        ("/account/apps", "show", pages.show, ["GET"]),
        ("/account/apps/webhooks", "add_webhook", pages.add_webhook, ["POST"]),
        (f"/account/apps/webhooks/{number}", "log", pages.log, ["GET"]),
        (f"/account/apps/webhooks/{number}", "act", pages.act, ["POST"]),
        ("/account/apps/servers", "add_server", pages.add_server, ["POST"]),
    ):
        routes.add_url_rule(rule, name, view, methods=methods)
    return routes
