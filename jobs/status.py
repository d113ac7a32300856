"""What the command line shows of jobs: who runs them, how they went, when they run next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.config import Settings
from core.jobs.runs import Run
from data import database
from engine.operations import Operations


class JobStatus:
    """The runs and times of one database."""

    def __init__(self, settings: Settings) -> None:
        self._stores = database.open(settings.database)
        self._times: Mapping[str, datetime] = self._stores.jobs.upcoming()

    @property
    def scheduler(self) -> str:
        """Who runs jobs now; empty where nobody does."""
        return Operations(self._stores).scheduler()

    def last(self, job: str) -> Run | None:
        """The latest run of a job, under way or over."""
        return next(iter(self._stores.jobs.runs(job, limit=1)), None)

    def next(self, job: str) -> datetime | None:
        """When a job runs next; None where no scheduler has ever run."""
        return self._times.get(job)

    def runs(self, job: str | None, size: int) -> Sequence[Run]:
        """The latest runs first."""
        return self._stores.jobs.runs(job, limit=size)
