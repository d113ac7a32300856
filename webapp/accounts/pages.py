"""The account pages: sign-up, sign-in, sign-out, and the account with its preferences, sessions and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request

from core.config import LANGUAGES
from core.errors import InvalidRequest, NotSignedIn
from core.users import Scope
from engine.services import Services
from webapp.accounts import api, user_agents
from webapp.http import sessions
from webapp.http.fields import clean
from webapp.http.rate_limits import Limits
from webapp.localization import locales
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

WELCOME = "/welcome"
"""The page that a new user sees first."""
NOTICE = "account"
"""Category of the flash messages of these pages."""
USER_PAGES = (
    ("/for-you", gettext_noop("For you")),
    ("/watchlist", gettext_noop("Watchlist")),
    ("/ratings", gettext_noop("Ratings")),
    ("/profile", gettext_noop("Profile")),
    ("/swipe", gettext_noop("Swipe")),
    ("/account", gettext_noop("Account")),
)
"""Links in the user menu."""
MAX_NUMBER = 10
"""Maximum number of digits in the number of a session or a token."""
PERCENT = 100
AS_THE_BROWSER_ASKS = "browser"
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
        name, password = _field("name"), _field("password")
        self._limits.count("sign-up", account=name)
        try:
            _require(name=name, password=password)
            self._accounts.sign_up(name, password)
        except InvalidRequest as error:
            return _form("sign_up.html", faults=error.fields)
        self._begin(name, password)
        return _to(_welcome(_next()))

    def sign_in(self) -> Response:
        """Show the sign-in form, or sign this browser in."""
        if request.method == "GET":
            return self._already() or _form("sign_in.html")
        name, password = _field("name"), _field("password")
        self._limits.count("sign-in", account=name)
        try:
            _require(name=name, password=password)
            self._begin(name, password)
        except InvalidRequest as error:
            return _form("sign_in.html", faults=error.fields)
        except NotSignedIn as error:
            return _form("sign_in.html", faults={"form": str(error)})
        return _to(_next())

    def sign_out(self) -> Response:
        """Sign this browser out."""
        sessions.end()
        return _bye("/")

    def account(self) -> Response:
        """Show the account page."""
        return self._page()

    def prefer(self) -> Response:
        """Change the preferences; browsers do not send unchecked boxes."""
        user = sessions.by_browser()[0]
        try:
            familiarity = _percent(_field("familiarity"), default=user.preferences.familiarity)
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        wanted = replace(
            user.preferences,
            taste_in_search="taste_in_search" in request.form,
            keep_events="keep_events" in request.form,
            familiarity=familiarity,
            language=_language(_field("language"), default=user.preferences.language),
        )
        self._accounts.prefer(user, wanted)
        with locales.speaking(wanted.language):
            return _done(_("Your preferences have been saved."), "preferences")

    def change_password(self) -> Response:
        """Change the password and sign all other browsers out."""
        user, here = sessions.by_browser()
        self._limits.count("password", account=user.name)
        try:
            self._accounts.change_password(user, _field("old"), _field("new"), keep_session=here.id)
        except InvalidRequest as error:
            return self._page(faults=error.fields)
        return _done(_("Your password has been changed. All other browsers have been signed out."), "password")

    def end_session(self, number: int) -> Response:
        """Sign another browser out."""
        user, here = sessions.by_browser()
        self._accounts.end_session(user, number)
        if number == here.id:
            sessions.forget()
            return _bye("/")
        return _done(_("The browser has been signed out."), "browsers")

    def add_token(self) -> Response:
        """Create an API token, and show its secret once."""
        user = sessions.by_browser()[0]
        self._limits.count("token", account=user.name)
        scopes = frozenset(scope for scope in Scope if scope.value in request.form.getlist("scopes"))
        try:
            token, secret = self._accounts.add_token(user, clean(_field("token")), scopes)
        except InvalidRequest as error:
            faults = {"token" if name == "name" else name: words for name, words in error.fields.items()}
            return self._page(faults=faults)
        return _unkept(render_template("accounts/token.html", token=token, secret=secret))

    def revoke_token(self, number: int) -> Response:
        """Revoke a token."""
        user = sessions.by_browser()[0]
        self._accounts.revoke_token(user, number)
        return _done(_("The token has been revoked."), "tokens")

    def export(self) -> Response:
        """Download all data of the account as a file."""
        return api.export_file(self._services, sessions.by_browser()[0])

    def delete(self) -> Response:
        """Delete the account."""
        user = sessions.by_browser()[0]
        self._limits.count("password", account=user.name)
        try:
            self._accounts.close(user, _field("password"))
        except InvalidRequest as error:
            return self._page(faults={"delete": error.fields.get("password", "")})
        sessions.forget()
        return _bye("/account/deleted")

    def deleted(self) -> str:
        """Show the confirmation of the deletion."""
        return render_template("accounts/deleted.html")

    def _begin(self, name: str, password: str) -> None:
        secret = self._accounts.sign_in(name, password, label=user_agents.label(request.user_agent.string))[1]
        sessions.end()
        sessions.begin(secret)

    def _already(self) -> Response | None:
        return _to(_next()) if sessions.current() else None

    def _page(self, *, faults: Mapping[str, str] | None = None) -> Response:
        user, here = sessions.by_browser()
        html = render_template(
            "accounts/account.html",
            account=user,
            here=here,
            browsers=self._accounts.sessions(user),
            tokens=self._accounts.tokens(user),
            scopes=tuple(Scope),
            events_days=self._services.settings.events_days,
            faults=faults or {},
            typed=request.form,
        )
        return _unkept(html, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK)


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
        ("/account/export", "export", pages.export, ["GET"]),
        ("/account/delete", "delete", pages.delete, ["POST"]),
        ("/account/deleted", "deleted", pages.deleted, ["GET"]),
    ):
        routes.add_url_rule(rule, name, view, methods=methods)
    routes.add_app_template_global(lambda: [(path, _(name)) for path, name in USER_PAGES], "user_pages")
    routes.add_app_template_global(_sign_in_url, "sign_in_url")
    return routes


def _sign_in_url() -> str:
    """Return the URL of the sign-in page that leads back to the current page, or on to its own target."""
    return sessions.sign_in_url(_next() if request.blueprint == "accounts" else request.full_path.removesuffix("?"))


def _field(name: str) -> str:
    return request.form.get(name, "")


def _require(**values: str) -> None:
    missing = {name: _(REQUIRED[name]) for name, value in values.items() if not value.strip()}
    if missing:
        raise InvalidRequest(missing)


def _next() -> str:
    return sessions.local(request.values.get("next", ""))


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


def _language(code: str, *, default: str) -> str:
    """Return the chosen language; empty for the browser's preference."""
    if code == AS_THE_BROWSER_ASKS:
        return ""
    return code if code in LANGUAGES else default


def _form(template: str, *, faults: Mapping[str, str] | None = None) -> Response:
    html = render_template(f"accounts/{template}", faults=faults or {}, name=_field("name"), next=_next())
    return _unkept(html, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK)


def _unkept(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a page with forms or secrets, which no cache may store, not even the browser's back/forward cache."""
    response = make_response(html, status)
    response.cache_control.no_store = True
    return response


def _to(target: str) -> Response:
    response = make_response(redirect(target, HTTPStatus.SEE_OTHER))
    response.cache_control.no_store = True
    return response


def _done(words: str, part: str) -> Response:
    flash(words, NOTICE)
    return _to(f"/account#{part}")


def _bye(target: str) -> Response:
    """Redirect to `target` and clear the browser's cache of private pages."""
    response = _to(target)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
