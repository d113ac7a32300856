"""Whether tests can start Spark."""

from __future__ import annotations

from functools import cache

from core.config import Settings
from core.errors import MarqueeError
from engine.spark import session


@cache
def found() -> str | None:
    """Return the runtime that Spark would use; None if it or pyspark is missing."""
    try:
        return session.check(Settings(trainer="spark"))
    except MarqueeError:
        return None
