"""The store of job runs; a partial index allows only one active run per job."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.errors import Busy, NotFound
from core.jobs.runs import LONGEST_LOG, Outcome, Run
from core.users import UserId
from data.database.connections import Database
from data.database.schema import AnyRow, job_runs, job_times
from data.database.stores.accounts import expect
from data.database.values import plain

TRIES = 10
"""How often enqueueing or starting is retried if the conflicting run has ended in between."""

_ALL = tuple(job_runs.c)
# Must match the partial index literally, or SQLite would not use it.
_LIVE = sa.text("outcome IN ('queued', 'running')")
_QUEUED = sa.and_(_LIVE, job_runs.c.outcome == Outcome.QUEUED)
_RUNNING = sa.and_(_LIVE, job_runs.c.outcome == Outcome.RUNNING)


class JobStore:
    """Stores job runs. The database itself guarantees that at most one run of a job is queued or running."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, job: str, *, parameters: Mapping[str, Any], by: UserId | None, at: datetime) -> Run:
        """Queue a run for the scheduler.

        Raises:
            Busy: the job is already queued or running.
            NotFound: the account `by` does not exist.
        """
        row = {**_new(job, at=at, parameters=parameters or {}), "outcome": Outcome.QUEUED, "queued_by": by}

        def enqueue_run(connection: sa.Connection) -> Run:
            if by is not None:
                expect(connection, by)
            return _insert(connection, row)

        return self._exclusively(job, enqueue_run, conflicting=(Outcome.QUEUED, Outcome.RUNNING))

    def queued(self) -> Sequence[Run]:
        """Return queued runs, oldest first."""
        return self._read(sa.select(*_ALL).where(_QUEUED).order_by(job_runs.c.id))

    def start(
        self, job: str, *, holder: str, at: datetime, parameters: Mapping[str, Any] | None = None, attempt: int = 1
    ) -> Run:
        """Start a run: the queued run of this job with its parameters, if there is one, or else a new run.

        Raises:
            Busy: the job is already running.
        """
        begun = {"outcome": Outcome.RUNNING, "holder": holder, "started_at": at, "attempt": attempt}
        row = {**_new(job, at=at, parameters=parameters or {}), **begun}
        wished = sa.update(job_runs).where(_QUEUED, job_runs.c.job == job).values(begun).returning(*_ALL)

        def begin(connection: sa.Connection) -> Run:
            taken = connection.execute(wished).one_or_none()
            return _insert(connection, row) if taken is None else _run(taken)

        return self._exclusively(job, begin, conflicting=(Outcome.RUNNING,))

    def progress(
        self,
        run: int,
        *,
        share: float | None = None,
        doing: str | None = None,
        figures: Mapping[str, Any] | None = None,
        lines: str = "",
    ) -> bool:
        """Record progress; `figures` are merged, `lines` appended. Without any values it only reads.

        Returns:
            Whether to continue: False if the run was requested to stop, or is no longer running because it was
            considered dead.
        """
        if share is None and doing is None and not figures and not lines:
            with self._database.reading() as connection:
                locked = connection.execute(_values_of(run)).one_or_none()
            return locked is not None and not locked.cancel
        with self._database.writing() as connection:
            locked = _locked(connection, run)
            if locked is None:
                return False
            changed = {**_merged(locked, figures), **({} if share is None else {"progress": share})}
            changed |= {} if doing is None else {"doing": doing}
            changed |= {"log": (locked.log + lines)[-LONGEST_LOG:]} if lines else {}
            connection.execute(sa.update(job_runs).where(job_runs.c.id == run).values(changed))
            return not locked.cancel

    def finish(
        self, run: int, *, outcome: Outcome, at: datetime, figures: Mapping[str, Any] | None = None, error: str = ""
    ) -> bool:
        """End a running run; return False, without any change, if it has already ended."""
        if not outcome.ended:
            raise ValueError(f"outcome: expected a final outcome, got {outcome}")
        with self._database.writing() as connection:
            locked = _locked(connection, run)
            if locked is None:
                return False
            ended = {**_merged(locked, figures), "outcome": outcome, "ended_at": at, "error": error}
            connection.execute(sa.update(job_runs).where(job_runs.c.id == run).values(ended))
            return True

    def cancel(self, run: int, *, at: datetime) -> Run:
        """Request a run to stop. A queued run ends at once, an ended one is unchanged. Raises `NotFound`."""
        wished, running = (sa.update(job_runs).where(job_runs.c.id == run, stage) for stage in (_QUEUED, _RUNNING))
        with self._database.writing() as connection:
            # In this order: a queued run may be started in between, but a running one is never queued again.
            connection.execute(wished.values(outcome=Outcome.CANCELLED, ended_at=at, cancel=True))
            connection.execute(running.values(cancel=True))
            return _found(connection, run)

    def abandon(self, *, holder: str, at: datetime) -> Sequence[Run]:
        """End all runs of a dead process and return them."""
        died = sa.update(job_runs).where(_RUNNING, job_runs.c.holder == holder)
        with self._database.writing() as connection:
            rows = connection.execute(died.values(outcome=Outcome.ABANDONED, ended_at=at).returning(*_ALL))
            return sorted(map(_run, rows), key=lambda run: run.id)

    def get(self, run: int) -> Run:
        """Return a run. Raises `NotFound`."""
        with self._database.reading() as connection:
            return _found(connection, run)

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """Return runs, latest first; `before` is a run's id, for paging."""
        statement = sa.select(*_ALL).order_by(job_runs.c.id.desc()).limit(limit)
        if job is not None:
            statement = statement.where(job_runs.c.job == job)
        if before is not None:
            statement = statement.where(job_runs.c.id < before)
        return self._read(statement)

    def live(self) -> Sequence[Run]:
        """Return queued and running runs, oldest first."""
        return self._read(sa.select(*_ALL).where(_LIVE).order_by(job_runs.c.id))

    def last(self, job: str, *, outcome: Outcome | None = None) -> Run | None:
        """Return the latest ended run of a job (with this outcome)."""
        wanted = [outcome] if outcome else [each for each in Outcome if each.ended]
        found = sa.select(*_ALL).where(job_runs.c.job == job, job_runs.c.outcome.in_(wanted))
        return next(iter(self._read(found.order_by(job_runs.c.id.desc()).limit(1))), None)

    def latest(self) -> Mapping[str, tuple[Outcome, datetime]]:
        """Return outcome and end of the latest ended run of each job by name; jobs without one are left out."""
        ended = job_runs.c.outcome.in_([each for each in Outcome if each.ended])
        newest = sa.select(sa.func.max(job_runs.c.id)).where(ended).group_by(job_runs.c.job)
        found = sa.select(job_runs.c.job, job_runs.c.outcome, job_runs.c.ended_at).where(job_runs.c.id.in_(newest))
        with self._database.reading() as connection:
            return {row.job: (Outcome(row.outcome), row.ended_at) for row in connection.execute(found)}

    def queued_by(self, user: UserId) -> Sequence[Run]:
        """Return runs requested by a user, oldest first, for the export."""
        return self._read(sa.select(*_ALL).where(job_runs.c.queued_by == user).order_by(job_runs.c.id))

    def upcoming(self) -> Mapping[str, datetime]:
        """Return when each job runs next, including retries. Empty if no scheduler has ever run."""
        earliest = sa.select(job_times.c.job, sa.func.min(job_times.c.at)).group_by(job_times.c.job)
        with self._database.reading() as connection:
            return dict(map(tuple, connection.execute(earliest)))

    def purge(self, *, before: datetime) -> int:
        """Delete older ended runs; return their number."""
        with self._database.erasing() as connection:
            return connection.execute(sa.delete(job_runs).where(job_runs.c.ended_at < before)).rowcount

    def _read(self, statement: sa.Select[Any]) -> list[Run]:
        with self._database.reading() as connection:
            return [_run(row) for row in connection.execute(statement)]

    def _exclusively(self, job: str, execute: Callable[[sa.Connection], Run], *, conflicting: Sequence[Outcome]) -> Run:
        """Execute a statement that makes a run active; raise `Busy` with the other run if the index rejects it."""
        for _ in range(TRIES):
            try:
                with self._database.writing() as connection:
                    return execute(connection)
            except IntegrityError:
                first = next((run for run in self.live() if run.job == job), None)
            if first is not None and first.outcome in conflicting:
                raise _busy(first)
        raise Busy(f"{job} is repeatedly started by others; check its runs and try again")


def _busy(run: Run) -> Busy:
    state = "is already running" if run.outcome is Outcome.RUNNING else "is already queued"
    return Busy(f"{run.job} {state} (run {run.id}); wait for it or cancel it")


def _new(job: str, *, at: datetime, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "job": job,
        "queued_at": at,
        "holder": "",
        "parameters": plain(parameters),
        "attempt": 1,
        "doing": "",
        "figures": {},
        "error": "",
        "log": "",
        "cancel": False,
    }


def _insert(connection: sa.Connection, row: Mapping[str, Any]) -> Run:
    return _run(connection.execute(sa.insert(job_runs).values(row).returning(*_ALL)).one())


def _locked(connection: sa.Connection, run: int) -> AnyRow | None:
    """Return the current values of a running run, locked until the transaction ends."""
    return connection.execute(_values_of(run).with_for_update()).one_or_none()


def _values_of(run: int) -> sa.Select[Any]:
    return sa.select(job_runs.c.figures, job_runs.c.log, job_runs.c.cancel).where(job_runs.c.id == run, _RUNNING)


def _merged(locked: AnyRow, figures: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"figures": {**locked.figures, **plain(figures)}} if figures else {}


def _found(connection: sa.Connection, run: int) -> Run:
    row = connection.execute(sa.select(*_ALL).where(job_runs.c.id == run)).one_or_none()
    if row is None:
        raise NotFound(f"no run {run}")
    return _run(row)


def _run(row: AnyRow) -> Run:
    values = dict(row._mapping)
    values["outcome"] = Outcome(row.outcome)
    values["parameters"], values["figures"] = MappingProxyType(row.parameters), MappingProxyType(row.figures)
    return Run(**values)
