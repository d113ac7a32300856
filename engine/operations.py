"""Jobs and their runs, for administrators: requests are checked before they are queued, changes are audited."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.errors import NotFound, SchedulerAway
from core.jobs import job_catalogue
from core.jobs.job_catalogue import Job
from core.jobs.runs import AuditEntry, Outcome, Parameter, Run, check_parameters
from core.users import User, UserId
from data import database
from data.database import Stores
from engine.clock import Clock, now

LEASE = "scheduler"
"""The lease of the process that runs the jobs."""
NOBODY_RUNS = "No scheduler is running. Start `marquee jobs run`, then try again."


@dataclass(frozen=True)
class Operations:
    """Jobs and their runs, for administrators."""

    stores: Stores
    clock: Clock = now
    usual: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Default parameters of each job, from the settings of this site."""

    def enqueue(self, job: str, *, parameters: Mapping[str, Any], by: User) -> Run:
        """Queue a job; a scheduler starts it within seconds. Recorded in the audit log.

        Raises:
            NotFound: there is no such job.
            InvalidRequest: a parameter is unknown or out of range; the fields name it.
            Busy: the job is queued or running already.
            SchedulerAway: no scheduler would start it; nothing is queued.
        """
        check_parameters(self.parameters(job), parameters)
        if not self.scheduler():
            raise SchedulerAway(NOBODY_RUNS)
        run = self.stores.jobs.enqueue(job, parameters=parameters, by=by.id, at=self.clock())
        self._note("run", job, by, run=run.id, parameters=dict(run.parameters))
        return run

    def cancel(self, run: int, *, by: User) -> Run:
        """Request that a run stops; a run that has ended is unchanged and not audited. Raises `NotFound`."""
        if (found := self.get(run)).outcome.ended:
            return found
        cancelled = self.stores.jobs.cancel(run, at=self.clock())
        self._note("cancel", str(run), by, job=cancelled.job)
        return cancelled

    def get(self, run: int) -> Run:
        """Return a run. Raises `NotFound`."""
        return self.stores.jobs.get(run)

    def runs(self, job: str | None = None, *, limit: int = 50, before: int | None = None) -> Sequence[Run]:
        """Return runs, latest first."""
        return self.stores.jobs.runs(job, limit=limit, before=before)

    def live(self) -> Sequence[Run]:
        """Return the queued and running runs."""
        return self.stores.jobs.live()

    def latest(self) -> Mapping[str, tuple[Outcome, datetime]]:
        """Return outcome and end of the latest ended run of each job by name; jobs without one are left out."""
        return self.stores.jobs.latest()

    def pooled(self) -> Mapping[str, int]:
        """Return the number of database connections of this process that are `in_use` and `idle`."""
        return database.pooled(self.stores)

    def parameters(self, job: str) -> Mapping[str, Parameter]:
        """Return the parameters of a job by name, with this site's defaults. Raises `NotFound`."""
        usual, found = self.usual.get(job, {}), parameters(named(job))
        return {name: replace(one, default=usual.get(name, one.default)) for name, one in found.items()}

    def upcoming(self) -> Mapping[str, datetime]:
        """Return the next run time of each job by name; empty if no scheduler has ever run."""
        return self.stores.jobs.upcoming()

    def scheduler(self) -> str:
        """Return the process that runs jobs now (`host:pid`); empty if no scheduler is alive."""
        lease = self.stores.leases.get(LEASE)
        if lease is None or lease.until <= self.clock():
            return ""
        return ":".join(lease.holder.split(":")[:2])

    def audit_log(self, *, limit: int = 100, before: int | None = None) -> Sequence[AuditEntry]:
        """Return the entries of the audit log, latest first."""
        return self.stores.audit_log.latest(limit=limit, before=before)

    def names(self, users: Iterable[UserId]) -> Mapping[UserId, str]:
        """Return the names of accounts; deleted accounts are left out."""
        found = {user: self.stores.accounts.user(user) for user in set(users)}
        return {user: account.name for user, account in found.items() if account is not None}

    def preview(self, name: str, *, by: User) -> User:
        """Return the user whose recommendations an administrator looks at. Recorded in the audit log.

        Raises:
            NotFound: no account has this name.
        """
        found = self.stores.accounts.find(name)
        if found is None:
            raise NotFound(f"no account is called {name!r}")
        self._note("preview", found[0].name, by, what="recommendations")
        return found[0]

    def _note(self, action: str, subject: str, by: User, **details: object) -> None:
        self.stores.audit_log.add(by=by.id, action=action, subject=subject, details=details, at=self.clock())


def named(job: str) -> Job:
    """Return the job with this name. Raises `NotFound`."""
    found = job_catalogue.find(job)
    if found is None:
        raise NotFound(f"no job is called {job!r}; available jobs: {', '.join(job_catalogue.NAMES)}")
    return found


def parameters(job: Job) -> Mapping[str, Parameter]:
    """Return the parameters of a job by name. Imports their module, which sites do not need at start."""
    found: Mapping[str, Parameter] = pkgutil.resolve_name(job.parameters) if job.parameters else {}
    return found
