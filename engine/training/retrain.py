"""The job `retrain`: learn a new model from everything at hand, judge it, and publish it if it is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import Settings
from core.jobs import Result, Work
from data.database import Stores
from engine import wiring
from engine.training import factor_publication, publication, service
from engine.training.options import PARAMETERS, Options
from engine.training.publication import TrainingReport

__all__ = ["PARAMETERS", "run"]


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Snapshot, split, fit, choose, judge; the published model changes only where the new one passes the gate.

    Raises:
        InvalidRequest: names each parameter that is unknown or out of range.
        Cancelled: somebody asked to stop; what is published stays, and the next run with the same data goes on.
        DataError, IndexMissing, ModelMissing, Busy: nothing was published.
    """
    options = Options.of({**settings.training, **parameters})
    given = service.gather(settings, stores, work)
    report = publication.learn(settings, given, options, work, insist=False)
    if not report.published:
        work.say(f"the model {report.version} is kept, but not published: {report.decision.rejected}")
        return Result(figures(report), rejected=report.decision.rejected)
    work.say(f"the model {report.version} is published")
    stamped = factor_publication.restamp(wiring.store(settings), wiring.models(settings))
    return Result({**figures(report), "stamped": stamped})


def figures(report: TrainingReport) -> dict[str, Any]:
    """What came out, as plain JSON values."""
    told = ("metrics", "parameters", "reasons", "learned_from", "data_hash", "parents", "loss", "search", "folds")
    kept = {name: report.manifest[name] for name in told if name in report.manifest}
    return {
        "version": report.version,
        "published": report.published,
        "viewers": report.viewers,
        "ratings": report.ratings,
        "films": report.films,
        **kept,
        "seconds": round(report.seconds, 1),
    }
