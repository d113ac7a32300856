"""From a URL to the three stores of a database that is of the newest revision."""

from __future__ import annotations

from core.stores import Stores
from data.database import connections, migrating
from data.database.accounts import AccountTables
from data.database.diaries import DiaryTables
from data.database.events import EventTables


def open(url: str) -> Stores:  # noqa: A001 - read as `database.open`
    """The stores of a database, migrated to the newest revision; several processes may open it at once.

    A missing SQLite file is made, with its folder, readable by this user only.

    Raises:
        InvalidSettings: the URL cannot be used.
        StoreUnavailable: the database cannot be reached, or a newer Marquee has migrated it.
    """
    migrating.migrate(url)
    database = connections.Database(connections.parse(url))
    return Stores(accounts=AccountTables(database), diaries=DiaryTables(database), events=EventTables(database))


def close(stores: Stores) -> None:
    """Close the connections of stores that `open` gave; for tests and commands, a server keeps them."""
    if isinstance(stores.accounts, AccountTables):
        stores.accounts.database.close()
