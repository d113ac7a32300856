"""Reading from a real streaming replica of PostgreSQL."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import config
from core.config import Settings
from core.errors import InvalidSettings, StoreUnavailable
from core.trends import Origin, Trend, TrendList, Window
from core.types import MovieId
from data import database
from data.database import Stores
from engine.diagnosis import databases
from tests.data.database import servers
from tests.data.database.servers import MINUTE, NOW, ROOT, raw, sign_up
from tests.marquee.test_serving import until

HEAT, FARGO = MovieId(949), MovieId(275)
SCRIPT = ROOT / "deploy" / "postgres-for-tests.sh"
pytestmark = pytest.mark.postgresql


@dataclass
class Pair:
    """A server, its replica, and the stores of a web server that reads from both."""

    stores: Stores
    folder: Path
    primary: str
    replica: str

    def pause(self) -> None:
        """Stop the replica from applying changes."""
        with raw(self.replica) as connection:
            connection.exec_driver_sql("SELECT pg_wal_replay_pause()")


@pytest.fixture(scope="module")
def two_servers() -> Iterator[tuple[str, str, Path]]:
    with servers.own_server() as (url, folder):
        copy = folder.with_name(f"{folder.name}-replica")
        database.migrate(url)
        try:
            with (folder.parent / f"{copy.name}.log").open("w") as log:
                subprocess.run([SCRIPT, "replica", copy, folder], stdout=log, stderr=log, check=True)
            yield url, (copy / "url").read_text(encoding="utf-8").strip(), copy
        finally:
            subprocess.run([SCRIPT, "stop", copy], capture_output=True, check=False)
            (folder.parent / f"{copy.name}.log").unlink()


@pytest.fixture
def pair(two_servers: tuple[str, str, Path]) -> Iterator[Pair]:
    primary, replica, folder = two_servers
    settings = Settings(database_url=primary, database_replica_url=replica)
    stores = database.open_serving(settings, share=4)
    stores.trends.publish([trending(HEAT)])
    until(lambda: shown(stores) == [HEAT])
    yield Pair(stores, folder, primary, replica)
    database.close(stores)
    with raw(primary) as connection, connection.begin():
        connection.execute(sa.text("DELETE FROM users"))


def trending(movie: MovieId) -> TrendList:
    return TrendList(Window.DAY, Origin.EVENTS, NOW, (Trend(movie, 2.5, 4, 3.0, 0.5),))


def shown(stores: Stores) -> list[MovieId]:
    found = stores.trends.read(Window.DAY)
    return [trend.movie for trend in found.trends] if found else []


def test_what_belongs_to_no_user_is_read_from_the_replica_and_everything_else_is_not(pair: Pair) -> None:
    pair.pause()
    pair.stores.trends.publish([trending(FARGO)])
    ann = sign_up(pair.stores)
    pair.stores.diaries.rate(ann.id, {FARGO: 4.5}, at=NOW)
    pair.stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + MINUTE, label="")
    assert pair.stores.accounts.session("s", at=NOW), "users read their own writes"
    assert pair.stores.diaries.read(ann.id).ratings[FARGO].stars == 4.5
    assert shown(pair.stores) == [HEAT], "as the replica has it"
    with raw(pair.replica) as connection:
        connection.exec_driver_sql("SELECT pg_wal_replay_resume()")
    until(lambda: shown(pair.stores) == [FARGO])


def test_without_the_replica_everything_is_read_from_the_database(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    subprocess.run([SCRIPT, "kill", pair.folder], check=True)
    pair.stores.trends.publish([trending(FARGO)])
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert shown(pair.stores) == [FARGO]
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        assert "the replica cannot be used" in caplog.text
        subprocess.run([SCRIPT, "again", pair.folder], check=True)
        until(lambda: shown(pair.stores) == [FARGO] and len(caplog.records) == 2)
    assert "the replica responds again" in caplog.text


def test_the_doctor_tells_a_replica_from_another_server(pair: Pair) -> None:
    def found(url: str) -> tuple[str, str]:
        (finding,) = databases.replica(Settings(database_url=pair.primary, database_replica_url=url))
        return finding.status, finding.finding

    assert found(pair.replica)[0] == "ok"
    status, said = found(pair.primary)
    assert status == "error"
    assert "is no replica" in said
    assert "tests" not in said, "neither user nor password"


def test_a_replica_cannot_be_written(pair: Pair) -> None:
    stores = database.open(pair.replica)
    with pytest.raises(StoreUnavailable, match="read-only"):
        sign_up(stores)
    database.close(stores)


@pytest.mark.parametrize("own", [{}, {"MARQUEE_DATABASE_URL": "postgresql://host/name"}])
def test_only_a_postgresql_database_has_a_replica(own: dict[str, str]) -> None:
    other = "sqlite:///other.sqlite" if own else "postgresql://host/name"
    with pytest.raises(InvalidSettings, match="MARQUEE_DATABASE_REPLICA_URL: expected postgresql://"):
        config.load({**own, "MARQUEE_DATABASE_REPLICA_URL": other})
