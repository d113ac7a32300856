"""The ranking of descriptions, tuned on the site's own searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.jobs import Result, Work
from data.database import Stores


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """See `engine.search.ranking.tuning_job.job`."""
    from engine.search.ranking import tuning_job  # noqa: PLC0415 - loaded in the process of the run alone

    return tuning_job.job(settings, stores, work, parameters=parameters)
