"""The job `cleanup`: delete expired data and what killed processes left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from core.enrichment.records import MAX_AGE
from core.jobs.retention import (
    DELETED_LISTS_DAYS,
    EXPIRED_TOKENS_DAYS,
    HOURLY_COUNTS_DAYS,
    RUNS_DAYS,
    SECURITY_DAYS,
)
from core.jobs.runs import Result, Work
from engine.job_context import JobContext

HOUR = 3_600


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Delete expired events, runs, counts and sessions, model versions beyond those kept, and abandoned drafts."""
    del parameters
    settings, stores, at = context.settings, context.stores, context.clock()
    stores.events.prepare(at)
    oldest_hour = int((at - timedelta(days=HOURLY_COUNTS_DAYS)).timestamp()) // HOUR
    steps: Mapping[str, Callable[[], int]] = {
        "events": lambda: stores.events.purge(before=at - timedelta(days=settings.events_days)),
        "explorations": lambda: stores.explorations.purge(before=at - timedelta(days=settings.events_days)),
        "runs": lambda: stores.jobs.purge(before=at - timedelta(days=RUNS_DAYS)),
        "evaluations": lambda: stores.evaluations.purge_runs(before=at - timedelta(days=RUNS_DAYS)),
        "hours": lambda: stores.trends.purge(before=oldest_hour),
        "request counts": lambda: stores.request_counts.purge(before=at - timedelta(days=HOURLY_COUNTS_DAYS)),
        "sessions": lambda: stores.accounts.purge_sessions(
            at=at, idle_since=at - timedelta(days=settings.session_idle_days)
        ),
        "tokens": lambda: stores.accounts.purge_tokens(at=at - timedelta(days=EXPIRED_TOKENS_DAYS)),
        "one-time secrets": lambda: stores.one_time_secrets.purge(at=at),
        "security events": lambda: stores.security_events.purge(before=at - timedelta(days=SECURITY_DAYS)),
        "import previews": lambda: stores.import_drafts.purge(at=at),
        "deleted lists": lambda: stores.webhooks.purge_deleted_lists(before=at - timedelta(days=DELETED_LISTS_DAYS)),
        "enrichments": lambda: stores.enrichments.purge(before=at - MAX_AGE),
        "models": lambda: len(context.registry.prune()),
        "drafts": lambda: len(context.index_store.remove_abandoned()),
    }
    figures: dict[str, int] = {}
    for done, (name, delete) in enumerate(steps.items()):
        work.step("cleaning", done, len(steps))
        figures[name] = delete()
    work.step("cleaning", len(steps), len(steps))
    work.say("deleted: " + ", ".join(f"{count:,} {name}" for name, count in figures.items()))
    return Result(figures)
