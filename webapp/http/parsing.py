"""Untrusted parts of a request (query, path, body) read into models before a view sees them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from pydantic import BaseModel

from webapp.http import json_bodies
from webapp.movies import forms

View = Callable[..., Response]


def reading(
    *,
    query: type[BaseModel] | None = None,
    path: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    optional: bool = False,
) -> Callable[[View], View]:
    """Let `forms` read a request: it also finds what is given twice, which flask-openapi3 alone would let pass.

    Args:
        optional: whether a request without any content is one with an empty object.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def read_then_view(**parts: str) -> Response:
            found: dict[str, BaseModel] = {}
            if path is not None:
                found["path"] = forms.validate(path, parts)
            if query is not None:
                found["query"] = forms.read(query, request.args)
            if body is not None:
                empty = optional and not request.get_data()
                found["body"] = body.model_validate({}) if empty else json_bodies.read(body)
            return view(**found)

        read_then_view.__delay_validate_request__ = True  # type: ignore[attr-defined]  # flask-openapi3's own switch
        return read_then_view

    return decorate
