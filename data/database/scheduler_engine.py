"""Database access for the job store of APScheduler, which has its own table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from data.database import connections, errors

FOREIGN_TABLES = frozenset({"apscheduler_jobs"})
"""Tables of other libraries in the database; no migration touches them."""


class SchedulerEngine:
    """An engine for another library."""

    def __init__(self, url: str) -> None:
        self._url = connections.parse(url)
        self.engine: sa.Engine = connections.engine(self._url)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn database errors into `StoreUnavailable`."""
        with errors.translated(self._url):
            yield
