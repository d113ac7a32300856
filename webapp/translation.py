"""Texts in the language of the page; in English outside of the site's requests, as on the command line."""

from __future__ import annotations

import flask_babel
from flask import current_app


def gettext(text: str, **parts: object) -> str:
    """The translation of a text, with `parts` put into its `%(name)s`."""
    if not translating():
        return text % parts if parts else text
    return str(flask_babel.gettext(text, **parts))


def ngettext(singular: str, plural: str, number: int, **parts: object) -> str:
    """The translation of the form that goes with a number."""
    if not translating():
        return (singular if number == 1 else plural) % parts
    return str(flask_babel.ngettext(singular, plural, number, **parts))


def gettext_noop(text: str) -> str:
    """Mark a text for translation that is translated where it is shown."""
    return text


def translating() -> bool:
    """Whether a site with catalogues is at work here."""
    return bool(current_app) and "babel" in current_app.extensions
