"""Checks of the user database: revision, place, integrity."""

from __future__ import annotations

from core.config import Settings, variable
from data.database.inspection import report
from data.database.inspection.report import DatabaseState
from engine.diagnosis.findings import Finding, error, ok, warning

DATABASE, INTEGRITY, REPLICA = "database", "database integrity", "database replica"
RESTORE = "stop Marquee and restore a backup (docs/database.md#backup-and-restore)"


def revision(settings: Settings) -> list[Finding]:
    """Check that the database responds, and its revision."""
    return judge(report.state(settings.database), migrates=settings.migrate)


def judge(state: DatabaseState, *, migrates: bool) -> list[Finding]:
    """Return the findings about a database that responds.

    Args:
        state: the database.
        migrates: whether servers migrate it.
    """
    found = [_revision(state, migrates=migrates)]
    if state.network:
        found.append(
            error(
                DATABASE,
                f"{state.location} is on a network file system ({state.network}), where SQLite can lose data",
                f"set {variable('database_url')} to a file on a local disk, or to PostgreSQL",
            )
        )
    return found


def _revision(state: DatabaseState, *, migrates: bool) -> Finding:
    newest = state.known[-1]
    place = f"{state.kind} at {state.location}"
    if state.revision == newest:
        return ok(DATABASE, f"{place} is at revision {newest}, that of this version")
    if state.revision not in state.known:
        return error(
            DATABASE,
            f"{place} is ahead: revision {state.revision}, but this version knows revisions up to {newest}",
            "update Marquee to the version that migrated it, or restore a backup",
        )
    by = "`marquee database migrate` migrates it" + ("; so do servers when they start" if migrates else "")
    if state.revision is None:
        return warning(DATABASE, f"{place} has no tables yet", by)
    behind = len(state.known) - 1 - state.known.index(state.revision)
    found = f"{place} is behind by {behind}: revision {state.revision}, expected {newest}"
    return warning(DATABASE, found, by) if migrates else error(DATABASE, found, by)


def replica(settings: Settings) -> list[Finding]:
    """Check that the replica responds and is one."""
    place = report.location(settings.database_replica)
    if report.is_standby(settings.database_replica):
        return [ok(REPLICA, f"{place} responds and applies the changes of another server")]
    advice = f"set {variable('database_replica_url')} to a streaming replica of the database, or unset it"
    return [error(REPLICA, f"{place} is no replica: what is read there may be outdated or of another site", advice)]


def integrity(settings: Settings, *, seconds: float) -> list[Finding]:
    """Check the file of SQLite for damage, for `seconds` at most."""
    return [judge_integrity(report.damage(settings.database, seconds=seconds))]


def judge_integrity(damage: str | None) -> Finding:
    """Return the finding about damage: an empty text if there is none, None if the check was not finished."""
    if damage is None:
        advice = "run `marquee doctor --timeout 600`, or `PRAGMA quick_check` in `sqlite3`"
        return warning(INTEGRITY, "the file is too large to be checked in time", advice)
    return error(INTEGRITY, f"the file is damaged: {damage}", RESTORE) if damage else ok(INTEGRITY, "no damage found")
