"""The user of a request, from a browser's session cookie or a program's bearer token.

The cookie `marquee` is Flask's signed session cookie. It contains the secret of a session, which the database stores
as a hash, and the CSRF secret. A request without it needs no database query.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import Signer

from core.errors import NotAllowed, NotSignedIn, StoreUnavailable
from core.users import NO_CLIENT, Client, Scope, Session, User
from engine.accounts.accounts import Accounts
from webapp.localization.translation import gettext as _

log = logging.getLogger("marquee.web")

COOKIE = "marquee"
HOST_ONLY = "__Host-"
"""Prefix of cookies that a browser accepts only over HTTPS, from this very host and for all paths."""
SIGN_IN = "/sign-in"
NAME_OF_STATE = "marquee.sessions"
OPENED = "opened"
"""Key of the session secret in the cookie."""
AWAITING = "awaiting"
"""Key of the secret of a sign-in that waits for its second factor."""
CSRF = "csrf_token"
"""The form field, and Flask-WTF's key of the token in `g`."""
CSRF_HEADER = "X-CSRFToken"
REPORTS = "/api/scrobble/"
"""Paths that media servers call."""
REPORTING = frozenset({Scope.SCROBBLE})
"""The scopes of their tokens, which have no other rights: an address is less secret than a header."""
MAX_SECRET = 200
"""Maximum length in characters; ours have 43. Longer ones are not hashed."""


@dataclass
class _State:
    accounts: Accounts
    down: bool = False
    """Whether the last query failed: each outage is logged once."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """The caller of a request; `scopes` is None for a browser, which has all of them."""

    user: User | None = None
    session: Session | None = None
    scopes: frozenset[Scope] | None = None
    unknown: bool = False
    """Whether the database was unreachable."""


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, marked secure if it was set over an encrypted connection.

    Then its name starts with `__Host-`, so that no other site of the domain can set it.
    """

    digest_method = staticmethod(sha256)

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - the signature is Flask's
        return cookie_name()

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the signature is Flask's
        return request.is_secure


def cookie_name(name: str = COOKIE) -> str:
    """Return the name of a cookie, by default that of the session, for this request's connection."""
    return f"{HOST_ONLY}{name}" if request.is_secure else name


def install(app: Flask, accounts: Accounts, *, days: int) -> None:
    """Install sessions in `app`. `days`: how long a browser stays signed in."""
    app.extensions[NAME_OF_STATE] = _State(accounts)
    app.session_interface = _Cookies()
    # Flask-WTF signs its tokens with the default of itsdangerous, which is SHA-1.
    Signer.default_digest_method = staticmethod(sha256)
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=days),
    )
    app.add_template_global(current, "user")
    app.add_template_global(unknown, "user_unknown")
    app.add_template_global(warned, "new_device")


def current() -> User | None:
    """Return the current user; None for a visitor, for a token that only reports, and without the database."""
    caller = _caller()
    return None if caller.scopes == REPORTING else caller.user


def required(scope: Scope = Scope.READ) -> User:
    """Return the current user, who must have `scope`.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: the token lacks this scope.
        StoreUnavailable: the database is unreachable.
    """
    caller = _caller()
    if caller.unknown:
        raise StoreUnavailable(_("Accounts are unavailable right now. You can still search for films; try again soon."))
    if caller.user is None:
        raise NotSignedIn(
            _("This token is invalid or was revoked.") if bearer() is not None else _("Sign in to continue.")
        )
    if caller.scopes is not None and scope not in caller.scopes:
        raise NotAllowed(f"This token lacks the scope {scope.value!r}; create one with that scope.")
    return caller.user


def by_browser() -> tuple[User, Session]:
    """Return the user and session of a browser, for what tokens may not do, such as creating tokens.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: the request has a token.
    """
    user, opened = required(), _caller().session
    if opened is None:
        raise NotAllowed("This cannot be done with a token. Sign in with a browser.")
    return user, opened


def opened() -> Session | None:
    """Return the session of a browser; None for a visitor, and for a token."""
    return _caller().session


def warned() -> bool:
    """Return whether to tell this browser about a sign-in from a new device."""
    opened = _caller().session
    return opened is not None and opened.new_device


def lacks(scope: Scope) -> bool:
    """Return whether the request has a token without `scope`."""
    scopes = _caller().scopes
    return scopes is not None and scope not in scopes


def lacks_factor() -> bool:
    """Return whether the user is an administrator without the second factor that this site requires."""
    user = _caller().user
    return user is not None and _state().accounts.lacks_factor(user)


def unknown() -> bool:
    """Return whether the caller is unknown because the database is unreachable."""
    return _caller().unknown


def consulted() -> bool:
    """Return whether the response to this request depends on the caller."""
    return "caller" in g


def bearer() -> str | None:
    """Return the bearer token of the request, unverified. Media servers can only send it in the address."""
    given = request.authorization
    if given is not None and given.type == "bearer":
        return given.token or ""
    return request.args.get("token") if request.path.startswith(REPORTS) else None


def named() -> bool:
    """Return whether the cookie contains a session, without querying the database."""
    return bool(session.get(OPENED))


def begin(secret: str) -> None:
    """Sign this browser in, with a cookie that contains nothing of the previous one."""
    forget()
    session.permanent = True
    session[OPENED] = secret
    generate_csrf()


def await_factor(secret: str) -> None:
    """Remember that this browser signs in and has yet to prove the second factor."""
    forget()
    session[AWAITING] = secret
    generate_csrf()


def awaiting() -> str:
    """Return the secret of this browser's sign-in that waits for its second factor; empty if there is none."""
    secret = session.get(AWAITING)
    return secret if isinstance(secret, str) and len(secret) <= MAX_SECRET else ""


def renew(secret: str) -> None:
    """Replace the secret of this browser's session, and its CSRF token."""
    begin(secret)


def end(client: Client = NO_CLIENT) -> None:
    """Sign this browser out and end its session in the database."""
    secret = session.get(OPENED)
    forget()
    if secret:
        _state().accounts.sign_out(secret, client=client)


def forget() -> None:
    """Clear this browser's cookie, for a session that no longer exists in the database."""
    session.clear()
    g.pop("caller", None)
    g.pop(CSRF, None)


def sign_in_url(target: str) -> str:
    """Return the URL of the sign-in page that leads back to `target`."""
    wanted = local(target)
    return SIGN_IN if wanted == "/" else f"{SIGN_IN}?{urlencode({'next': wanted}, safe='/')}"


def local(target: str, *, default: str = "/") -> str:
    """Return `target` if it is a path of this site, else `default`, to prevent open redirects.

    Browsers treat `//host` and `/\\host` as another site, and strip tabs and line breaks first.
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
            log.error("database unreachable, all requests are treated as visitors: %s", error)
        state.down = True
        return _Caller(unknown=True)
    state.down = False
    return caller


def _of_token(accounts: Accounts, secret: str) -> _Caller:
    found = accounts.of_token(secret)
    return _Caller(user=found[0], scopes=found[1]) if found else _Caller()


def _of_cookie(accounts: Accounts, secret: str) -> _Caller:
    found = accounts.resume(secret)
    if found is None:  # ended elsewhere or expired: saves the query of the next request
        session.pop(OPENED, None)
    return _Caller(user=found[0], session=found[1]) if found else _Caller()
