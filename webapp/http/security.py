"""What a page may load, run and be embedded in, who may keep an answer, and which forms count as ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

from core.errors import NotSignedIn
from webapp.http import sessions
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

EMBEDDABLE = ("/poster/", "/api/")
"""Other sites that use the API may show its pictures."""
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HARMLESS = frozenset(("language.choose",))
"""What a visitor may be made to send without harm: it needs no token, and so no cookie for each visitor."""
FOREIGN_FORM = gettext_noop(
    "This form is too old, or was not sent from this site. Load its page again, then send it once more."
)
API_HINT = f" Programs use a bearer token; scripts of these pages send the header {sessions.CSRF_HEADER}."


def protect(app: Flask, *, poster_base: str) -> None:
    """Add the headers to every answer of `app`, and refuse writes in a user's name that a user did not ask for."""
    policy = content_policy(poster_base)

    @app.after_request
    def add_headers(response: Response) -> Response:
        embeddable = request.path.startswith(EMBEDDABLE) and not private()
        for name, value in headers(policy, embeddable=embeddable).items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return bound_caches(response)

    # Always signed into the cookie's session, so no age of its own; and a missing Referer proves nothing.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    forms = CSRFProtect(app)
    app.before_request(lambda: check_form(forms))


def check_form(forms: CSRFProtect) -> None:
    """Refuse a write whose sender rides on somebody's cookie.

    A bearer token and a visitor's call of the API carry nothing to ride on. Forms of visitors are checked too, lest
    somebody be signed in to a stranger's account; a form of a user whose session ended leads to signing in.

    Raises:
        BadRequest: the token of the form is missing or wrong, or another site sent it.
        NotSignedIn: the form was sent by a visitor, and is for users only.
    """
    if request.method in READING or not request.endpoint or sessions.bearer() is not None:
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
            raise NotSignedIn(_("Sign in first.")) from None
        raise BadRequest(_(FOREIGN_FORM) + (API_HINT if api else "")) from None


def private() -> bool:
    """Whether the answer is for this caller only: it depends on who asks, and somebody may be named."""
    return sessions.consulted() and (sessions.COOKIE in request.cookies or "Authorization" in request.headers)


def bound_caches(response: Response) -> Response:
    """Let no shared cache give one user's answer to another, nor keep what sets a cookie."""
    if sessions.consulted():
        response.vary.update(("Cookie", "Authorization"))
    if (private() or (sessions.consulted() and session.modified)) and not response.cache_control.no_store:
        response.cache_control.public = False
        response.cache_control.max_age = None
        response.cache_control.private = True
        response.cache_control.no_cache = True
    return response


def content_policy(poster_base: str) -> str:
    """The content security policy: our own files, and pictures from the poster host."""
    images = " ".join(("'self'", *filter(None, [_origin(poster_base)])))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def headers(policy: str, *, embeddable: bool) -> dict[str, str]:
    """All headers, by name."""
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
