"""The lists of what many people turn to now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.jobs import Result, Work
from data.database import Stores


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """See `engine.trending.refresh`."""
    from engine import trending  # noqa: PLC0415 - loaded in the process of the run alone

    return trending.refresh(settings, stores, work, parameters=parameters)
