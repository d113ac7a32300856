"""Databases that are opened without migrating them, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from core.config import Settings
from core.errors import WrongRevision
from data import database
from data.database import revisions
from tests.data.database import servers
from tests.data.database.servers import sign_up

NEWEST = revisions.revisions()[-1]
BEHIND = revisions.revisions()[-2]


def test_a_database_at_the_newest_revision_is_opened(url: str) -> None:
    stores = database.open(url, migrate=False)
    assert sign_up(stores, "Opened").name == "Opened"
    database.close(stores)


def test_a_database_that_is_behind_is_refused_and_left_as_it_is(empty: str) -> None:
    database.migrate(empty, str(BEHIND))
    with pytest.raises(WrongRevision, match=rf"is at revision {BEHIND}.*requires {NEWEST}: run `marquee database mig"):
        database.open(empty, migrate=False)
    assert database.current(empty) == BEHIND


def test_a_database_without_tables_is_refused_and_left_as_it_is(empty: str) -> None:
    with pytest.raises(WrongRevision, match="has no tables yet, but this Marquee requires"):
        database.open(empty, migrate=False)
    assert database.current(empty) is None


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(WrongRevision):
        database.open(f"sqlite:///{tmp_path / 'state' / 'people.sqlite'}", migrate=False)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_marquee_is_refused(empty: str) -> None:
    database.migrate(empty)
    with servers.raw(empty) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999', usable_since = '9999'")
    with pytest.raises(WrongRevision, match="of a newer Marquee"):
        database.open(empty, migrate=False)


def _migrated_by_a_newer_marquee(url: str, usable_since: str | None) -> None:
    database.migrate(url)
    with servers.raw(url) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.execute(sa.text("UPDATE alembic_version SET usable_since = :since"), {"since": usable_since})


@pytest.mark.parametrize("migrate", [True, False])
def test_a_database_that_a_newer_marquee_has_expanded_is_used_and_left_as_it_is(empty: str, migrate: bool) -> None:
    _migrated_by_a_newer_marquee(empty, NEWEST)
    stores = database.open(empty, migrate=migrate)
    assert sign_up(stores, "Older").name == "Older"
    database.close(stores)
    assert database.current(empty) == "9999"


@pytest.mark.parametrize("since", ["9998", None])
@pytest.mark.parametrize("migrate", [True, False])
def test_a_database_that_a_newer_marquee_has_contracted_is_refused(
    empty: str, since: str | None, migrate: bool
) -> None:
    _migrated_by_a_newer_marquee(empty, since)
    with pytest.raises(WrongRevision, match="of a newer Marquee"):
        database.open(empty, migrate=migrate)


def test_an_expanded_database_is_not_downgraded_by_a_marquee_that_does_not_know_its_revision(empty: str) -> None:
    _migrated_by_a_newer_marquee(empty, NEWEST)
    with pytest.raises(WrongRevision, match="of a newer Marquee"):
        database.migrate(empty, str(BEHIND))


def test_a_server_uses_the_database_once_somebody_else_has_migrated_it(empty: str) -> None:
    database.migrate(empty, str(BEHIND))
    stores = database.open_serving(Settings(database_url=empty, migrate=False), share=2)
    with pytest.raises(WrongRevision, match="run `marquee database migrate`"):
        stores.accounts.check()
    assert database.current(empty) == BEHIND
    database.migrate(empty)
    stores.accounts.check()
    database.close(stores)
