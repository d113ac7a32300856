"""Responses and fields that the account pages share."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request

from webapp.http import sessions

NOTICE = "account"
"""Category of the flash messages of these pages."""


def field(name: str) -> str:
    """Return a field of the form; empty if it is missing."""
    return request.form.get(name, "")


def next_path() -> str:
    """Return the path to go to after signing in."""
    return sessions.local(request.values.get("next", ""))


def page(template: str, *, faults: Mapping[str, str] | None = None, **values: Any) -> Response:  # noqa: ANN401
    """Return a page with forms or secrets, with status 400 if it shows faults."""
    html = render_template(f"accounts/{template}", faults=faults or {}, **values)
    return unkept(html, HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK)


def unkept(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a page that no cache may store, not even the browser's back/forward cache."""
    response = make_response(html, status)
    response.cache_control.no_store = True
    return response


def go(target: str) -> Response:
    """Redirect to a path."""
    response = make_response(redirect(target, HTTPStatus.SEE_OTHER))
    response.cache_control.no_store = True
    return response


def done(words: str, target: str) -> Response:
    """Redirect to a page that shows a message."""
    flash(words, NOTICE)
    return go(target)


def goodbye(target: str) -> Response:
    """Redirect to a path and clear the browser's cache of private pages."""
    response = go(target)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
