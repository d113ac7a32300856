"""PostgreSQL behind PgBouncer in transaction mode; the tests of this folder run on it as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import config
from core.config import Settings
from core.errors import InvalidSettings, NameTaken, StoreUnavailable
from core.types import MovieId
from core.users import User
from data import database
from data.database import Stores, connections, revisions
from data.database.connections import Database, Limits, parse
from tests import databases, poolers
from tests.data.database import servers
from tests.data.database.servers import MINUTE, NOW, raw, sign_up

THREADS = 12
"""Far more than the two connections of the pooler."""
pytestmark = [pytest.mark.postgresql, pytest.mark.pgbouncer]


@pytest.fixture
def direct(postgres_url: str) -> Iterator[str]:
    """A new database, without the pooler."""
    with databases.postgresql(postgres_url) as url:
        yield url


@pytest.fixture
def pooled(direct: str, pgbouncer_port: int) -> str:
    """The same database through the pooler."""
    return poolers.pooled(direct, pgbouncer_port)


@pytest.fixture
def opened(pooled: str) -> Iterator[Stores]:
    stores = database.open(pooled)
    yield stores
    database.close(stores)


def at_once(acts: list[threading.Thread]) -> None:
    for thread in acts:
        thread.start()
    for thread in acts:
        thread.join()


def test_a_statement_that_takes_too_long_is_ended(pooled: str) -> None:
    short = Database(parse(pooled), Limits(statement=0.2))
    with pytest.raises(StoreUnavailable, match="took too long"), short.reading() as connection:
        connection.execute(sa.text("SELECT pg_sleep(30)"))
    short.close()


def test_limits_belong_to_a_transaction_and_not_to_the_shared_connection(pooled: str) -> None:
    short, long = Database(parse(pooled), Limits(statement=0.2, lock=0.1)), Database(parse(pooled))
    for _ in range(10):
        for limited, shown in ((short, ("200ms", "100ms")), (long, ("1min", "10s"))):
            for opened in (limited.reading, limited.writing):
                with opened() as connection:
                    found = connection.execute(
                        sa.text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
                    ).one()
                    assert tuple(found) == shown
    plain = sa.create_engine(parse(pooled).set(query={}), connect_args={"prepare_threshold": None})
    with plain.connect() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"
    plain.dispose()
    for made in (short, long):
        made.close()


def test_nothing_can_be_written_while_reading(pooled: str) -> None:
    made = Database(parse(pooled))
    with pytest.raises(StoreUnavailable, match="read-only"), made.reading() as connection:
        connection.execute(sa.text("DELETE FROM users"))
    made.close()


def test_a_transaction_that_fails_is_rolled_back(opened: Stores, pooled: str) -> None:
    made = Database(parse(pooled))
    ann = sign_up(opened)

    def fail() -> None:
        with made.writing() as connection:
            connection.execute(sa.text("DELETE FROM users"))
            connection.execute(sa.text("SELECT 1 FROM nothing"))

    with pytest.raises(StoreUnavailable):
        fail()
    assert opened.accounts.user(ann.id) == ann
    made.close()


def test_statements_that_are_repeated_often_by_many_threads_are_not_prepared(opened: Stores) -> None:
    ann, failures = sign_up(opened), []

    def rate(movie: int) -> None:
        try:
            for stars in (1.0, 2.0, 3.0) * 4:  # writes only: a rollback would make the driver forget what it prepared
                opened.diaries.rate(ann.id, {MovieId(movie): stars}, at=NOW)
        except StoreUnavailable as error:
            failures.append(error)

    at_once([threading.Thread(target=rate, args=[movie]) for movie in range(1, THREADS + 1)])
    assert failures == []
    assert [rating.stars for rating in opened.diaries.read(ann.id).ratings.values()] == [3.0] * THREADS


def test_of_many_sign_ups_of_a_name_one_succeeds(opened: Stores) -> None:
    made: list[User] = []
    taken: list[NameTaken] = []

    def create() -> None:
        try:
            made.append(sign_up(opened, "Ada"))
        except NameTaken as error:
            taken.append(error)

    at_once([threading.Thread(target=create) for _ in range(THREADS)])
    assert (len(made), len(taken)) == (1, THREADS - 1)


def test_of_many_holders_one_gets_a_lease_whatever_connection_each_has(opened: Stores) -> None:
    held: list[str] = []

    def acquire(holder: str) -> None:
        if opened.leases.acquire("scheduler", holder=holder, at=NOW, until=NOW + MINUTE):
            held.append(holder)

    at_once([threading.Thread(target=acquire, args=[f"host:{number}:a"]) for number in range(THREADS)])
    assert len(held) == 1


def test_migrations_use_the_direct_url(postgres_url: str, tmp_path: Path) -> None:
    nowhere = "postgresql://tests@127.0.0.1:1/nothing?pgbouncer=true"
    with servers.postgresql(postgres_url) as empty:
        settings = Settings(home=tmp_path, database_url=nowhere, database_direct_url=empty)
        stores = database.open_for(settings)
        assert database.current(empty) == revisions.revisions()[-1]
        with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1/nothing"):
            sign_up(stores)
        database.close(stores)


def test_a_database_can_be_migrated_through_the_pooler_too(postgres_url: str, pgbouncer_port: int) -> None:
    with servers.postgresql(postgres_url) as empty:
        database.migrate(poolers.pooled(empty, pgbouncer_port))
        assert database.current(empty) == revisions.revisions()[-1]


def test_a_pooler_that_is_not_named_as_one_is_recognized(pooled: str) -> None:
    url = sa.make_url(pooled).set(query={}).render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable, match=r"is behind PgBouncer: add `\?pgbouncer=true` to its URL"):
        database.open(url)


def test_options_of_a_session_are_refused(pooled: str) -> None:
    with pytest.raises(InvalidSettings, match="has `options`, which PgBouncer does not pass on"):
        connections.parse(f"{pooled}&options=-c%20lock_timeout%3D300ms")


def test_a_broken_connection_of_the_pooler_is_replaced(opened: Stores, direct: str) -> None:
    ann = sign_up(opened)
    with raw(direct) as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    for _ in range(poolers.CONNECTIONS + 1):
        with suppress(StoreUnavailable):  # unless the pooler has noticed before
            opened.accounts.user(ann.id)
    assert opened.accounts.user(ann.id) == ann


@pytest.mark.parametrize("url", ["sqlite:///people.sqlite", "mysql://host/name"])
def test_a_direct_url_of_another_kind_is_refused(url: str) -> None:
    environment = {"MARQUEE_DATABASE_URL": "postgresql://host/name", "MARQUEE_DATABASE_DIRECT_URL": url}
    with pytest.raises(InvalidSettings, match="MARQUEE_DATABASE_DIRECT_URL: expected postgresql://"):
        config.load(environment)
    with pytest.raises(InvalidSettings, match="MARQUEE_DATABASE_DIRECT_URL: expected postgresql://"):
        config.load({"MARQUEE_DATABASE_DIRECT_URL": "postgresql://host/name"})
