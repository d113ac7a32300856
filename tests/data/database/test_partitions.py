"""Events in PostgreSQL have a partition for each day: created ahead, dropped when old, and no event is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from core.errors import StoreUnavailable
from core.types import MovieId
from core.users import Event, EventKind, UserId
from data import database
from data.database import Stores, schema
from data.database.backup import load
from data.database.events import partitions
from tests import databases
from tests.data.database import servers
from tests.data.database.servers import raw, sign_up

pytestmark = pytest.mark.postgresql
DAY = timedelta(days=1)
TODAY = datetime.combine(datetime.now(UTC).date(), time(), UTC)
"""Migrations take the clock of the database's server."""
NOON = TODAY + DAY / 2
MOVIE = MovieId(949)


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """A migrated database."""
    with databases.postgresql(postgres_url) as made:
        yield made


@pytest.fixture
def stores(url: str) -> Iterator[Stores]:
    """Its stores."""
    opened = database.open(url)
    yield opened
    database.close(opened)


def clicks(*times: datetime, user: UserId | None = None) -> list[Event]:
    return [Event(EventKind.CLICK, at, user, MOVIE) for at in times]


def places(url: str) -> dict[str, int]:
    """Return the number of events by partition."""
    with raw(url) as connection:
        found = connection.exec_driver_sql("SELECT tableoid::regclass::text, count(*) FROM events GROUP BY 1")
        return {str(name): int(count) for name, count in found}


def of_day(day: datetime) -> str:
    return f"events_{day:%Y%m%d}"


def test_days_ahead_have_their_partition_and_earlier_and_later_events_one_each(url: str, stores: Stores) -> None:
    times = [NOON - 900 * DAY, NOON, NOON + DAY, NOON + 2 * DAY, NOON + 13 * DAY, NOON + 14 * DAY, NOON + 900 * DAY]
    stores.events.add(clicks(*times))
    expected = {"events_initial": 3, of_day(NOON + 2 * DAY): 1, of_day(NOON + 13 * DAY): 1, "events_default": 2}
    assert places(url) == expected
    assert stores.events.count() == len(times)


def test_a_day_begins_and_ends_at_midnight_in_utc(url: str, stores: Stores) -> None:
    start = TODAY + 3 * DAY
    stores.events.add(clicks(start, start + DAY - timedelta(microseconds=1)))
    assert places(url) == {of_day(start): 2}
    stores.events.add(clicks(start - timedelta(microseconds=1)))
    assert places(url)[of_day(start - DAY)] == 1


def test_preparing_creates_missing_partitions_and_moves_events_that_came_early(url: str, stores: Stores) -> None:
    later = NOON + 20 * DAY
    stores.events.add(clicks(later, NOON + 99 * DAY))
    assert stores.events.prepare(later) == partitions.AHEAD
    assert stores.events.prepare(later) == 0
    assert places(url) == {of_day(later): 1, "events_default": 1}
    assert stores.events.prepare(later + DAY) == 1


def test_purging_drops_the_partitions_of_whole_days_and_deletes_the_rest(url: str, stores: Stores) -> None:
    stores.events.prepare(NOON + 4 * DAY)
    stores.events.add(clicks(*(TODAY + hours * timedelta(hours=1) for hours in range(24 * 6))))
    before = NOON + 4 * DAY
    assert stores.events.purge(before=before) == 24 * 4 + 12
    assert stores.events.purge(before=before) == 0
    assert places(url) == {of_day(before): 12, of_day(before + DAY): 24}
    with raw(url) as connection:
        left = partitions.names(connection)
    assert not {"events_initial", of_day(TODAY + 2 * DAY), of_day(TODAY + 3 * DAY)} & left
    stores.events.add(clicks(NOON))
    assert places(url)["events_default"] == 1
    assert stores.events.purge(before=before) == 1


def test_events_of_a_deleted_account_vanish_from_all_partitions(url: str, stores: Stores) -> None:
    ann, bob = sign_up(stores).id, sign_up(stores, "Bob").id
    for user in (ann, bob):
        stores.events.add(clicks(NOON, NOON + 3 * DAY, NOON + 99 * DAY, user=user))
    stores.accounts.delete(ann)
    assert stores.events.forget(bob) == 3
    assert places(url) == {}


def test_accounts_are_deleted_and_events_written_while_partitions_come_and_go(stores: Stores) -> None:
    """All take locks on accounts and events; in another order than that of maintenance, some would fail."""
    users = [sign_up(stores, f"User {number}").id for number in range(60)]
    over = threading.Event()

    def maintain() -> None:
        day = NOON
        while not over.is_set():
            day += DAY
            stores.events.prepare(day)
            stores.events.purge(before=day - 3 * DAY)

    def live(user: UserId) -> None:
        for hours in range(4):
            stores.events.add(clicks(NOON + hours * timedelta(hours=30), user=user))
            stores.diaries.rate(user, {MOVIE: 4.0 + hours % 2 / 2}, at=NOON)
        stores.accounts.delete(user)

    with ThreadPoolExecutor(7) as pool:
        maintaining = pool.submit(maintain)
        living = [pool.submit(live, user) for user in users]
        for one in living:
            one.result()
        over.set()
        maintaining.result()
    with raw(str(stores.accounts.database.url.render_as_string(hide_password=False))) as connection:
        assert connection.exec_driver_sql("SELECT count(user_id) FROM events").scalar_one() == 0


def test_maintenance_that_has_to_wait_gives_way(url: str, stores: Stores) -> None:
    with raw(url) as connection, connection.begin():
        connection.execute(sa.select(sa.func.count()).select_from(schema.events))
        with pytest.raises(StoreUnavailable, match="locked"):
            stores.events.purge(before=NOON + 9 * DAY)
        stores.events.add(clicks(NOON))
    assert stores.events.purge(before=NOON + 9 * DAY) == 1


OLD = "0023"
INSERT = sa.text(
    "INSERT INTO events (kind, at, user_id, movie, list, model, query) VALUES ('click', :at, 1, 7, '', '', '')"
)
"""As a server of the version before writes."""


@pytest.fixture
def old(postgres_url: str) -> Iterator[str]:
    """A database of the revision before, with a user and events."""
    with servers.postgresql(postgres_url) as made:
        database.migrate(made, OLD)
        with raw(made) as connection, connection.begin():
            connection.execute(
                sa.text(
                    "INSERT INTO users (name, folded_name, password_hash, administrator, preferences, revision,"
                    " created_at) VALUES ('Ann', 'ann', '-', false, '{}', 0, now())"
                )
            )
            for days in (-400, -1, 0, 1, 2, 5, 700):
                connection.execute(INSERT, {"at": NOON + days * DAY})
        yield made


def test_the_migration_keeps_all_events_and_their_numbers(old: str) -> None:
    wanted = sa.text("SELECT * FROM events ORDER BY id")
    with raw(old) as connection:
        before = connection.execute(wanted).all()
    database.migrate(old)
    with raw(old) as connection, connection.begin():
        assert connection.execute(wanted).all() == before
        connection.execute(INSERT, {"at": NOON})
        assert connection.exec_driver_sql("SELECT max(id) FROM events").scalar_one() == len(before) + 1
    counted = {"events_initial": 5, of_day(NOON + 2 * DAY): 1, of_day(NOON + 5 * DAY): 1, "events_default": 1}
    assert places(old) == counted
    assert load.count(old)["events"] == 8
    database.migrate(old, OLD)
    with raw(old) as connection, connection.begin():
        assert connection.execute(wanted).all()[:-1] == before
        connection.execute(INSERT, {"at": NOON})
        assert connection.exec_driver_sql("SELECT max(id) FROM events").scalar_one() == len(before) + 2


def test_a_server_of_the_version_before_writes_while_its_database_is_migrated(old: str) -> None:
    over, migrated = threading.Event(), threading.Event()

    def write() -> tuple[int, int]:
        """Write with one connection and prepared statements; return the numbers of events before and afterwards."""
        counts = [0, 0]
        with raw(old) as connection:
            while not over.is_set():
                with connection.begin():
                    connection.execute(INSERT, {"at": NOON + counts[1] % 9 * DAY})
                    connection.execute(sa.text("SELECT * FROM events WHERE user_id = 1 LIMIT 3")).all()
                counts[migrated.is_set()] += 1
                if min(counts) > 50:
                    over.set()
        return counts[0], counts[1]

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while sum(places(old).values()) < 7 + 60:
            assert not writing.done() or writing.result()
        database.migrate(old)
        migrated.set()
        before, after = writing.result()
    assert sum(places(old).values()) == 7 + before + after


def test_roles_keep_their_privileges_and_may_maintain_partitions(old: str, postgres_url: str) -> None:
    role = "marquee_events_web"
    servers.run_on_server(postgres_url, f"CREATE ROLE {role} LOGIN PASSWORD 'for-tests-only'")
    named = sa.make_url(old)
    web = named.set(username=role, password="for-tests-only").render_as_string(hide_password=False)
    try:
        with raw(old) as connection, connection.begin():
            connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON events, users TO {role}")
            connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE events_id_seq TO {role}")
        database.migrate(old)
        with raw(web) as connection, connection.begin():
            connection.execute(INSERT, {"at": NOON})
            assert partitions.prepare(connection, NOON + 3 * DAY) == 3
            assert partitions.drop(connection, NOON + 9 * DAY) == 7
        with raw(web) as connection, pytest.raises(sa.exc.ProgrammingError, match="must be owner"):
            connection.exec_driver_sql("DROP TABLE events_default")
    finally:
        with raw(old) as connection, connection.begin():
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
        servers.run_on_server(postgres_url, f"DROP ROLE {role}")


def test_other_roles_may_not_maintain_partitions(url: str, postgres_url: str) -> None:
    role = "marquee_events_other"
    servers.run_on_server(postgres_url, f"CREATE ROLE {role} LOGIN PASSWORD 'for-tests-only'")
    try:
        named = sa.make_url(url).set(username=role, password="for-tests-only")
        with raw(named.render_as_string(hide_password=False)) as connection, pytest.raises(sa.exc.ProgrammingError):
            partitions.drop(connection, NOON + 9 * DAY)
    finally:
        servers.run_on_server(postgres_url, f"DROP ROLE {role}")
