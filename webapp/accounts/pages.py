"""The account pages: sign-up, sign-in, sign-out, and the account with its preferences, sessions and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from core.config import LANGUAGES, MAX_TOKEN_DAYS
from core.errors import InvalidRequest, NotSignedIn
from core.language import time_zones
from core.users import Scope, SecurityEventKind
from engine import clock
from engine.services import Services
from webapp.accounts import api, clients, recovery, second_factor
from webapp.accounts.responses import done, field, go, goodbye, next_path, page, unkept
from webapp.http import sessions
from webapp.http.fields import clean
from webapp.http.rate_limits import Limits
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

WELCOME = "/welcome"
"""The page that a new user sees first."""
USER_PAGES = (
    ("/for-you", gettext_noop("For you")),
    ("/watchlist", gettext_noop("Watchlist")),
    ("/lists", gettext_noop("Lists")),
    ("/diary", gettext_noop("Diary")),
    ("/ratings", gettext_noop("Ratings")),
    ("/profile", gettext_noop("Profile")),
    ("/swipe", gettext_noop("Swipe")),
    ("/activity", gettext_noop("Friends")),
    ("/account/apps", gettext_noop("Connected apps")),
    ("/account", gettext_noop("Account")),
)
"""Links in the user menu."""
MAX_NUMBER = 10
"""Maximum number of digits in the number of a session or a token."""
PERCENT = 100
EVENTS = {
    SecurityEventKind.SIGN_IN: gettext_noop("Signed in"),
    SecurityEventKind.NEW_DEVICE: gettext_noop("Signed in from a new device"),
    SecurityEventKind.WRONG_PASSWORD: gettext_noop("Wrong password"),
    SecurityEventKind.WRONG_FACTOR: gettext_noop("Wrong second factor"),
    SecurityEventKind.SECOND_FACTOR: gettext_noop("Second factor accepted"),
    SecurityEventKind.FACTOR_ADDED: gettext_noop("Second factor added"),
    SecurityEventKind.FACTOR_REMOVED: gettext_noop("Second factor removed"),
    SecurityEventKind.RECOVERY_CODES: gettext_noop("New recovery codes"),
    SecurityEventKind.PASSWORD_CHANGED: gettext_noop("Password changed"),
    SecurityEventKind.PASSWORD_RESET: gettext_noop("Password reset by email"),
    SecurityEventKind.EMAIL_CHANGED: gettext_noop("Email address changed"),
    SecurityEventKind.TOKEN_CREATED: gettext_noop("API token created"),
    SecurityEventKind.TOKEN_REVOKED: gettext_noop("API token revoked"),
    SecurityEventKind.SESSION_ENDED: gettext_noop("Browser signed out"),
}
"""What the page says about each kind of event."""
AS_THE_BROWSER_ASKS = "browser"
AS_THE_SITE = "site"
REQUIRED = {"name": gettext_noop("Enter a name."), "password": gettext_noop("Enter a password.")}


class Pages:
    """Views that share the services and the rate limits."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._accounts, self._limits, self._services = services.accounts, limits, services

    def sign_up(self) -> Response:
        """Show the sign-up form, or create an account and sign this browser in."""
        api.check_open(self._services)
        if request.method == "GET":
            return self._already() or _form("sign_up.html")
        name, password = field("name"), field("password")
        self._limits.count("sign-up", account=name)
        try:
            _require(name=name, password=password)
            self._accounts.sign_up(name, password)
        except InvalidRequest as error:
            return _form("sign_up.html", faults=error.fields)
        self._begin(name, password)
        return go(_welcome(next_path()))

    def sign_in(self) -> Response:
        """Show the sign-in form, or sign this browser in."""
        if request.method == "GET":
            return self._already() or _form("sign_in.html")
        name, password = field("name"), field("password")
        self._limits.count("sign-in", account=name)
        try:
            _require(name=name, password=password)
            target = self._begin(name, password)
        except InvalidRequest as error:
            return _form("sign_in.html", faults=error.fields)
        except NotSignedIn as error:
            return _form("sign_in.html", faults={"form": str(error)})
        return go(target)

    def sign_out(self) -> Response:
        """Sign this browser out."""
        sessions.end(clients.current())
        return goodbye("/")

    def account(self) -> Response:
        """Show the account page."""
        return self._page()

    def prefer(self) -> Response:
        """Change the preferences; browsers do not send unchecked boxes."""
        user = sessions.by_browser()[0]
        try:
            familiarity = _percent(field("familiarity"), default=user.preferences.familiarity)
            time_zone = _time_zone(field("time_zone"), default=user.preferences.time_zone)
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        wanted = replace(
            user.preferences,
            taste_in_search="taste_in_search" in request.form,
            keep_events="keep_events" in request.form,
            watchlist_in_lists="watchlist_in_lists" in request.form,
            familiarity=familiarity,
            language=_language(field("language"), default=user.preferences.language),
            time_zone=time_zone,
        )
        self._accounts.prefer(user, wanted)
        with locales.speaking(wanted.language):
            return done(_("Your preferences have been saved."), "/account#preferences")

    def change_password(self) -> Response:
        """Change the password and sign all other browsers out."""
        user, here = sessions.by_browser()
        self._limits.count("password", account=user.name)
        keep_tokens = "keep_tokens" in request.form
        try:
            secret = self._accounts.change_password(
                user,
                field("old"),
                field("new"),
                keep_session=here.id,
                keep_tokens=keep_tokens,
                client=clients.current(),
            )
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        sessions.renew(secret)
        words = _("Your password has been changed. All other browsers have been signed out.")
        revoked = "" if keep_tokens else _("All API tokens have been revoked.")
        return done(f"{words} {revoked}".strip(), "/account#password")

    def end_session(self, number: int) -> Response:
        """Sign another browser out."""
        user, here = sessions.by_browser()
        self._accounts.end_session(user, number, client=clients.current())
        if number == here.id:
            sessions.forget()
            return goodbye("/")
        return done(_("The browser has been signed out."), "/account#browsers")

    def add_token(self) -> Response:
        """Create an API token, and show its secret once."""
        user = sessions.by_browser()[0]
        self._limits.count("token", account=user.name)
        self._limits.count("password", account=user.name)
        scopes = frozenset(scope for scope in Scope if scope.value in request.form.getlist("scopes"))
        client = clients.current()
        try:
            self._accounts.confirm(user, field("password"), client=client)
            token, secret = self._accounts.add_token(
                user, clean(field("token")), scopes, days=_days(field("days")), client=client
            )
        except InvalidRequest as error:
            renamed = {"name": "token", "password": "token_password"}
            return self._page(faults={renamed.get(name, name): words for name, words in error.fields.items()})
        return unkept(render_template("accounts/token.html", token=token, secret=secret))

    def revoke_token(self, number: int) -> Response:
        """Revoke a token."""
        user = sessions.by_browser()[0]
        self._accounts.revoke_token(user, number, client=clients.current())
        return done(_("The token has been revoked."), "/account#tokens")

    def dismiss(self) -> Response:
        """Do not show the notice about a new device to this browser again."""
        user, here = sessions.by_browser()
        self._accounts.security_log.dismiss(user.id, here.id)
        return go("/account#activity")

    def export(self) -> Response:
        """Download all data of the account as a file."""
        return api.export_file(self._services, sessions.by_browser()[0])

    def export_letterboxd(self) -> Response:
        """Download the diary in Letterboxd's forms."""
        return api.letterboxd_file(self._services, sessions.by_browser()[0])

    def delete(self) -> Response:
        """Delete the account."""
        user = sessions.by_browser()[0]
        self._limits.count("password", account=user.name)
        try:
            self._accounts.close(user, field("password"), client=clients.current())
        except InvalidRequest as error:
            return self._page(faults={"delete": error.fields.get("password", "")})
        sessions.forget()
        return goodbye("/account/deleted")

    def deleted(self) -> str:
        """Show the confirmation of the deletion."""
        return render_template("accounts/deleted.html")

    def _begin(self, name: str, password: str) -> str:
        """Sign this browser in, or begin to if the user has a second factor; return the path to go to."""
        client = clients.browser()
        user, secret = self._accounts.sign_in(name, password, client=client)
        sessions.end(clients.current())
        if user.second_factor:
            sessions.await_factor(secret)
            return _second_step(next_path())
        sessions.begin(secret)
        clients.remember(client)
        return next_path()

    def _already(self) -> Response | None:
        return go(next_path()) if sessions.current() else None

    def _page(self, *, faults: Mapping[str, str] | None = None) -> Response:
        user, here = sessions.by_browser()
        html = render_template(
            "accounts/account.html",
            account=user,
            here=here,
            browsers=self._accounts.sessions(user),
            tokens=self._accounts.tokens(user),
            scopes=(Scope.READ, Scope.WRITE, *[Scope.ADMIN] * user.administrator),
            token_days=self._accounts.policy.token_days,
            max_token_days=MAX_TOKEN_DAYS,
            now=clock.now(),
            activity=self._accounts.security_log.recent(user.id),
            time_zones=time_zones.by_region(),
            events_days=self._services.settings.events_days,
            faults=faults or {},
            site_zone=self._services.settings.time_zone,
            typed=request.form,
        )
        return unkept(html, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK)


def blueprint(services: Services, limits: Limits) -> Blueprint:
    """Return the blueprint of the account pages."""
    pages, routes = Pages(services, limits), Blueprint("accounts", __name__)
    for rule, name, view, methods in (
        ("/sign-up", "sign_up", pages.sign_up, ["GET", "POST"]),
        ("/sign-in", "sign_in", pages.sign_in, ["GET", "POST"]),
        ("/sign-out", "sign_out", pages.sign_out, ["POST"]),
        ("/account", "account", pages.account, ["GET"]),
        ("/account/preferences", "prefer", pages.prefer, ["POST"]),
        ("/account/password", "change_password", pages.change_password, ["POST"]),
        (f"/account/browsers/<int(max={10**MAX_NUMBER}):number>/end", "end_session", pages.end_session, ["POST"]),
        ("/account/tokens", "add_token", pages.add_token, ["POST"]),
        (f"/account/tokens/<int(max={10**MAX_NUMBER}):number>/revoke", "revoke_token", pages.revoke_token, ["POST"]),
        ("/account/notice/dismiss", "dismiss", pages.dismiss, ["POST"]),
        ("/account/export", "export", pages.export, ["GET"]),
        ("/account/export/letterboxd", "export_letterboxd", pages.export_letterboxd, ["GET"]),
        ("/account/delete", "delete", pages.delete, ["POST"]),
        ("/account/deleted", "deleted", pages.deleted, ["GET"]),
    ):
        routes.add_url_rule(rule, name, view, methods=methods)
    second_factor.add_routes(routes, services, limits)
    recovery.add_routes(routes, services, limits)
    routes.add_app_template_filter(lambda kind: _(EVENTS[kind]), "security_event")
    routes.add_app_template_global(lambda: [(path, _(name)) for path, name in USER_PAGES], "user_pages")
    routes.add_app_template_global(_sign_in_url, "sign_in_url")
    return routes


def _sign_in_url() -> str:
    """Return the URL of the sign-in page that leads back to the current page, or on to its own target."""
    return sessions.sign_in_url(next_path() if request.blueprint == "accounts" else request.full_path.removesuffix("?"))


def _second_step(target: str) -> str:
    return second_factor.PROVE if target == "/" else f"{second_factor.PROVE}?{urlencode({'next': target}, safe='/')}"


def _require(**values: str) -> None:
    missing = {name: _(REQUIRED[name]) for name, value in values.items() if not value.strip()}
    if missing:
        raise InvalidRequest(missing)


def _welcome(target: str) -> str:
    """Return the URL of the welcome page, which leads on to `target`; or `target` if there is no welcome page."""
    if all(rule.rule != WELCOME for rule in current_app.url_map.iter_rules()):
        return target
    return WELCOME if target == "/" else f"{WELCOME}?{urlencode({'next': target}, safe='/')}"


def _percent(text: str, *, default: float) -> float:
    if not text:
        return default
    if not text.isdecimal() or not text.isascii() or int(text[:4]) > PERCENT:
        raise InvalidRequest({"familiarity": _("Choose a number from 0 to %(most)s.", most=PERCENT)})
    return int(text[:4]) / PERCENT


def _days(text: str) -> int | None:
    """Return the chosen lifetime of a token; None for the default, 0 for anything that is not a number."""
    if not text:
        return None
    return int(text[:4]) if text.isdecimal() and text.isascii() else 0


def _language(code: str, *, default: str) -> str:
    """Return the chosen language; empty for the browser's preference."""
    if code == AS_THE_BROWSER_ASKS:
        return ""
    return code if code in LANGUAGES else default


def _time_zone(name: str, *, default: str) -> str:
    """Return the chosen time zone; empty for the site's."""
    if name in (AS_THE_SITE, default, ""):
        return "" if name == AS_THE_SITE else default
    if not time_zones.is_known(name):
        raise InvalidRequest({"time_zone": _("Choose a time zone from the list, such as Europe/Madrid.")})
    return name


def _form(template: str, *, faults: Mapping[str, str] | None = None) -> Response:
    return page(template, faults=faults, name=field("name"), next=next_path())
