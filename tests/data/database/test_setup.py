"""Opening databases: file permissions, the cost of reads, and the contents of an installed package."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from setuptools import find_packages

from core.config import load
from core.types import MovieId
from core.users import MarkKind, User
from data import database
from data.database import Stores
from data.database.connections import POOL_OVERFLOW, POOL_SIZE
from tests.data.database.servers import NOW, ROOT, sign_up


def test_folder_and_file_are_created_for_this_user_only(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state" / "people.sqlite"
    stores = database.open(f"sqlite:///{file}")
    sign_up(stores)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    made = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert made == {"people.sqlite": 0o600, "people.sqlite-wal": 0o600, "people.sqlite-shm": 0o600}
    database.close(stores)


def test_an_existing_folder_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database.close(database.open(f"sqlite:///{tmp_path / 'people.sqlite'}"))
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_reading_the_revision_creates_no_file(tmp_path: Path) -> None:
    assert database.current(f"sqlite:///{tmp_path / 'people.sqlite'}") is None
    assert list(tmp_path.iterdir()) == []


def test_the_default_database_can_be_opened(tmp_path: Path) -> None:
    settings = load({"MARQUEE_HOME": str(tmp_path / "folder with blanks & 100 %")})
    stores = database.open(settings.database)
    sign_up(stores)
    database.close(stores)
    assert (settings.home / "people.sqlite").exists()


def test_data_survives_closing_and_reopening(empty: str) -> None:
    stores = database.open(empty)
    ann = sign_up(stores)
    stores.diaries.rate(ann.id, {MovieId(949): 4.5}, at=NOW)
    diary = stores.diaries.read(ann.id)
    database.close(stores)
    again = database.open(empty)
    assert again.diaries.read(ann.id) == diary
    assert again.accounts.user(ann.id) == ann
    database.close(again)


def test_sqlite_syncs_commits_to_disk_and_enforces_foreign_keys(tmp_path: Path) -> None:
    stores = database.open(f"sqlite:///{tmp_path / 'people.sqlite'}")
    with stores.accounts.database.reading() as connection:  # type: ignore[attr-defined]
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}
    database.close(stores)


def test_there_is_a_connection_for_every_thread_that_a_server_may_have() -> None:
    most = next(rule.le for rule in type(load({})).model_fields["threads"].metadata if hasattr(rule, "le"))
    assert most <= POOL_SIZE + POOL_OVERFLOW


@pytest.fixture
def busy(stores: Stores, ann: User) -> User:
    """A user with 50 ratings, some marks and a review, among others."""
    for name in ("Bob", "Cid", "Dan"):
        _fill(stores, sign_up(stores, name))
    _fill(stores, ann)
    return ann


def _fill(stores: Stores, user: User) -> None:
    stores.diaries.record(
        user.id,
        ratings={MovieId(movie): (3.5, NOW) for movie in range(1, 51)},
        marks={MarkKind.WATCHLIST: {MovieId(movie): NOW for movie in range(60, 80)}},
    )
    stores.diaries.review(user.id, MovieId(1), "Good", at=NOW)


def test_reading_a_diary_of_any_size_is_one_statement(stores: Stores, busy: User) -> None:
    with _counted() as statements:
        stores.diaries.read(busy.id)
        assert len(statements) == 1
        stores.diaries.revision(busy.id)
        assert len(statements) == 2


def test_a_session_is_found_with_its_user_in_one_statement(stores: Stores, ann: User) -> None:
    stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW.replace(year=2030), label="")
    with _counted() as statements:
        stores.accounts.session("s", at=NOW)
    assert len(statements) == 1


def test_the_number_of_statements_of_a_write_does_not_grow_with_its_movies(stores: Stores, ann: User) -> None:
    counts = []
    for movies, stars in ((1, 3.5), (400, 3.5), (1, 4.0), (400, 4.5), (400, None)):
        with _counted() as statements:
            stores.diaries.rate(ann.id, {MovieId(movie): stars for movie in range(1, movies + 1)}, at=NOW)
        counts.append(len([statement for statement in statements if not statement.startswith("BEGIN")]))
    assert counts == [5] * 5


def test_an_installed_package_contains_every_migration() -> None:
    packages = set(find_packages(str(ROOT), include=["data*"]))
    scripts = {path.parent.relative_to(ROOT) for path in (ROOT / "data" / "database").rglob("*.py")}
    assert {".".join(folder.parts) for folder in scripts} <= packages
    others = [path for path in (ROOT / "data" / "database").rglob("*") if path.suffix not in (".py", ".pyc", "")]
    assert others == [], "only Python files are installed without being named"


def test_sqlalchemy_is_not_imported_unless_the_database_is_used() -> None:
    program = (
        "import sys, data, core.recommendations.snapshots\n"
        "print([m for m in ('sqlalchemy', 'alembic') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_sqlite_is_used_without_importing_the_other_driver(tmp_path: Path) -> None:
    program = (
        "import sys; from data import database; database.close(database.open(sys.argv[1]));"
        "print([m for m in ('psycopg', 'pandas', 'torch') if m in sys.modules])"
    )
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    ended = subprocess.run([sys.executable, "-c", program, url], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.startswith("BEGIN"):  # as connections through PgBouncer do
            statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
