"""Who is asking: the user behind a request, from the cookie of a browser or from the bearer token of a program.

The cookie `marquee` is Flask's signed one. It holds the secret of a session that the database knows by its hash, and
the secret of the forms. A visitor without it costs no look into the database.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from core.errors import NotAllowed, NotSignedIn, StoreUnavailable
from core.users import Scope, Session, User
from engine.accounts.accounts import Accounts
from webapp.localization.translation import gettext as _

log = logging.getLogger("marquee.web")

COOKIE = "marquee"
SIGN_IN = "/sign-in"
NAME_OF_STATE = "marquee.sessions"
OPENED = "opened"
"""Where in the cookie the secret of the session stands."""
CSRF = "csrf_token"
"""The form field, and where Flask-WTF keeps the token of the request."""
CSRF_HEADER = "X-CSRFToken"
MAX_SECRET = 200
"""Characters; ours have 43. Longer ones are not even hashed."""


@dataclass
class _State:
    accounts: Accounts
    down: bool = False
    """Whether the database failed at the last look: each outage is logged once."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """What is known of who asks; `scopes` is None for a browser, which may do everything."""

    user: User | None = None
    session: Session | None = None
    scopes: frozenset[Scope] | None = None
    unknown: bool = False
    """Whether the database could not be asked."""


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, sent over encrypted connections only where it was set over one."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the signature is Flask's
        return request.is_secure


def install(app: Flask, accounts: Accounts, *, days: int) -> None:
    """Let `app` know who asks. `days`: how long a browser stays signed in."""
    app.extensions[NAME_OF_STATE] = _State(accounts)
    app.session_interface = _Cookies()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=days),
    )
    app.add_template_global(current, "user")
    app.add_template_global(unknown, "user_unknown")


def current() -> User | None:
    """The user who asks; None for a visitor, and while the database cannot say."""
    return _caller().user


def required(scope: Scope = Scope.READ) -> User:
    """The user who asks, and may.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: the token was not given this scope.
        StoreUnavailable: the database cannot say who asks.
    """
    caller = _caller()
    if caller.unknown:
        raise StoreUnavailable(_("Accounts cannot be reached right now. Films can still be searched; try again soon."))
    if caller.user is None:
        raise NotSignedIn(
            _("This token is unknown or was revoked.") if bearer() is not None else _("Sign in first; it is about you.")
        )
    if caller.scopes is not None and scope not in caller.scopes:
        raise NotAllowed(f"This token may not {scope.value}; make one with the scope {scope.value!r}.")
    return caller.user


def by_browser() -> tuple[User, Session]:
    """The user and the session of a browser: for what no token may do, such as making further tokens.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: a token asks.
    """
    user, opened = required(), _caller().session
    if opened is None:
        raise NotAllowed("A token may not do this. Sign in with a browser.")
    return user, opened


def unknown() -> bool:
    """Whether somebody may be signed in, but the database could not be asked."""
    return _caller().unknown


def consulted() -> bool:
    """Whether the answer to this request depends on who asks."""
    return "caller" in g


def bearer() -> str | None:
    """The bearer token that came along, whatever it is worth."""
    given = request.authorization
    return (given.token or "") if given is not None and given.type == "bearer" else None


def named() -> bool:
    """Whether the browser's cookie names somebody, without a look into the database."""
    return bool(session.get(OPENED))


def begin(secret: str) -> None:
    """Sign this browser in: with a cookie that has nothing of the one before."""
    forget()
    session.permanent = True
    session[OPENED] = secret
    generate_csrf()


def end() -> None:
    """Sign this browser out, in the database too."""
    secret = session.get(OPENED)
    forget()
    if secret:
        _state().accounts.sign_out(secret)


def forget() -> None:
    """Empty this browser's cookie, for a session that is gone from the database."""
    session.clear()
    g.pop("caller", None)
    g.pop(CSRF, None)


def sign_in_url(target: str) -> str:
    """The page to sign in that leads back to `target`."""
    wanted = local(target)
    return SIGN_IN if wanted == "/" else f"{SIGN_IN}?{urlencode({'next': wanted}, safe='/')}"


def local(target: str, *, default: str = "/") -> str:
    """`target` where it is a path of this site, else `default`: nobody is led away after signing in.

    Browsers take `//host` and `/\\host` for another site, and drop tabs and line breaks before they look.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target


def _state() -> _State:
    state: _State = current_app.extensions[NAME_OF_STATE]
    return state


def _caller() -> _Caller:
    if "caller" not in g:
        g.caller = _find()
    found: _Caller = g.caller
    return found


def _find() -> _Caller:
    token, state = bearer(), _state()
    secret = token if token is not None else session.get(OPENED)
    if not secret or not isinstance(secret, str) or len(secret) > MAX_SECRET:
        return _Caller()
    try:
        caller = _of_token(state.accounts, secret) if token is not None else _of_cookie(state.accounts, secret)
    except StoreUnavailable as error:
        if not state.down:
            log.error("accounts cannot be reached, everybody is taken for a visitor: %s", error)
        state.down = True
        return _Caller(unknown=True)
    state.down = False
    return caller


def _of_token(accounts: Accounts, secret: str) -> _Caller:
    found = accounts.of_token(secret)
    return _Caller(user=found[0], scopes=found[1]) if found else _Caller()


def _of_cookie(accounts: Accounts, secret: str) -> _Caller:
    found = accounts.resume(secret)
    if found is None:  # ended elsewhere, or expired: the next request need not ask again
        session.pop(OPENED, None)
    return _Caller(user=found[0], session=found[1]) if found else _Caller()
