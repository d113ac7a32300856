"""The store of leases; every method is a single statement."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.jobs.runs import Lease
from data.database import upserts
from data.database.connections import Database
from data.database.schema import leases

_OF_NAME = sa.select(leases.c.name, leases.c.holder, leases.c.taken_at, leases.c.until)


class LeaseStore:
    """Stores leases, each held by one process of all machines. Their clocks must agree within seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, name: str, *, holder: str, at: datetime, until: datetime) -> bool:
        """Take a lease that is free, expired or already held; return whether it is held now."""
        with self._database.writing() as connection:
            new = upserts.insert(connection, leases).values(name=name, holder=holder, taken_at=at, until=until)
            own = leases.c.holder == new.excluded.holder
            taken = new.on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={
                    "holder": new.excluded.holder,
                    "taken_at": sa.case((own, leases.c.taken_at), else_=new.excluded.taken_at),
                    "until": new.excluded.until,
                },
                where=own | (leases.c.until <= at),
            )
            return connection.execute(taken.returning(leases.c.name)).one_or_none() is not None

    def renew(self, name: str, *, holder: str, until: datetime) -> bool:
        """Renew a lease; return False if another process holds it now."""
        own = sa.update(leases).where(leases.c.name == name, leases.c.holder == holder)
        with self._database.writing() as connection:
            return connection.execute(own.values(until=until)).rowcount > 0

    def release(self, name: str, *, holder: str) -> None:
        """Release a lease if it is still held."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.holder == holder))

    def get(self, name: str) -> Lease | None:
        """Return a lease, expired or not."""
        with self._database.reading() as connection:
            row = connection.execute(_OF_NAME.where(leases.c.name == name)).one_or_none()
        return None if row is None else Lease(*row)
