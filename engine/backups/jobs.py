"""The jobs `backup` and `restore-drill`: a backup is one only if it can be restored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.config import variable
from core.errors import BackupUnusable
from core.jobs.runs import Result, Work
from engine.backups import creation
from engine.backups import drill as drills
from engine.backups.archive import Archive
from engine.job_context import JobContext

MB = 10**6
OLDEST = timedelta(days=2)
"""Age from which the newest backup counts as missing: two nights without one."""


def back_up(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Make a backup, if there is a place for backups."""
    del parameters
    if not context.settings.backup_url.get_secret_value():
        return _unset(work)
    archive = Archive(context.settings)
    made = creation.create(context.settings, archive, context.registry, work, at=context.clock())
    figures = {
        "backup": made.name,
        "rows": made.manifest.rows,
        "bytes": made.manifest.size,
        "encrypted": made.manifest.encrypted,
        "deleted": len(made.deleted),
    }
    work.say(f"backed up {made.manifest.rows:,} rows to {made.place}/{made.name} ({made.manifest.size / MB:.1f} MB)")
    return Result(figures)


def drill(context: JobContext, work: Work, *, parameters: Mapping[str, Any]) -> Result:
    """Restore the newest backup into a temporary folder, and compare every table's number of rows.

    Raises:
        BackupUnusable: there is none, it cannot be restored, or it is older than two days.
    """
    del parameters
    if not context.settings.backup_url.get_secret_value():
        return _unset(work)
    archive = Archive(context.settings)
    report = drills.run(context.settings, archive.open(archive.latest()), work)
    age = context.clock() - report.manifest.made_at
    if age > OLDEST:
        raise BackupUnusable(
            f"the newest backup, {report.name}, is {age.days} days old; see `marquee jobs history backup`"
        )
    work.say(f"restored {report.manifest.rows:,} rows of {report.name} for a test; all are there")
    return Result({"backup": report.name, "rows": report.manifest.rows, "tables": len(report.tables)})


def _unset(work: Work) -> Result:
    work.say(f"no backup: {variable('backup_url')} is not set")
    return Result({})
