"""Translation of texts into the language of the page; English outside of requests, as on the command line."""

from __future__ import annotations

import flask_babel
from babel.support import NullTranslations
from flask import current_app, g
from werkzeug.datastructures import LanguageAccept

from core.config import LANGUAGES, Language

_SOURCE = NullTranslations()
"""Returns texts untranslated."""


def gettext(text: str, **parts: object) -> str:
    """Return the translation of a text, with `parts` substituted for `%(name)s`."""
    found = plain(text)
    return found % parts if parts else found


def ngettext(singular: str, plural: str, number: int, **parts: object) -> str:
    """Return the translation of the plural form for a number."""
    return plain_plural(singular, plural, number) % {"num": number, **parts}


def plain(text: str) -> str:
    """Return the translation of a text as it is: templates substitute its parts themselves."""
    return str(_catalogue().ugettext(text))


def plain_plural(singular: str, plural: str, number: int) -> str:
    """Return the translation of the plural form for a number, as it is."""
    return str(_catalogue().ungettext(singular, plural, number))


def gettext_noop(text: str) -> str:
    """Mark a text for extraction; it is translated where it is shown."""
    return text


def preferred(accepted: LanguageAccept) -> Language | None:
    """Return the language that a browser prefers; a region does not matter: `fr-CH, en;q=0.1` is French."""
    for tag, quality in accepted:
        found = next((language for language in LANGUAGES if language == tag.partition("-")[0].lower()), None)
        if found is not None and quality > 0:
            return found
    return None


def translating() -> bool:
    """Return whether translations are available: within an application with Babel."""
    return bool(current_app) and "babel" in current_app.extensions


def forget() -> None:
    """Forget the cached translations, after the language has changed."""
    g.pop("catalogue", None)


def _catalogue() -> NullTranslations:
    """Return the translations for this request, cached: a page has about a hundred texts in one language."""
    try:
        own = g._get_current_object()
    except RuntimeError:
        return _SOURCE
    found: NullTranslations | None = own.get("catalogue")
    if found is None:
        found = own.catalogue = flask_babel.get_translations() if translating() else _SOURCE
    return found
