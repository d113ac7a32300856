"""Swipes, clicks and searches, as what the next model may learn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.jobs import Result, Work
from data.database import Stores


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """See `engine.online.implicit_feedback.run`."""
    from engine.online import implicit_feedback  # noqa: PLC0415 - loaded in the process of the run alone

    return implicit_feedback.run(settings, stores, work, parameters=parameters)
