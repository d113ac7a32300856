"""A role that reads and writes rows serves the whole site, and cannot change the tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from core.errors import InvalidRequest, NotFound, StoreUnavailable
from core.types import MovieId
from core.users import Event, EventKind
from data import database
from tests import databases
from tests.data.database import servers
from tests.data.database.servers import NOW
from tests.webapp import signed_in

postgresql = pytest.mark.postgresql
FORBIDDEN = (
    "CREATE TABLE evil (id int)",
    "ALTER TABLE users ADD COLUMN evil text",
    "DROP TABLE ratings",
    "TRUNCATE users CASCADE",
    "CREATE INDEX evil ON users (name)",
    "CREATE FUNCTION evil() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER evil AFTER INSERT ON users EXECUTE FUNCTION pg_notify()",
    "CREATE SCHEMA evil",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
    "COPY users TO PROGRAM 'cat'",
)


@dataclass(frozen=True)
class Roles:
    """The URLs of a database's owner and of the role of its servers, and the name of the latter."""

    owner: str
    web: str
    name: str


@pytest.fixture(scope="module")
def roles(postgres_url: str) -> Iterator[Roles]:
    """A migrated database whose owner is no superuser."""
    owner, web = (f"marquee_{kind}_{uuid.uuid4().hex[:12]}" for kind in ("owner", "web"))
    for role in (owner, web):
        servers.run_on_server(postgres_url, f"CREATE ROLE {role} LOGIN PASSWORD 'for-tests-only'")
    try:
        with servers.postgresql(postgres_url) as url:
            named = sa.make_url(url)
            servers.run_on_server(postgres_url, f"ALTER DATABASE {named.database} OWNER TO {owner}")
            urls = [
                named.set(username=role, password="for-tests-only").render_as_string(hide_password=False)
                for role in (owner, web)
            ]
            database.migrate(urls[0])
            yield Roles(*urls, web)
    finally:
        for role in (owner, web):
            servers.run_on_server(postgres_url, f"DROP ROLE {role}")


@postgresql
def test_without_privileges_the_error_names_the_command(roles: Roles) -> None:
    with pytest.raises(StoreUnavailable, match=r"denies permission.*marquee database migrate --grant"):
        database.open(roles.web).accounts.find("Ann")


@postgresql
def test_the_role_of_servers_cannot_change_tables(roles: Roles) -> None:
    database.grant_rows(roles.owner, roles.name)
    for statement in FORBIDDEN:
        with servers.raw(roles.web) as connection, pytest.raises(ProgrammingError):
            connection.exec_driver_sql(statement)


@postgresql
def test_the_site_works_with_the_role_of_servers(roles: Roles, tmp_path: Path) -> None:
    database.grant_rows(roles.owner, roles.name)
    stores = database.open(roles.web)
    ann = servers.sign_up(stores)
    stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + servers.MINUTE, label="")
    stores.diaries.rate(ann.id, {MovieId(949): 4.5}, at=NOW)
    stores.diaries.review(ann.id, MovieId(949), "Coffee!", at=NOW)
    stores.events.add([Event(EventKind.CLICK, NOW, ann.id, MovieId(949))])
    servers.say_what_runs_by_the_clock(stores, ann)
    stores.events.purge(before=NOW)
    stores.accounts.delete(ann.id)
    database.close(stores)
    with signed_in.site(tmp_path, stores=database.open(roles.web)) as site:
        _, ada = site.member()
        assert ada.put("/me/ratings/101", {"stars": 4.5}).status_code == 200
        assert servers.rows(roles.owner, "ratings") == 1
        assert ada.get("/me/ratings").json["total"] == 1
        assert ada.send("DELETE", "/me", json={"password": signed_in.PASSWORD}).status_code == 204
    assert (servers.rows(roles.owner, "users"), servers.rows(roles.owner, "changes")) == (0, 0)


@postgresql
def test_granting_again_covers_tables_of_an_upgrade_and_nothing_else(roles: Roles) -> None:
    database.grant_rows(roles.owner, roles.name)
    with servers.raw(roles.owner) as connection, connection.begin():
        connection.exec_driver_sql(f"GRANT ALL ON users, alembic_version TO {roles.name}")
    database.migrate(roles.owner, "0003")
    database.migrate(roles.owner)
    database.grant_rows(roles.owner, roles.name)
    with servers.raw(roles.web) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM job_times").scalar() == 0
        with pytest.raises(ProgrammingError):
            connection.exec_driver_sql("TRUNCATE users CASCADE")


@postgresql
def test_an_unknown_role_is_refused(roles: Roles) -> None:
    with pytest.raises(NotFound, match=r"no role 'nobody'.*createuser"):
        database.grant_rows(roles.owner, "nobody")


def test_an_sqlite_file_has_no_roles(tmp_path: Path) -> None:
    with databases.sqlite(tmp_path) as url, pytest.raises(InvalidRequest, match="SQLite"):
        database.grant_rows(url, "marquee_web")
