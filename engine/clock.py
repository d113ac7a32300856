"""The clock, passed in as a parameter so that tests can set the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current time, aware, in UTC."""


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
