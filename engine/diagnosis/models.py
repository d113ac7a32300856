"""Checks of the exported encoder, of the published recommendation model, and of what trains the next one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from core.config import Settings
from core.recommendations.models import ModelVersion
from engine.clock import Clock
from engine.diagnosis.findings import Finding, ok, warning
from engine.registry.registry import Registry
from engine.search.encoders import encoder as encoders
from engine.spark import session

ENCODER, MODEL, TRAINER = "encoder", "recommendation model", "trainer"
OLD = timedelta(days=35)
"""Models are trained weekly. One may be rejected, because it is no better; five in a row are worth a look."""


def encoder(settings: Settings) -> list[Finding]:
    """Check that the exported encoder can be loaded and encodes."""
    loaded = encoders.load(settings)
    (vector,) = loaded.encode(["a man relives the same day"])
    return [
        ok(ENCODER, f"{loaded.name} is exported as {settings.encoder_precision} and loads: {len(vector)} dimensions")
    ]


def model(open_registry: Callable[[], Registry], clock: Clock) -> list[Finding]:
    """Check that the published model can be loaded, and its age."""
    registry = open_registry()
    published = registry.current()
    if published is None:
        return [judge_model(None, at=clock())]
    registry.load(published)
    return [judge_model(registry.describe(published), at=clock())]


def judge_model(published: ModelVersion | None, *, at: datetime) -> Finding:
    """Return the finding about a model that can be loaded."""
    if published is None:
        advice = "run `marquee train`; until then, popular movies are recommended"
        return warning(MODEL, "no model is published", advice)
    days = (at - published.made_at).days
    found = f"{published.version} loads; it is {days} {'day' if days == 1 else 'days'} old"
    if at - published.made_at > OLD:
        return warning(MODEL, found, "see why with `marquee jobs history retrain` and `marquee models list`")
    return ok(MODEL, found)


def trainer(settings: Settings) -> list[Finding]:
    """Check that Spark can be used if it trains. No session is started: that takes longer than all other checks."""
    if settings.trainer == "local":
        return [ok(TRAINER, "models are trained on this machine alone")]
    return [ok(TRAINER, f"Spark can be used: {session.check(settings)}")]
