"""Access control for administrators, for a whole blueprint."""

from __future__ import annotations

from flask import Blueprint, request

from core.errors import NotAllowed
from core.users import Scope, User
from webapp.http import sessions
from webapp.http.security import READING

REFUSED = "This is only for administrators of this site."


def guard(blueprint: Blueprint) -> None:
    """Restrict `blueprint` to administrators, before anything else of a request is read."""
    blueprint.before_request(_admit)


def administrator() -> User:
    """Return the administrator who sent the request. To change anything, a token needs the scope `write`.

    Raises:
        NotSignedIn, NotAllowed, StoreUnavailable: see `sessions.required`.
    """
    user = sessions.required(Scope.READ if request.method in READING else Scope.WRITE)
    if not user.administrator:
        raise NotAllowed(REFUSED)
    return user


def _admit() -> None:
    administrator()
