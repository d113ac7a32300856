"""Bounds of the variable parts of paths: a longer number or name is no page of this site."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter

from webapp.http.fields import MAX_ID, MAX_NAME_LENGTH

MAX_DIGITS = len(str(MAX_ID))


class Number(IntegerConverter):
    """A number that every database and every JSON parser represents exactly."""

    regex = rf"[0-9]{{1,{MAX_DIGITS}}}"

    def to_python(self, value: str) -> int:
        """Return the number. Raises `NotFound` for a greater one.

        With `ValidationError`, "does not match", werkzeug would answer 405 on paths that have rules for two methods.
        """
        number: int = super().to_python(value)
        if number > MAX_ID:
            raise NotFound
        return number


class Name(UnicodeConverter):
    """A name without slashes."""

    def __init__(self, *arguments: object, **options: int) -> None:
        super().__init__(*arguments, **{"maxlength": MAX_NAME_LENGTH, **options})  # type: ignore[arg-type]


class Names(PathConverter):
    """A name that may contain slashes."""

    regex = rf"[^/].{{0,{MAX_NAME_LENGTH - 1}}}?"


def bound(app: Flask) -> None:
    """Bound the variable parts of all rules that are added to `app` from now on."""
    app.url_map.converters.update({"int": Number, "default": Name, "string": Name, "path": Names})
