"""The lists of similar films."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.jobs import Result, Work
from data.database import Stores


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """See `engine.training.similar_items.run`."""
    from engine.training import similar_items  # noqa: PLC0415 - loaded in the process of the run alone

    return similar_items.run(settings, stores, work, parameters=parameters)
