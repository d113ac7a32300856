"""From a URL to the stores of a database that is of the newest revision."""

from __future__ import annotations

from core.stores import Stores
from data.database import connections, migrating
from data.database.accounts import AccountTables
from data.database.acts import ActTables
from data.database.diaries import DiaryTables
from data.database.evaluations import EvaluationTables
from data.database.events import EventTables
from data.database.exposures import ExposureTables
from data.database.hints import HintTables
from data.database.jobs import JobTables
from data.database.leases import LeaseTables
from data.database.trends import TrendTables


def open(url: str) -> Stores:  # noqa: A001 - read as `database.open`
    """The stores of a database, migrated to the newest revision; several processes may open it at once.

    A missing SQLite file is made, with its folder, readable by this user only.

    Raises:
        InvalidSettings: the URL cannot be used.
        StoreUnavailable: the database cannot be reached, or a newer Marquee has migrated it.
    """
    migrating.migrate(url)
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
