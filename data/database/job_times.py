"""The store of the timetable: when each job runs next, in plain columns and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa

from core.jobs.runs import JobTime
from data.database import upserts
from data.database.connections import Database
from data.database.schema import AnyRow, job_times
from data.database.values import plain

_ALL = tuple(job_times.c)
_SECOND = timedelta(seconds=1)


class JobTimeStore:
    """Stores the next time of each job, and of its retry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, *, until: datetime | None = None) -> Sequence[JobTime]:
        """Return all times, or those up to `until`, earliest first."""
        statement = sa.select(*_ALL).order_by(job_times.c.at, job_times.c.id)
        if until is not None:
            statement = statement.where(job_times.c.at <= until)
        with self._database.reading() as connection:
            return [_time(row) for row in connection.execute(statement)]

    def get(self, id_: str) -> JobTime | None:
        """Return the time with this id."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_ALL).where(job_times.c.id == id_)).one_or_none()
        return None if row is None else _time(row)

    def change(self, *, put: Sequence[JobTime] = (), remove: Sequence[str] = ()) -> None:
        """Insert or replace times, and remove those with the given ids, in one transaction."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(job_times).where(job_times.c.id.in_(remove)))
            for time in put:
                row = _row(time)
                new = upserts.insert(connection, job_times).values(row)
                connection.execute(new.on_conflict_do_update(index_elements=[job_times.c.id], set_=row))

    def move(self, time: JobTime, at: datetime | None) -> bool:
        """Set the next time, or remove it if there is none; return False if another process changed it meanwhile."""
        same = (job_times.c.id == time.id) & (job_times.c.at == time.at)
        statement = sa.delete(job_times) if at is None else sa.update(job_times).values(at=at)
        with self._database.writing() as connection:
            return connection.execute(statement.where(same)).rowcount > 0


def _row(time: JobTime) -> dict[str, object]:
    return {
        "id": time.id,
        "job": time.job,
        "at": time.at,
        "schedule": time.schedule,
        "grace": time.grace // _SECOND,
        "attempt": time.attempt,
        "parameters": plain(time.parameters),
    }


def _time(row: AnyRow) -> JobTime:
    values = dict(row._mapping)
    return JobTime(**{**values, "grace": row.grace * _SECOND, "parameters": MappingProxyType(row.parameters)})
