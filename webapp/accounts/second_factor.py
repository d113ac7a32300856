"""The pages of the second factor: proving it at sign-in, setting it up and removing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from core.errors import InvalidRequest, NotFound, NotSignedIn
from core.users import User
from engine.accounts.second_factors.factors import Code, PasskeyResponse, Proof
from engine.accounts.second_factors.passkeys import Site
from engine.services import Services
from webapp.accounts import clients
from webapp.accounts.responses import done, field, go, next_path, page
from webapp.http import sessions
from webapp.http.rate_limits import Limits
from webapp.localization.translation import gettext as _

PAGE = "/account/second-factor"
PROVE = "/sign-in/second-factor"
MAX_NUMBER = 10
"""Maximum number of digits in the number of a passkey."""


class SecondFactorPages:
    """Views that share the services and the rate limits."""

    def __init__(self, services: Services, limits: Limits) -> None:
        self._accounts, self._limits, self._address = services.accounts, limits, services.settings.site_url

    def prove(self) -> Response:
        """Show the second step of signing in, or check its proof and sign this browser in."""
        secret = sessions.awaiting()
        user = self._accounts.awaiting(secret) if secret else None
        if user is None:
            return go("/sign-in")
        if request.method == "GET":
            return self._prove_page(user)
        self._limits.count("second-factor", account=user.name)
        client = clients.browser()
        try:
            opened = self._accounts.finish_sign_in(secret, self._proof(), client=client)[1]
        except InvalidRequest as error:
            return self._prove_page(user, faults=error.fields)
        except NotSignedIn:
            sessions.forget()
            return go("/sign-in")
        sessions.begin(opened)
        clients.remember(client)
        return go(next_path())

    def overview(self) -> Response:
        """Show the second factors of the user."""
        return self._page(sessions.by_browser()[0])

    def begin_app(self) -> Response:
        """Show the QR code of a new key for an authenticator app."""
        return self._confirmed("app", self._app_page)

    def confirm_app(self) -> Response:
        """Set up the authenticator app if the code is right."""
        user = sessions.by_browser()[0]
        self._limits.count("second-factor", account=user.name)
        setup = field("setup")
        try:
            codes = self._accounts.second_factors.confirm_totp(user, setup, field("code"), client=clients.current())
        except InvalidRequest as error:
            return self._app_page(user, setup=setup, faults=error.fields)
        return self._finished(codes, _("The authenticator app has been set up."))

    def remove_app(self) -> Response:
        """Remove the authenticator app."""

        def remove(user: User) -> Response:
            self._accounts.second_factors.remove_totp(user, client=clients.current())
            return done(_("The authenticator app has been removed."), PAGE)

        return self._confirmed("remove-app", remove)

    def begin_passkey(self) -> Response:
        """Show the page on which the browser creates a passkey."""

        def show(user: User) -> Response:
            options = self._accounts.second_factors.begin_passkey(user, self._site())
            return page("passkey.html", options=options, name=field("name"))

        return self._confirmed("passkey", show)

    def add_passkey(self) -> Response:
        """Store the passkey that the browser created."""
        user = sessions.by_browser()[0]
        try:
            codes = self._accounts.second_factors.add_passkey(
                user, field("passkey"), self._site(), name=field("name"), client=clients.current()
            )
        except InvalidRequest as error:
            return self._page(user, faults={"passkey": next(iter(error.fields.values()))})
        return self._finished(codes, _("The passkey has been added."))

    def remove_passkey(self, number: int) -> Response:
        """Remove a passkey."""

        def remove(user: User) -> Response:
            self._accounts.second_factors.remove_passkey(user, number, client=clients.current())
            return done(_("The passkey has been removed."), PAGE)

        return self._confirmed(f"passkey-{number}", remove)

    def renew_codes(self) -> Response:
        """Replace the recovery codes, and show them once."""

        def renew(user: User) -> Response:
            if not user.second_factor:
                raise NotFound("Set up a second factor first.")
            return page("codes.html", codes=self._accounts.second_factors.new_codes(user, client=clients.current()))

        return self._confirmed("codes", renew)

    def _confirmed(self, form: str, act: Callable[[User], Response]) -> Response:
        """Do something if the password is right; show its form with the fault otherwise."""
        user = sessions.by_browser()[0]
        self._limits.count("password", account=user.name)
        try:
            self._accounts.confirm(user, field("password"), client=clients.current())
        except InvalidRequest as error:
            return self._page(user, faults={form: error.fields["password"]})
        return act(user)

    def _proof(self) -> Proof:
        answer = field("passkey")
        return PasskeyResponse(answer, self._site()) if answer else Code(field("code"))

    def _site(self) -> Site:
        address = urlsplit(self._address or request.host_url)
        return Site(host=address.hostname or "", origin=f"{address.scheme}://{address.netloc}")

    def _prove_page(self, user: User, *, faults: Mapping[str, str] | None = None) -> Response:
        options = self._accounts.second_factors.ask_passkey(user, self._site())
        return page("prove.html", faults=faults, options=options, next=next_path())

    def _app_page(self, user: User, *, setup: str = "", faults: Mapping[str, str] | None = None) -> Response:
        factors = self._accounts.second_factors
        begun = factors.pending_totp(user, setup) if setup else factors.begin_totp(user)
        if begun is None:
            return self._page(user)
        return page("app.html", faults=faults, setup=begun)

    def _page(self, user: User, *, faults: Mapping[str, str] | None = None) -> Response:
        factors = self._accounts.second_factors.of(user)
        return page("second_factor.html", faults=faults, factors=factors, required=self._accounts.lacks_factor(user))

    def _finished(self, codes: Sequence[str], words: str) -> Response:
        return page("codes.html", codes=codes, words=words) if codes else done(words, PAGE)


def add_routes(routes: Blueprint, services: Services, limits: Limits) -> None:
    """Add these pages to the blueprint of accounts."""
    pages = SecondFactorPages(services, limits)
    for rule, name, view, methods in (
        (PROVE, "prove", pages.prove, ["GET", "POST"]),
        (PAGE, "second_factor", pages.overview, ["GET"]),
        (f"{PAGE}/app", "begin_app", pages.begin_app, ["POST"]),
        (f"{PAGE}/app/confirm", "confirm_app", pages.confirm_app, ["POST"]),
        (f"{PAGE}/app/remove", "remove_app", pages.remove_app, ["POST"]),
        (f"{PAGE}/codes", "renew_codes", pages.renew_codes, ["POST"]),
        (f"{PAGE}/passkeys", "begin_passkey", pages.begin_passkey, ["POST"]),
        (f"{PAGE}/passkeys/confirm", "add_passkey", pages.add_passkey, ["POST"]),
        (
            f"{PAGE}/passkeys/<int(max={10**MAX_NUMBER}):number>/remove",
            "remove_passkey",
            pages.remove_passkey,
            ["POST"],
        ),
    ):
        routes.add_url_rule(rule, name, view, methods=methods)
