"""The job `cleanup`: what is older than it may become, and what killed processes left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from core.config import Settings
from core.jobs import Parameter, Result, Work
from core.retention import HOURLY_COUNTS_DAYS, RUNS_DAYS
from data.database import Stores
from engine import wiring
from engine.clock import Clock, now

HOUR = 3_600

PARAMETERS: Mapping[str, Parameter] = MappingProxyType({})


def run(settings: Settings, stores: Stores, work: Work, *, parameters: Mapping[str, Any], clock: Clock = now) -> Result:
    """Delete old events, runs, counts and sessions, versions of the model beyond those kept, and leftover drafts."""
    del parameters
    at = clock()
    oldest_hour = int((at - timedelta(days=HOURLY_COUNTS_DAYS)).timestamp()) // HOUR
    steps: Mapping[str, Callable[[], int]] = {
        "events": lambda: stores.events.purge(before=at - timedelta(days=settings.events_days)),
        "runs": lambda: stores.jobs.purge(before=at - timedelta(days=RUNS_DAYS)),
        "evaluations": lambda: stores.evaluations.purge_runs(before=at - timedelta(days=RUNS_DAYS)),
        "hours": lambda: stores.trends.purge(before=oldest_hour),
        "sessions": lambda: stores.accounts.purge_sessions(at=at),
        "models": lambda: len(wiring.models(settings).prune()),
        "drafts": lambda: len(_drafts(settings)),
    }
    figures: dict[str, int] = {}
    for done, (name, delete) in enumerate(steps.items()):
        work.step("cleaning", done, len(steps))
        figures[name] = delete()
    work.step("cleaning", len(steps), len(steps))
    work.say("deleted: " + ", ".join(f"{count:,} {name}" for name, count in figures.items()))
    return Result(figures)


def _drafts(settings: Settings) -> list[str]:
    """Drafts of builds that died. On a cluster the next build removes them: nobody else knows which are alive."""
    return [] if settings.elasticsearch_url else wiring.store(settings).sweep()
