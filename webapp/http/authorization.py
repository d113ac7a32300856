"""Access control for administrators, for a whole blueprint."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, request

from core.errors import NotAllowed
from core.users import Scope, User
from engine.accounts.accounts import FACTOR_FIRST
from webapp.http import sessions
from webapp.http.security import READING

REFUSED = "This is only for administrators of this site."
SECOND_FACTOR = "/account/second-factor"
"""The page on which a second factor is set up."""


def guard(blueprint: Blueprint) -> None:
    """Restrict `blueprint` to administrators, before anything else of a request is read."""
    blueprint.before_request(_admit)


def administrator() -> User:
    """Return the administrator who sent the request.

    A token needs the scope `admin`, and `write` to change anything. The site may require a second factor.

    Raises:
        NotSignedIn, NotAllowed, StoreUnavailable: see `sessions.required`.
    """
    user = sessions.required(Scope.READ if request.method in READING else Scope.WRITE)
    if sessions.lacks(Scope.ADMIN):
        user = sessions.required(Scope.ADMIN)
    if sessions.lacks_factor():
        raise NotAllowed(FACTOR_FIRST)
    if not user.administrator:
        raise NotAllowed(REFUSED)
    return user


def _admit() -> Response | None:
    if not request.path.startswith("/api/") and sessions.lacks_factor():
        return make_response(redirect(SECOND_FACTOR, HTTPStatus.SEE_OTHER))
    administrator()
    return None
