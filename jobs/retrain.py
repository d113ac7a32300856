"""A new model, judged, and published if it is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.errors import MarqueeError
from core.jobs import Result, Work
from data.database import Stores


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """See `engine.training.retrain.run`. The figures hold the metrics of the model before and of the new one."""
    from engine.training import retrain  # noqa: PLC0415 - loaded in the process of the run alone

    before = _published(settings)
    result = retrain.run(settings, stores, work, parameters=parameters)
    after = result.figures.get("metrics", {})
    return Result({"before": before, "after": after, **result.figures}, rejected=result.rejected)


def _published(settings: Settings) -> Mapping[str, float]:
    """Metrics of the model that serves; none where there is none, or none that can be read."""
    from engine import wiring  # noqa: PLC0415

    registry = wiring.models(settings)
    try:
        version = registry.current()
        return dict(registry.describe(version).metrics) if version else {}
    except MarqueeError:
        return {}
