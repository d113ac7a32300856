"""The time of day, as something that can be handed in: tests stop it, and nothing else reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives this moment, aware, in UTC."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
