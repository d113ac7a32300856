"""Failures of the database: reported without the password, and recovered from as soon as possible."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import InvalidSettings, StoreUnavailable
from core.types import MovieId
from core.users import User, UserId
from data import database
from data.database import Stores, setup
from data.database.connections import BATCH, Database, Limits, parse
from tests.data.database import servers
from tests.data.database.servers import LIFE, NOW, ROOT, raw, sign_up

HEAT = MovieId(949)
SECRET = "gr3en-Eyed%40Monster"
SECRETS = (SECRET, "gr3en-Eyed", "Monster")


def _fails(act: Any, *arguments: Any) -> str:
    """Return the message of the failure; neither it nor what the log would show may contain a password."""
    with pytest.raises((StoreUnavailable, InvalidSettings)) as caught:
        act(*arguments)
    shown = "".join(traceback.format_exception(caught.value, chain=True))
    assert not [secret for secret in SECRETS if secret in shown]
    assert "sqlalchemy.exc" not in shown, "the driver's own error would be logged"
    return str(caught.value)


def _with(url: str, **query: str) -> str:
    return sa.make_url(url).update_query_dict(query).render_as_string(hide_password=False)


@pytest.fixture
def impatient(url: str, variant: str) -> Iterator[Stores]:
    """The same database with a lock time-out of 300 ms."""
    short = {"sqlite": {"timeout": "0.3"}, "postgresql": {"options": "-c lock_timeout=300ms"}, "pgbouncer": {}}
    limits = Limits(lock=0.3) if variant == "pgbouncer" else BATCH
    opened = setup._stores(Database(parse(_with(url, **short[variant])), limits))
    yield opened
    database.close(opened)


def test_a_lock_held_too_long_is_reported_and_reads_continue(impatient: Stores, ann: User, url: str, kind: str) -> None:
    lock = "BEGIN IMMEDIATE" if kind == "sqlite" else "SELECT 1 FROM users FOR UPDATE"
    with raw(url) as other:
        other.exec_driver_sql(lock)
        assert "locked by another" in _fails(impatient.accounts.set_administrator, ann.id, True)
        assert impatient.accounts.user(ann.id) == ann
        other.rollback() if kind == "postgresql" else other.exec_driver_sql("ROLLBACK")
    impatient.accounts.set_administrator(ann.id, True)


def test_a_thread_that_writes_too_long_does_not_block_others_forever(tmp_path: Path) -> None:
    stores = database.open(f"sqlite:///{tmp_path / 'people.sqlite'}?timeout=0.3")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with stores.accounts.database.writing():  # type: ignore[attr-defined]
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    assert "for too long" in _fails(sign_up, stores)
    done.set()
    thread.join()
    sign_up(stores)
    database.close(stores)


def test_a_read_only_database_can_be_read(stores: Stores, ann: User, url: str, kind: str, variant: str) -> None:
    if variant == "pgbouncer":
        pytest.skip("it passes on no options of a session")
    stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)
    stores.accounts.add_token(ann.id, name="t", secret_hash="t", scopes=frozenset(), at=NOW, expires_at=NOW + LIFE)
    if kind == "sqlite":
        readonly = f"sqlite:///file:{sa.make_url(url).database}?mode=ro&uri=true"
    else:
        readonly = _with(url, options="-c default_transaction_read_only=on")
    seen = database.open(readonly)
    assert seen.diaries.read(ann.id).ratings[HEAT].stars == 4.5
    assert seen.accounts.token("t", at=NOW) is not None, "recording the use fails, signing in does not"
    assert "is read-only" in _fails(sign_up, seen, "Bob")
    assert seen.diaries.revision(ann.id) == 1
    database.close(seen)


def test_a_full_disk_is_reported_and_existing_data_is_kept(tmp_path: Path) -> None:
    """SQLite may use only a few more pages than it has, so its disk appears full."""

    def shrink(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 40")

    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    database.migrate(url)
    sa.event.listen(sa.Engine, "connect", shrink)
    try:
        stores = database.open(url)
        ann = sign_up(stores)
        stores.diaries.review(ann.id, HEAT, "Good", at=NOW)
        assert "no disk space left" in _fails(lambda: stores.diaries.review(ann.id, HEAT, "x" * 500_000, at=NOW))
        diary = stores.diaries.read(ann.id)
        assert (diary.revision, diary.reviews[HEAT].text) == (1, "Good")
        stores.diaries.review(ann.id, HEAT, "Better", at=NOW)
        database.close(stores)
    finally:
        sa.event.remove(sa.Engine, "connect", shrink)


def test_a_file_that_cannot_grow_is_reported(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    database.migrate(url)
    program = """
import sys
from core.errors import StoreUnavailable
from tests.data.database.servers import LIFE, NOW, sign_up
from data import database
stores = database.open(sys.argv[1])
ann = sign_up(stores)
try:
    stores.diaries.review(ann.id, 949, "x" * 900_000, at=NOW)
except StoreUnavailable as error:
    print(error, stores.diaries.revision(ann.id))
"""
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))  # noqa: E731
    ended = subprocess.run(
        [sys.executable, "-c", program, url], cwd=ROOT, capture_output=True, text=True, check=True, preexec_fn=limit
    )
    assert "its disk" in ended.stdout
    assert ended.stdout.endswith(" 0\n")


def test_a_file_of_another_type_is_rejected_and_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8" * 5_000)
    assert "is not an SQLite file" in _fails(database.open, f"sqlite:///{file}")
    assert file.read_bytes() == b"\xff\xd8" * 5_000


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "MARQUEE_HOME" in _fails(database.open, f"sqlite:///{tmp_path}/file/people.sqlite")
    assert "cannot be opened" in _fails(database.open, f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://ann:{SECRET}@host/people",
        f"postgresql://ann:{SECRET}@host:port/people",
        f"postgresql://ann:{SECRET}@monster@host/people",
        f"postgresql+asyncpg://ann:{SECRET}@host/people",
        SECRET,
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/people.sqlite?timeout=soon",
        "",
    ],
)
def test_an_invalid_url_is_rejected_without_repeating_it(url: str) -> None:
    assert _fails(database.open, url).startswith("MARQUEE_DATABASE_URL: ")


def test_an_unreachable_server_is_reported() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        said = _fails(database.open, f"postgresql://ann:{SECRET}@127.0.0.1:{port}/people")
    assert said == f"the user database (127.0.0.1:{port}/people) is unreachable: check that it is running"
    assert "is unreachable" in _fails(database.open, f"postgresql://ann:{SECRET}@nowhere.invalid/people")


def test_a_server_that_does_not_respond_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ann:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/people?connect_timeout=2"
        assert "is unreachable" in _fails(database.open, url)


@pytest.mark.postgresql
def test_a_wrong_password_user_or_database_is_reported(postgres_url: str) -> None:
    right = sa.make_url(postgres_url)
    wrong = {
        "rejects the user or password": right.set(password=SECRET),
        "does not exist: create it": right.set(database="no_such_database"),
    }
    for words, url in wrong.items():
        assert words in _fails(database.open, url.render_as_string(hide_password=False))


REFUSALS = {
    "53100": "no disk space left",
    "53300": "has too many connections",
    "53200": "out of memory",
    "40P01": "changed concurrently",
    "57014": "took too long",
    "57P03": "shutting down or starting",
    "42501": "must own the tables",
    "XX001": "failed (SQLSTATE XX001)",
}


@pytest.mark.postgresql
@pytest.mark.parametrize(("state", "words"), REFUSALS.items())
def test_a_rejected_write_is_reported_and_rolled_back(postgres_url: str, state: str, words: str) -> None:
    """A trigger raises the server's own error in the middle of a write."""
    with servers.postgresql(postgres_url) as url:
        stores = database.open(url)
        ann = sign_up(stores)
        with raw(url) as connection, connection.begin():
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION 'no, {SECRETS[-1]}' USING ERRCODE = '{state}'; END $$"
            )
            connection.exec_driver_sql("CREATE TRIGGER refuse BEFORE INSERT ON changes EXECUTE FUNCTION refuse()")
        said = _fails(lambda: stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW))
        assert words in said
        assert stores.diaries.read(ann.id).ratings == {}
        database.close(stores)


@pytest.mark.postgresql
def test_connections_cut_while_idle_are_replaced_transparently(postgres_url: str) -> None:
    with servers.postgresql(postgres_url) as url:
        stores = database.open(url)
        ann = sign_up(stores)
        _cut_all(url)
        assert stores.accounts.user(ann.id) == ann
        assert stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW) == 1
        database.close(stores)


@pytest.mark.postgresql
def test_a_connection_cut_during_a_write_is_reported_and_the_next_write_works(postgres_url: str) -> None:
    with servers.postgresql(postgres_url) as url:
        stores = database.open(url)
        ann = sign_up(stores)
        said: list[str] = []
        with raw(url) as other:
            other.exec_driver_sql("SELECT 1 FROM users FOR UPDATE")
            write = lambda: stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)  # noqa: E731
            waiting = threading.Thread(target=lambda: said.append(_fails(write)))
            waiting.start()
            while not _cut_all(url, "AND wait_event_type = 'Lock'"):
                time.sleep(0.02)
            waiting.join()
        assert len(said) == 1
        assert stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW) == 1
        database.close(stores)


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_server_that_dies_is_reported_and_used_again_when_it_is_back() -> None:
    script = ROOT / "deploy" / "postgres-for-tests.sh"
    with servers.own_server() as (url, folder):
        stores = database.open(url)
        ann = sign_up(stores)
        acknowledged: list[int] = []
        said: list[str] = []
        thread = threading.Thread(target=_write_until_it_fails, args=(stores, ann.id, acknowledged, said))
        thread.start()
        while len(acknowledged) < 50:
            time.sleep(0.01)
        subprocess.run([script, "kill", folder], check=True)
        thread.join()
        assert len(said) == 1
        assert "is unreachable" in _fails(stores.diaries.read, ann.id)
        subprocess.run([script, "again", folder], check=True)
        diary = stores.diaries.read(ann.id)
        assert set(acknowledged) <= set(diary.ratings)
        assert diary.revision == len(diary.ratings)
        assert stores.diaries.rate(ann.id, {MovieId(500_000): 4.5}, at=NOW) == diary.revision + 1
        database.close(stores)


def _write_until_it_fails(stores: Stores, user: UserId, acknowledged: list[int], said: list[str]) -> None:
    def write() -> None:
        for movie in range(1, 1_000_000):
            stores.diaries.rate(user, {MovieId(movie): 4.5}, at=NOW)
            acknowledged.append(movie)

    said.append(_fails(write))


def _cut_all(url: str, condition: str = "") -> int:
    """Close all other connections to the database; return their number."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with raw(url) as connection:
        ended = connection.exec_driver_sql(f"SELECT count(pg_terminate_backend(pid)) {others} {condition}")
        return int(ended.scalar_one())
