"""From a URL to the stores of a database that is of the newest revision."""

from __future__ import annotations

from core.stores import Stores
from data.database import connections, revisions
from data.database.stores.accounts import AccountTables
from data.database.stores.audit_log import ActTables
from data.database.stores.diaries import DiaryTables
from data.database.stores.evaluations import EvaluationTables
from data.database.stores.events import EventTables
from data.database.stores.exposures import ExposureTables
from data.database.stores.implicit_feedback import HintTables
from data.database.stores.jobs import JobTables
from data.database.stores.leases import LeaseTables
from data.database.stores.trends import TrendTables


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
        accounts=AccountTables(database),
        diaries=DiaryTables(database),
        events=EventTables(database),
        jobs=JobTables(database),
        leases=LeaseTables(database),
        acts=ActTables(database),
        trends=TrendTables(database),
        exposures=ExposureTables(database),
        hints=HintTables(database),
        evaluations=EvaluationTables(database),
    )


def close(stores: Stores) -> None:
    """Close the connections of stores that `open` gave; for tests and commands, a server keeps them."""
    if isinstance(stores.accounts, AccountTables):
        stores.accounts.database.close()
