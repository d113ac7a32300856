"""Responses of the server itself, for requests that never reach the application: small and made without a thread."""

from __future__ import annotations

import html
import json
import secrets
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from babel.support import NullTranslations, Translations
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.config import Language
from core.types import MAX_QUERY_LENGTH
from webapp.localization.translation import gettext_noop, preferred

PAGE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>{title}</title>{style}<main class="wrap prose"><h1>{title}</h1><p>{detail}</p>'
)
STYLE = '<link rel="stylesheet" href="/static/site/marquee.css">'
"""Left out while the site is overloaded, because it may be another request."""
SEARCH_FORM = (
    '<form method="post" action="/search">{fields}<p><label>{label}<br>'
    '<textarea class="long-text" name="q" rows="12" maxlength="{most}" dir="auto">\n{text}</textarea></label>'
    '<p><button class="button" type="submit">{button}</button></form>'
)
MAX_FIELDS = 200
CLOSE = (b"connection", b"close")
TITLES = {
    HTTPStatus.BAD_REQUEST: gettext_noop("Bad Request"),
    HTTPStatus.REQUEST_TIMEOUT: gettext_noop("Request Timeout"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop("Request too large"),
    HTTPStatus.REQUEST_URI_TOO_LONG: gettext_noop("Address too long"),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_noop("The site is busy"),
}
DETAILS = {
    HTTPStatus.BAD_REQUEST: gettext_noop("The request cannot be understood."),
    HTTPStatus.REQUEST_TIMEOUT: gettext_noop("The request did not arrive in time. Send it again."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop("The request is larger than this site accepts."),
    HTTPStatus.REQUEST_URI_TOO_LONG: gettext_noop(
        "The address is longer than this site accepts. Use fewer words, or send the text with POST /api/search."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_noop("The site is busy right now. Try again in a moment."),
}
LONG_TITLE = gettext_noop("Long search text")
LONG_DETAIL = gettext_noop("This text is too long for an address. Send it with this form.")
LABEL, BUTTON = gettext_noop("Search text"), gettext_noop("Search")
FOLDER = Path(__file__).parents[1] / "translations"
SECURITY = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"),
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


def refusal(
    status: HTTPStatus,
    *,
    program: bool,
    retry_after: int | None = None,
    close: bool = False,
    language: Language = "en",
) -> Reply:
    """Return a refusal: problem details (RFC 9457) in English for programs, otherwise a page.

    Args:
        status: a key of `DETAILS`.
        language: the language of the page.
        program: whether the client expects problem details.
        retry_after: seconds until the client may try again.
        close: whether the connection must be closed because the rest of the request was not read.
    """
    extra = [(b"retry-after", str(retry_after).encode())] if retry_after is not None else []
    if close:
        extra.append(CLOSE)
    if program:
        return as_json(status, problem(status), kind="application/problem+json", extra=extra)
    style = "" if status is HTTPStatus.SERVICE_UNAVAILABLE else STYLE
    page = _page(TITLES[status], DETAILS[status], style=style, language=language)
    return _reply(status, "text/html; charset=utf-8", page.encode(), [*extra, *_localized(language)])


def long_search(query: bytes, *, language: Language = "en") -> Reply:
    """Return the refusal of a search page whose text is too long for an address, with a form that can send it.

    Args:
        query: the query string.
        language: the language of the page.
    """
    pairs = parse_qsl(query.decode("latin-1"), max_num_fields=MAX_FIELDS)
    text = next((value for name, value in pairs if name == "q"), "")[:MAX_QUERY_LENGTH]
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in pairs
        if name != "q"
    )
    status = HTTPStatus.REQUEST_URI_TOO_LONG
    label, button = (html.escape(translated(text, language)) for text in (LABEL, BUTTON))
    form = SEARCH_FORM.format(fields=fields, text=html.escape(text), most=MAX_QUERY_LENGTH, label=label, button=button)
    page = _page(LONG_TITLE, LONG_DETAIL, style=STYLE, language=language) + form
    return _reply(status, "text/html; charset=utf-8", page.encode("utf-8", "replace"), [CLOSE, *_localized(language)])


def accepted(header: bytes, *, default: Language = "en") -> Language:
    """Return the best language for an `Accept-Language`, or the default."""
    return preferred(parse_accept_header(header.decode("latin-1"), LanguageAccept)) or default


def translated(text: str, language: Language) -> str:
    """Return a text in a language; there is no request of Flask here."""
    return _catalogue(language).gettext(text)


@cache
def _catalogue(language: Language) -> NullTranslations:
    return Translations.load(FOLDER, [language])


def _page(title: str, detail: str, *, style: str, language: Language) -> str:
    title, detail = (html.escape(translated(text, language)) for text in (title, detail))
    return PAGE.format(title=title, detail=detail, style=style, language=language)


def _localized(language: Language) -> list[tuple[bytes, bytes]]:
    return [(b"content-language", language.encode()), (b"vary", b"Accept-Language")]


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


def as_bytes(body: bytes, *, kind: str) -> Reply:
    """Return a complete body as a response."""
    return _reply(HTTPStatus.OK, kind, body, [])


def _reply(status: HTTPStatus, kind: str, body: bytes, extra: list[tuple[bytes, bytes]]) -> Reply:
    length = (b"content-length", str(len(body)).encode())
    return Reply(int(status), ((b"content-type", kind.encode()), length, *SECURITY, *extra), body)
