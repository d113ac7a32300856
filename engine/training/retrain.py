"""The job `retrain`: train a new model on all data, evaluate it, and publish it if the gate accepts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import MarqueeError
from core.jobs.runs import Result, Work
from engine.job_context import JobContext
from engine.registry.registry import Registry
from engine.training import factor_publication, publication, service
from engine.training.options import Options
from engine.training.publication import PublicationReport


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Split, fit, tune and evaluate; the published model changes only if the new one passes the gate.

    The figures contain the metrics of the previous model and of the new one.

    Raises:
        InvalidRequest: a parameter is unknown or out of range; the fields name it.
        Cancelled: the run was cancelled; nothing was published, and the next run with the same data resumes.
        DataError, IndexMissing, ModelMissing, Busy: nothing was published.
    """
    settings, registry = context.settings, context.registry
    options = Options.of({**settings.training, **parameters})
    before = _published_metrics(registry)
    given = service.gather(settings, work, stores=context.stores, index_store=context.index_store)
    report = publication.learn(settings, given, options, work, registry=registry, force=False)
    result = {"before": before, "after": report.manifest.get("metrics", {}), **figures(report)}
    if not report.published:
        work.say(f"kept model {report.version} without publishing it: {report.decision.rejected}")
        return Result(result, rejected=report.decision.rejected)
    work.say(f"published model {report.version}")
    stamped = factor_publication.publish_factors(context.index_store, registry)
    return Result({**result, "stamped": stamped})


def figures(report: PublicationReport) -> dict[str, Any]:
    """Return the figures of a training as plain JSON values."""
    names = ("metrics", "parameters", "reasons", "learned_from", "data_hash", "parents", "loss", "search", "folds")
    kept = {name: report.manifest[name] for name in names if name in report.manifest}
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
    """Return the metrics of the published model; empty if there is none or it cannot be read."""
    try:
        version = registry.current()
        return dict(registry.describe(version).metrics) if version else {}
    except MarqueeError:
        return {}
