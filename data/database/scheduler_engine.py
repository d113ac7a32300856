"""The database for who brings a table of its own: the job store of what runs by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from data.database import connections, errors

LODGERS = frozenset({"apscheduler_jobs"})
"""Tables that other programs make in the database; no migration of ours knows or touches them."""


class SchedulerEngine:
    """A way into the database for another library."""

    def __init__(self, url: str) -> None:
        self._url = connections.parse(url)
        self.engine: sa.Engine = connections.engine(self._url)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What fails within raises `StoreUnavailable`, in words."""
        with errors.translated(self._url):
            yield
