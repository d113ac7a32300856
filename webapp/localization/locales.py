"""The language of a page, its time zone, and its formats of numbers and dates. The JSON API is always in English.

The language is determined by the account, the cookie set by the form in the footer, the browser's `Accept-Language`, or
the setting `MARQUEE_LANGUAGE`, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from http import HTTPStatus

from babel import Locale, dates, numbers
from flask import Blueprint, Flask, Response, g, has_request_context, make_response, redirect, request
from flask_babel import Babel, force_locale, get_locale, get_timezone

from core.config import LANGUAGES, Language
from core.errors import InvalidRequest
from core.language import time_zones
from core.users import Scope
from engine.accounts.imports.effects import UNDATED
from engine.services import Services
from webapp.http import sessions
from webapp.localization import translation
from webapp.localization.translation import gettext as _
from webapp.localization.translation import translating

COOKIE = "marquee_language"
COOKIE_AGE = 365 * 24 * 3600
NAMES: dict[Language, str] = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch"}
"""Native names of the languages."""
ENGLISH = Locale("en", "GB")
LOCALES: dict[str, str] = {"en": str(ENGLISH)}
"""Locales whose formats differ from the default of the language."""
NOT_LOCALIZED = ("/api/", "/admin", "/health/", "/metrics")
HOUR = 60
NBSP = "\N{NO-BREAK SPACE}"


def install(app: Flask, services: Services) -> None:
    """Install translations and locale-dependent template filters in `app`."""
    default = services.settings.language
    Babel(
        app,
        default_locale=LOCALES.get(default, default),
        locale_selector=lambda: _locale_of(_chosen(default)),
        timezone_selector=lambda: _zone_of_user(services.settings.zone),
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # The catalogue is looked up once for each request: Flask-Babel's own functions look it up for each text.
    app.jinja_env.install_gettext_callables(translation.plain, translation.plain_plural, newstyle=True)  # type: ignore[attr-defined]
    app.after_request(_declare)
    app.register_blueprint(_blueprint(services))
    for name, function in (
        ("thousands", number),
        ("decimal", decimal),
        ("percent", percent),
        ("day", day),
        ("moment", moment),
        ("runtime", runtime),
        ("since", since),
        ("month", month),
    ):
        app.add_template_filter(function, name)
    app.add_template_global(language, "language")
    app.add_template_global(lambda: NAMES, "page_languages")
    app.add_template_global(_current_page, "current_page")


def language() -> str:
    """Return the language of this response as an ISO 639-1 code."""
    return locale().language


def locale() -> Locale:
    """Return the locale of this response; English outside of requests."""
    return (get_locale() if translating() else None) or ENGLISH


def zone() -> tzinfo:
    """Return the time zone of this response: the user's, or the site's; UTC outside of requests."""
    found: tzinfo | None = get_timezone() if has_request_context() else None
    return found or UTC


def number(value: float) -> str:
    """Format a number with grouped digits, such as `1,234`."""
    return _formatted(value, "", locale())


def decimal(value: float, digits: int = 1) -> str:
    """Format a number with a fixed number of decimal places, such as `6.5`."""
    return _formatted(value, f"0.{'0' * digits}", locale())


@lru_cache(maxsize=4_096)
def _formatted(value: float, pattern: str, language: Locale) -> str:
    """Format a number; cached, because the pages have hundreds of numbers, mostly the same ones."""
    return numbers.format_decimal(value, format=pattern or None, locale=language)


def percent(share: float) -> str:
    """Format a share as a percentage, such as `87%`."""
    return numbers.format_percent(share, locale=locale())


def day(at: date | str) -> str:
    """Format a date (ISO 8601), or the day of a time in the time zone of this response, such as `3 March 2026`."""
    if isinstance(at, str):
        at = date.fromisoformat(at)
    elif isinstance(at, datetime):
        at = time_zones.day(at, zone())
    return dates.format_date(at, "long", locale=locale())


def moment(at: datetime | str) -> str:
    """Format a time in the time zone of this response, such as `3 March 2026, 14:05 CET`."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    here = time_zones.local(at, zone())
    return f"{day(at)}, {here:%H:%M} {time_zones.label(at, zone())}"


def month(day: date) -> str:
    """Format the month of a day, such as `March 2026`."""
    return dates.format_skeleton("yMMMM", day, locale=locale())


def months() -> list[tuple[str, str]]:
    """Return the short and the full names of the months."""
    names = locale().months["stand-alone"]
    return [(names["abbreviated"][number], names["wide"][number]) for number in range(1, 13)]


def weekdays() -> list[tuple[str, str]]:
    """Return the short and the full name of the days of a week, in the order of a calendar."""
    names, first = locale().days["stand-alone"], first_weekday()
    order = [(first + number) % 7 for number in range(7)]
    return [(names["abbreviated"][number], names["wide"][number]) for number in order]


def first_weekday() -> int:
    """Return the first day of a week in calendars; 0 is Monday."""
    first: int = locale().first_week_day
    return first


def since(at: datetime, what: str) -> str:
    """Return what was done (`rated`, `reviewed` or `added`) and when, without line breaks in the date."""
    if at == UNDATED:
        return _("undated")
    on = day(at).replace(" ", NBSP)
    if what == "rated":
        return _("rated %(day)s", day=on)
    return _("reviewed %(day)s", day=on) if what == "reviewed" else _("added %(day)s", day=on)


def runtime(minutes: int) -> str:
    """Format a runtime such as `1 h 38 min`, without line breaks."""
    words = (
        _("%(hours)s h %(minutes)s min", hours=minutes // HOUR, minutes=str(minutes % HOUR).zfill(2))
        if minutes >= HOUR
        else _("%(minutes)s min", minutes=minutes)
    )
    return words.replace(" ", NBSP)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Switch to another language temporarily; an empty `code` keeps the language of the request."""
    if not code:
        yield
        return
    with force_locale(_locale_of(code)):
        translation.forget()
        try:
            yield
        finally:
            translation.forget()


def _chosen(default: Language) -> str:
    """Return the best language for this request."""
    if not has_request_context() or request.path.startswith(NOT_LOCALIZED):
        return "en"
    g.localized = True
    user = sessions.current()
    for code in (user.preferences.language if user else "", request.cookies.get(sessions.cookie_name(COOKIE), "")):
        if code in LANGUAGES:
            return code
    return translation.preferred(request.accept_languages) or default


def _zone_of_user(default: tzinfo) -> tzinfo:
    user = sessions.current()
    return time_zones.zone(user.preferences.time_zone if user else "", default)


def _locale_of(code: str) -> str:
    return LOCALES.get(code, code)


def _declare(response: Response) -> Response:
    """Set `Vary` and `Content-Language` on localized pages."""
    if g.get("localized", False):
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language())
    return response


def _current_page() -> str:
    """Return the current page as a local path, to come back to."""
    return request.full_path.removesuffix("?") if request.method in ("GET", "HEAD") else "/"


def _blueprint(services: Services) -> Blueprint:
    routes = Blueprint("language", __name__)

    @routes.post("/language")
    def choose() -> Response:
        """Save the language chosen in the footer, in the account and in a cookie."""
        code = request.form.get("language", "")
        if code not in LANGUAGES:
            raise InvalidRequest({"language": f"expected one of {', '.join(LANGUAGES)}"})
        if sessions.current() is not None:
            user = sessions.required(Scope.WRITE)
            services.accounts.prefer(user, replace(user.preferences, language=code))
        target = sessions.local(request.form.get("next", ""))
        response = make_response(redirect(target, HTTPStatus.SEE_OTHER))
        name = sessions.cookie_name(COOKIE)
        response.set_cookie(
            name, code, max_age=COOKIE_AGE, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
        )
        response.cache_control.no_store = True
        return response

    return routes
