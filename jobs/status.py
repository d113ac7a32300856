"""Job status for the command line: the active scheduler, the latest runs and the next times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.config import Settings
from core.jobs.runs import Run
from data import database
from engine.operations import Operations


class JobStatus:
    """The status of the jobs of one database."""

    def __init__(self, settings: Settings) -> None:
        self._stores = database.open_for(settings)
        self._times: Mapping[str, datetime] = self._stores.jobs.upcoming()

    @property
    def scheduler(self) -> str:
        """The active scheduler; empty if there is none."""
        return Operations(self._stores).scheduler()

    def last(self, job: str) -> Run | None:
        """Return the latest run of a job, active or ended."""
        return next(iter(self._stores.jobs.runs(job, limit=1)), None)

    def next(self, job: str) -> datetime | None:
        """Return when a job runs next; None if no scheduler has ever run."""
        return self._times.get(job)

    def runs(self, job: str | None, size: int) -> Sequence[Run]:
        """Return runs, latest first."""
        return self._stores.jobs.runs(job, limit=size)
