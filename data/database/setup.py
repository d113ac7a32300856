"""From a URL to the stores of a database that is of the newest revision."""

from __future__ import annotations

from dataclasses import dataclass

from data.database import connections, revisions
from data.database.stores.accounts import AccountStore
from data.database.stores.audit_log import AuditLogStore
from data.database.stores.diaries import DiaryStore
from data.database.stores.evaluations import EvaluationStore
from data.database.stores.events import EventStore
from data.database.stores.exposures import ExposureStore
from data.database.stores.implicit_feedback import ImplicitFeedbackStore
from data.database.stores.jobs import JobStore
from data.database.stores.leases import LeaseStore
from data.database.stores.trends import TrendStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one database, SQLite or PostgreSQL.

    Every method is one transaction: it happens whole or not at all, and is on disk when it returns. All are safe
    between threads and processes. Times are aware, in UTC. Each raises `StoreUnavailable` when the database cannot
    answer.
    """

    accounts: AccountStore
    diaries: DiaryStore
    events: EventStore
    jobs: JobStore
    leases: LeaseStore
    audit_log: AuditLogStore
    trends: TrendStore
    exposures: ExposureStore
    implicit_feedback: ImplicitFeedbackStore
    evaluations: EvaluationStore


def open(url: str) -> Stores:  # noqa: A001 - read as `database.open`
    """The stores of a database, migrated to the newest revision; several processes may open it at once.

    A missing SQLite file is made, with its folder, readable by this user only.

    Raises:
        InvalidSettings: the URL cannot be used.
        StoreUnavailable: the database cannot be reached, or a newer Marquee has migrated it.
    """
    revisions.migrate(url)
    database = connections.Database(connections.parse(url))
    return Stores(
        accounts=AccountStore(database),
        diaries=DiaryStore(database),
        events=EventStore(database),
        jobs=JobStore(database),
        leases=LeaseStore(database),
        audit_log=AuditLogStore(database),
        trends=TrendStore(database),
        exposures=ExposureStore(database),
        implicit_feedback=ImplicitFeedbackStore(database),
        evaluations=EvaluationStore(database),
    )


def close(stores: Stores) -> None:
    """Close the connections of stores that `open` gave; for tests and commands, a server keeps them."""
    stores.accounts.database.close()
