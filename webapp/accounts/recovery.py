"""The pages of email addresses and of resetting a password by email. Without a mail server they do not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound as PageNotFound

from core.config import LANGUAGES
from core.errors import InvalidRequest, NotFound
from engine.accounts.email_recovery import EXPIRED, Text
from engine.services import Services
from webapp.accounts import clients
from webapp.accounts.responses import done, field, page
from webapp.http import sessions
from webapp.http.rate_limits import Limits
from webapp.localization import locales
from webapp.localization.translation import gettext as _

FORGOT, RESET, CONFIRM = "/forgot-password", "/reset-password", "/account/email/confirm"
SECRET = "secret"  # noqa: S105 - the name of the parameter
"""Name of the query parameter in links; the request log omits its value."""
ACCOUNT = "/account#email"


class RecoveryPages:
    """Views that share the services and the rate limits."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._accounts, self._limits = services.accounts, limits

    def forgot(self) -> Response:
        """Ask for a name or an email address, and send a link; the response never tells whether there is an account."""
        if request.method == "GET":
            return page("forgot.html")
        named = field("named").strip()
        self._limits.count("reset", account=named)
        if not named:
            return page("forgot.html", faults={"named": _("Enter a name or an email address.")})
        texts = _in_all_languages(_reset_text)
        self._accounts.recovery.ask_reset(named, texts=texts, path=_link(RESET), language=locales.language())
        return page("forgot.html", sent=True)

    def reset(self) -> Response:
        """Show the form for a new password, or set it."""
        secret = request.values.get(SECRET, "")
        user = self._accounts.recovery.resetting(secret)
        if user is None:
            return page("forgot.html", faults={"form": EXPIRED})
        if request.method == "GET":
            return page("reset.html", secret=secret, name=user.name)
        self._limits.count("password", account=user.name)
        try:
            self._accounts.recovery.reset(secret, field("password"), client=clients.current())
        except InvalidRequest as error:
            return page("reset.html", faults=error.fields, secret=secret, name=user.name)
        except NotFound as error:
            return page("forgot.html", faults={"form": str(error)})
        sessions.forget()
        return done(_("Your password has been changed. Sign in with the new one."), sessions.SIGN_IN)

    def ask_address(self) -> Response:
        """Send a link that confirms an email address."""
        user = sessions.by_browser()[0]
        self._limits.count("password", account=user.name)
        texts = _in_all_languages(_confirmation_text)
        try:
            self._accounts.confirm(user, field("password"), client=clients.current())
            self._limits.count("reset", account=user.name)
            self._accounts.recovery.ask_address(
                user, field("email"), texts=texts, path=_link(CONFIRM), language=locales.language()
            )
        except InvalidRequest as error:
            return page("email.html", faults=error.fields, email=field("email"))
        return done(_("A link has been sent to this address. Open it within 30 minutes."), ACCOUNT)

    def address(self) -> Response:
        """Show the form for an email address."""
        sessions.by_browser()
        return page("email.html", email="")

    def confirm_address(self) -> Response:
        """Ask to confirm an email address, or set it."""
        user = sessions.by_browser()[0]
        secret = request.values.get(SECRET, "")
        if request.method == "GET":
            return page("confirm_email.html", secret=secret)
        try:
            self._accounts.recovery.confirm_address(user, secret, client=clients.current())
        except NotFound:
            return done(_("This link has expired or was used already. Ask for a new one."), ACCOUNT)
        return done(_("Your email address has been saved."), ACCOUNT)

    def remove_address(self) -> Response:
        """Delete the email address."""
        user = sessions.by_browser()[0]
        self._limits.count("password", account=user.name)
        try:
            self._accounts.confirm(user, field("password"), client=clients.current())
        except InvalidRequest as error:
            return page("email.html", faults={"remove": error.fields["password"]}, email="")
        self._accounts.recovery.remove_address(user, client=clients.current())
        return done(_("Your email address has been deleted."), ACCOUNT)


def add_routes(routes: Blueprint, services: Services, limits: Limits) -> None:
    """Add these pages to the blueprint of accounts."""
    pages = RecoveryPages(services, limits)
    for rule, name, view, methods in (
        (FORGOT, "forgot", pages.forgot, ["GET", "POST"]),
        (RESET, "reset", pages.reset, ["GET", "POST"]),
        ("/account/email", "address", pages.address, ["GET"]),
        ("/account/email", "ask_address", pages.ask_address, ["POST"]),
        (CONFIRM, "confirm_address", pages.confirm_address, ["GET", "POST"]),
        ("/account/email/remove", "remove_address", pages.remove_address, ["POST"]),
    ):
        routes.add_url_rule(rule, name, _if_enabled(services, view), methods=methods)
    routes.add_app_template_global(lambda: _is_enabled(services), "email_enabled")


def _if_enabled(services: Services, view: Callable[[], Response]) -> Callable[[], Response]:
    def enabled() -> Response:
        if not _is_enabled(services):
            raise PageNotFound
        return view()

    return enabled


def _is_enabled(services: Services) -> bool:
    return services.settings.smtp_url is not None and bool(services.settings.site_url)


def _link(path: str) -> str:
    return f"{path}?{SECRET}="


def _in_all_languages(text: Callable[[], Text]) -> Mapping[str, Text]:
    """Return an email in every language: which one its recipient reads is not known to this request."""
    found: dict[str, Text] = {}
    for language in LANGUAGES:
        with locales.speaking(language):
            found[language] = text()
    return found


def _reset_text() -> Text:
    body = _(
        "Somebody, probably you, asked for a new password for your Marquee account. To choose it, open this link within"
        " 30 minutes:"
    )
    ignored = _("If it was not you, ignore this email; your password stays as it is.")
    return Text(
        _("Marquee: choose a new password"), f"%(name)s:\n\n{_escaped(body)}\n\n%(link)s\n\n{_escaped(ignored)}\n"
    )


def _confirmation_text() -> Text:
    body = _("To use this email address for your Marquee account, open this link within 30 minutes:")
    ignored = _("If you have no account there, ignore this email.")
    return Text(
        _("Marquee: confirm your email address"), f"%(name)s:\n\n{_escaped(body)}\n\n%(link)s\n\n{_escaped(ignored)}\n"
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
