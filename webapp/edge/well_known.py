"""`/.well-known/security.txt` (RFC 9116): whom to tell about a vulnerability."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from engine.clock import Clock, now

VALID = timedelta(days=364)
"""The RFC recommends less than a year ahead; the file is renewed every day."""


def blueprint(contact: str, clock: Clock = now) -> Blueprint:
    """Return the blueprint of the file, which exists if there is a contact."""
    routes = Blueprint("well_known", __name__, url_prefix="/.well-known")

    @routes.get("/security.txt")
    def security() -> Response:
        if not contact:
            raise NotFound
        expires = (clock() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
        text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: en\n"
        return Response(text, mimetype="text/plain")

    return routes
