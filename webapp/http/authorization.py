"""Who may see and do what administrators do: one door for a whole blueprint."""

from __future__ import annotations

from flask import Blueprint, request

from core.errors import NotAllowed
from core.users import Scope, User
from webapp.http import sessions
from webapp.http.security import READING

REFUSED = "This is for administrators of this site."


def guard(blueprint: Blueprint) -> None:
    """Let administrators alone through, before anything else of a request is read."""
    blueprint.before_request(_admit)


def administrator() -> User:
    """Return the administrator who calls; a token needs the scope `write` for whatever changes something.

    Raises:
        NotSignedIn, NotAllowed, StoreUnavailable: see `sessions.required`; nobody else learns what there is.
    """
    user = sessions.required(Scope.READ if request.method in READING else Scope.WRITE)
    if not user.administrator:
        raise NotAllowed(REFUSED)
    return user


def _admit() -> None:
    administrator()
