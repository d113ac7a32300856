"""Responses of the server itself, for requests that never reach the application: small and made without a thread."""

from __future__ import annotations

import html
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><h1>{title}</h1><p>{detail}</p>"
)
DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request cannot be understood.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time. Send it again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is larger than this site accepts.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is longer than this site accepts. Use fewer words, or send the text "
    "with POST /api/search.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The site is busy right now. Try again in a moment.",
}
SECURITY = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def refusal(status: HTTPStatus, *, program: bool, retry_after: int | None = None, close: bool = False) -> Reply:
    """Return a refusal: problem details (RFC 9457) for programs, otherwise a page.

    Args:
        status: a key of `DETAILS`.
        program: whether the client expects problem details.
        retry_after: seconds until the client may try again.
        close: whether the connection must be closed because the rest of the request was not read.
    """
    extra = [(b"retry-after", str(retry_after).encode())] if retry_after is not None else []
    if close:
        extra.append((b"connection", b"close"))
    if program:
        return as_json(status, problem(status), kind="application/problem+json", extra=extra)
    page = PAGE.format(title=html.escape(status.phrase), detail=html.escape(DETAILS[status]))
    return _reply(status, "text/html; charset=utf-8", page.encode(), extra)


def problem(status: HTTPStatus, detail: str = "") -> dict[str, object]:
    """Return problem details."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail or DETAILS[status],
        "instance": f"urn:marquee:request:{secrets.token_hex(6)}",
    }


def as_json(
    status: HTTPStatus,
    content: object,
    *,
    kind: str = "application/json",
    extra: list[tuple[bytes, bytes]] | None = None,
) -> Reply:
    """Return `content` as a JSON response."""
    return _reply(status, kind, json.dumps(content, ensure_ascii=False).encode(), extra or [])


def _reply(status: HTTPStatus, kind: str, body: bytes, extra: list[tuple[bytes, bytes]]) -> Reply:
    length = (b"content-length", str(len(body)).encode())
    return Reply(int(status), ((b"content-type", kind.encode()), length, *SECURITY, *extra), body)
