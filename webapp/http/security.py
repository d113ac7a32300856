"""Security headers, cache control of private responses, and CSRF protection."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from core.errors import NotSignedIn
from webapp.http import sessions
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

EMBEDDABLE = ("/poster/", "/api/")
"""Paths that other sites may embed: the API and its images."""
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
YEAR_SECONDS = 365 * 24 * 3_600
HARMLESS = frozenset(("language.choose",))
"""Endpoints that are harmless when forged: they need no token, and so visitors need no cookie."""
FOREIGN_FORM = gettext_noop(
    "This form has expired or was not sent from this site. Reload the page and send the form again."
)
SEARCHES = frozenset(("pages.search",))
"""Endpoints that only read, although long texts are sent to them with POST: they need no token at all."""
_FRAMES = "frame_source"
API_HINT = f" Programs must send a bearer token, scripts on these pages the header {sessions.CSRF_HEADER}."


def protect(app: Flask, *, poster_base: str, subdomains: bool = False) -> None:
    """Add security headers to every response of `app`, and refuse forged requests.

    Args:
        subdomains: Whether browsers must use HTTPS for all subdomains too.
    """
    policy = content_policy(poster_base)
    transport = f"max-age={YEAR_SECONDS}{'; includeSubDomains' if subdomains else ''}"

    @app.after_request
    def add_headers(response: Response) -> Response:
        embeddable = request.path.startswith(EMBEDDABLE) and not private()
        for name, value in headers(policy + _frames(), embeddable=embeddable).items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", transport)
        return bound_caches(response)

    # The token is part of the signed session, so it needs no expiry of its own; a missing Referer proves nothing.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    forms = CSRFProtect(app)
    app.before_request(lambda: check_form(forms))


def check_form(forms: CSRFProtect) -> None:
    """Refuse cross-site request forgery.

    Requests with a bearer token and API requests of visitors are not at risk. Forms of visitors are checked too, to
    prevent login CSRF; a form of a user whose session has ended leads to the sign-in page.

    Raises:
        BadRequest: the CSRF token is missing or wrong, or the form was sent by another site.
        NotSignedIn: the form was sent by a visitor, but needs a user.
    """
    if request.method in READING or not request.endpoint or sessions.bearer() is not None:
        return
    if request.endpoint in SEARCHES:
        return
    api = request.path.startswith("/api/")
    if not sessions.named() and (api or request.endpoint in HARMLESS):
        return
    try:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise CSRFError
        forms.protect()
    except CSRFError:
        if not sessions.named() and request.blueprint != "accounts":
            raise NotSignedIn(_("Sign in to continue.")) from None
        raise BadRequest(_(FOREIGN_FORM) + (API_HINT if api else "")) from None


def private() -> bool:
    """Return whether the response is private to the caller: it depends on the caller, who sent credentials."""
    return sessions.consulted() and (sessions.cookie_name() in request.cookies or "Authorization" in request.headers)


def bound_caches(response: Response) -> Response:
    """Keep private responses, and those that set a cookie, out of all caches, also the browser's: it may be shared."""
    if sessions.consulted():
        response.vary.update(("Cookie", "Authorization"))
    if private() or (sessions.consulted() and session.modified):
        response.cache_control.clear()
        response.cache_control.no_store = True
    return response


def vary_by_origin(response: Response) -> Response:
    """Keep a response of the API for one origin from being served to another one by a cache."""
    if request.path.startswith("/api/"):
        response.vary.add("Origin")
    return response


def allow_frames(origin: str) -> None:
    """Let the page of this request show frames of another site, which its script adds after a click."""
    setattr(g, _FRAMES, origin)


def _frames() -> str:
    origin = g.get(_FRAMES, "")
    return f"; frame-src {origin}" if origin else ""


def content_policy(poster_base: str, *, inline_design: bool = False) -> str:
    """Return the content security policy: our own files, images of posters.

    `inline_design` also allows inline styles and images, which the viewer of the API's description needs.
    """
    styles = "'self' 'unsafe-inline'" if inline_design else "'self'"
    images = " ".join(("'self'", *filter(None, [_origin(poster_base), "data:" if inline_design else ""])))
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src {images}; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def headers(policy: str, *, embeddable: bool) -> dict[str, str]:
    """Return all security headers by name."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "X-Permitted-Cross-Domain-Policies": "none",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if embeddable else "same-origin",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
