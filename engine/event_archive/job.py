"""The job `archive-events`: write finished days as Parquet, and again those whose events changed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.config import variable
from core.jobs.runs import Result, Work
from core.trends import DayState
from engine.event_archive import days
from engine.event_archive.archive import EventArchive
from engine.job_context import JobContext

LATE = timedelta(hours=2)
"""How long after midnight a day counts as finished."""
SCRATCH = ".events-"
"""Begin of the names of temporary folders."""
NO_EVENTS = DayState(0, 0)
CHANGED_DAYS = 30
"""Changed days that one run writes again, the latest first; further ones wait for the next run."""


def run(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Bring the archive up to date, if there is one.

    Each day is complete when the list of the days names it, so that a run that is killed is continued by the next.

    Raises:
        EventArchiveUnusable, StoreUnavailable, Cancelled: days that are written already stay.
    """
    del parameters
    archive = EventArchive.of(context.settings)
    if archive is None:
        work.say(f"no archive of events: {variable('events_archive_url')} is not set")
        return Result({})
    now, kept = context.clock(), archive.days()
    oldest = (now - timedelta(days=context.settings.events_archive_days)).date()
    removed = _remove_old(archive, kept, oldest)
    since, until = max(_first(now, context.settings.events_days), days.start_of(oldest)), _end(now)
    states = context.stores.events.days(since=since, until=until) if since < until else {}
    waiting = _waiting({day: state for day, state in kept.items() if since.date() <= day < until.date()}, states)
    written = 0
    with _scratch(context.settings.home) as folder:
        for done, day in enumerate(waiting):
            work.check()
            work.step("writing", done, len(waiting))
            path = folder / f"{day}.parquet"
            written += days.write(context.stores.events, day, path)
            archive.put(day, path)
            path.unlink()
            kept[day] = states.get(day, NO_EVENTS)
            archive.write(kept)
    work.step("writing", len(waiting), len(waiting))
    work.say(f"wrote {written:,} events of {len(waiting):,} days to {archive}; deleted {removed:,} old days")
    return Result({"events": written, "days": len(waiting), "deleted": removed})


@contextmanager
def _scratch(home: Path) -> Iterator[Path]:
    """Yield a private folder for temporary files; those of runs that were killed are deleted."""
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=home) as folder:
        yield Path(folder)


def _first(now: datetime, kept_days: int) -> datetime:
    """Return the start of the first day of which the cleanup has deleted no events."""
    return days.start_of((now - timedelta(days=kept_days) + LATE).date() + timedelta(days=1))


def _end(now: datetime) -> datetime:
    """Return the end of the last finished day."""
    return days.start_of((now - LATE).date())


def _waiting(kept: Mapping[date, DayState], states: Mapping[date, DayState]) -> list[date]:
    """Return the days to write, oldest first: all new ones, and some of those that changed.

    Args:
        kept: the days of the archive whose events are still in the database, unless users deleted all of them.
        states: those in the database.
    """
    changed = [day for day, state in kept.items() if states.get(day, NO_EVENTS) != state]
    return sorted([*(states.keys() - kept.keys()), *sorted(changed, reverse=True)[:CHANGED_DAYS]])


def _remove_old(archive: EventArchive, kept: dict[date, DayState], oldest: date) -> int:
    old = [day for day in kept if day < oldest]
    for day in old:
        archive.remove(day)
        del kept[day]
    if old:
        archive.write(kept)
    return len(old)
