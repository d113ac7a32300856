"""Headers that bound what a page may load, run and be embedded in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

EMBEDDABLE = ("/poster/", "/api/")
"""Other sites that use the API may show its pictures."""


def protect(app: Flask, *, poster_base: str) -> None:
    """Add the headers to every answer of `app`."""
    policy = content_policy(poster_base)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers(policy, embeddable=request.path.startswith(EMBEDDABLE)).items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
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
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if embeddable else "same-origin",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
