"""Whether events of a request may be recorded."""

from __future__ import annotations

from flask import request

from core.users import User
from webapp.http import sessions

OBJECTIONS = {"Sec-GPC": "1", "DNT": "1"}
"""How a browser says that its owner does not want to be tracked: Global Privacy Control, Do Not Track."""


def given(user: User | None) -> bool:
    """Tell whether this request may leave events: neither the user's preferences nor the browser objects.

    While the database cannot say who asks, nobody's preference is known, and nothing is recorded.
    """
    objected = any(request.headers.get(name, "").strip() == value for name, value in OBJECTIONS.items())
    return not objected and not sessions.unknown() and (user is None or user.preferences.keep_events)
