"""Whether events of a request may be recorded."""

from __future__ import annotations

from flask import request

from core.users import User
from webapp.http import sessions

OBJECTIONS = {"Sec-GPC": "1", "DNT": "1"}
"""Headers that ask not to be tracked: Global Privacy Control and Do Not Track."""


def given(user: User | None) -> bool:
    """Return whether events of this request may be recorded: neither the user nor the browser opted out.

    While the database is unreachable, preferences are unknown, and nothing is recorded.
    """
    objected = any(request.headers.get(name, "").strip() == value for name, value in OBJECTIONS.items())
    return not objected and not sessions.unknown() and (user is None or user.preferences.keep_events)
