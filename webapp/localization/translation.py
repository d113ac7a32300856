"""Texts in the language of the page; in English outside of the site's requests, as on the command line."""

from __future__ import annotations

import flask_babel
from babel.support import NullTranslations
from flask import current_app, g

_SOURCE = NullTranslations()
"""The texts as they stand in the code."""


def gettext(text: str, **parts: object) -> str:
    """The translation of a text, with `parts` put into its `%(name)s`."""
    found = str(_catalogue().ugettext(text))
    return found % parts if parts else found


def ngettext(singular: str, plural: str, number: int, **parts: object) -> str:
    """The translation of the form that goes with a number."""
    return str(_catalogue().ungettext(singular, plural, number)) % {"num": number, **parts}


def gettext_noop(text: str) -> str:
    """Mark a text for translation that is translated where it is shown."""
    return text


def translating() -> bool:
    """Whether a site with catalogues is at work here."""
    return bool(current_app) and "babel" in current_app.extensions


def forget() -> None:
    """Let the next text be looked up in the language that is spoken from now on."""
    g.pop("catalogue", None)


def _catalogue() -> NullTranslations:
    """The catalogue of this answer's language: a page has a hundred texts, and one language."""
    try:
        own = g._get_current_object()
    except RuntimeError:
        return _SOURCE
    found: NullTranslations | None = own.get("catalogue")
    if found is None:
        found = own.catalogue = flask_babel.get_translations() if translating() else _SOURCE
    return found
