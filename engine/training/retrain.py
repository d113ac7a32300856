"""The job `retrain`: learn a new model from everything at hand, judge it, and publish it if it is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import MarqueeError
from core.jobs.runs import Result, Work
from engine.job_context import JobContext
from engine.registry.registry import Registry
from engine.training import factor_publication, publication, service
from engine.training.options import Options
from engine.training.publication import TrainingReport


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Snapshot, split, fit, choose, judge; the published model changes only where the new one passes the gate.

    The figures hold the metrics of the model before and of the new one.

    Raises:
        InvalidRequest: names each parameter that is unknown or out of range.
        Cancelled: somebody asked to stop; what is published stays, and the next run with the same data goes on.
        DataError, IndexMissing, ModelMissing, Busy: nothing was published.
    """
    settings, registry = context.settings, context.registry
    options = Options.of({**settings.training, **parameters})
    before = _published_metrics(registry)
    given = service.gather(settings, work, stores=context.stores, index_store=context.index_store)
    report = publication.learn(settings, given, options, work, registry=registry, force=False)
    told = {"before": before, "after": report.manifest.get("metrics", {}), **figures(report)}
    if not report.published:
        work.say(f"the model {report.version} is kept, but not published: {report.decision.rejected}")
        return Result(told, rejected=report.decision.rejected)
    work.say(f"the model {report.version} is published")
    stamped = factor_publication.publish_factors(context.index_store, registry)
    return Result({**told, "stamped": stamped})


def figures(report: TrainingReport) -> dict[str, Any]:
    """What came out, as plain JSON values."""
    told = ("metrics", "parameters", "reasons", "learned_from", "data_hash", "parents", "loss", "search", "folds")
    kept = {name: report.manifest[name] for name in told if name in report.manifest}
    return {
        "version": report.version,
        "published": report.published,
        "users": report.users,
        "ratings": report.ratings,
        "movies": report.movies,
        **kept,
        "seconds": round(report.seconds, 1),
    }


def _published_metrics(registry: Registry) -> Mapping[str, float]:
    """Metrics of the model that serves; none where there is none, or none that can be read."""
    try:
        version = registry.current()
        return dict(registry.describe(version).metrics) if version else {}
    except MarqueeError:
        return {}
